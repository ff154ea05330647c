import assert from 'node:assert/strict'
import { test } from 'node:test'
import avsc from 'avsc'
import type { AvroRecord } from '#libs/contracts/compatibility.ts'
import { incompatibilities } from '#libs/contracts/compatibility.ts'
import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { PublicEvent } from './public-topic.ts'
import { publicSchemas } from './schemas.ts'
import { publicTopics } from './topics.ts'

const source = { key: '1000', at: 1_767_225_600_000, commandId: '0197d2c5-7a40-7c3e-9d7b-3f0a5c1e8b21' }

/** What the entry of an event's type makes of it, with the topic; undefined where no topic has one. */
const published = (event: Opened<ChannelEvent>): (PublicEvent & { readonly topic: string }) | undefined => {
  for (const { topic, mapping } of publicTopics) {
    const entry = mapping[event.type] as ((event: Opened<ChannelEvent>, from: typeof source) => PublicEvent) | undefined
    if (entry) return { topic, ...entry(event, source) }
  }
  return undefined
}

const channelId = source.key
const { at } = source

const cases: readonly {
  readonly name: string
  readonly event: Opened<ChannelEvent>
  readonly topic: string
  readonly data: Readonly<Record<string, unknown>>
}[] = [
  {
    name: 'a message, with its text in clear',
    event: {
      type: 'MessagePosted',
      ...channelAbsent.MessagePosted,
      seq: 2,
      author: '7',
      authorName: 'Ada',
      text: 'hello',
    },
    topic: 'whiply.public.chat.v1',
    data: { channelId, seq: 2, at, messageId: source.commandId, authorId: '7', authorName: 'Ada', text: 'hello' },
  },
  {
    name: 'a message of somebody erased: it is there, and says nothing',
    event: {
      type: 'MessagePosted',
      ...channelAbsent.MessagePosted,
      seq: 2,
      author: '7',
      authorName: undefined,
      text: undefined,
    },
    topic: 'whiply.public.chat.v1',
    data: { channelId, seq: 2, at, messageId: source.commandId, authorId: '7', authorName: null, text: null },
  },
  {
    name: 'a deletion',
    event: { type: 'MessageDeleted', ...channelAbsent.MessageDeleted, seq: 3, messageId: 'm', messageSeq: 2, author: '7' },
    topic: 'whiply.public.chat.v1',
    data: { channelId, seq: 3, at, messageId: 'm', messageSeq: 2, authorId: '7' },
  },
  {
    name: 'a timeout',
    event: { type: 'MemberTimedOut', seq: 4, member: '7', until: at + 1 },
    topic: 'whiply.public.chat.v1',
    data: { channelId, seq: 4, at, memberId: '7', until: at + 1 },
  },
  {
    name: 'the end of a timeout',
    event: { type: 'TimeoutEnded', seq: 5, member: '7', cause: 'lifted' },
    topic: 'whiply.public.chat.v1',
    data: { channelId, seq: 5, at, memberId: '7', cause: 'lifted' },
  },
  {
    name: 'a new channel',
    event: { type: 'ChannelCreated', channelId, ownerId: '7', slug: 'chess', seq: 1 },
    topic: 'whiply.public.channel.v1',
    data: { channelId, seq: 1, at, ownerId: '7', slug: 'chess' },
  },
  {
    name: 'settings, without who changed them',
    event: { type: 'SettingsChanged', seq: 6, actor: '7', topic: 'endgames', slowModeSeconds: null },
    topic: 'whiply.public.channel.v1',
    data: { channelId, seq: 6, at, changed: ['topic'], topic: 'endgames', slowModeSeconds: null },
  },
  {
    name: 'a topic of somebody erased: that it was changed, and no more',
    event: { type: 'SettingsChanged', seq: 6, actor: '7', topic: undefined, slowModeSeconds: 30 },
    topic: 'whiply.public.channel.v1',
    data: { channelId, seq: 6, at, changed: ['topic', 'slowModeSeconds'], topic: null, slowModeSeconds: 30 },
  },
  {
    name: 'a role',
    event: { type: 'RoleAssigned', seq: 7, member: '7', role: 'vip' },
    topic: 'whiply.public.channel.v1',
    data: { channelId, seq: 7, at, memberId: '7', role: 'vip' },
  },
]

for (const { name, event, topic, data } of cases)
  test(`published: ${name}`, () => {
    assert.deepEqual(published(event), { topic, type: event.type, data })
  })

test('the moderators lane never leaves', () => {
  const logged = {
    type: 'ModerationLogged',
    ...channelAbsent.ModerationLogged,
    moderationSeq: 1,
    actor: '7',
    action: 'lift_timeout',
  } as const
  const nothing = { member: null, messageId: null, reason: 'secret', durationMs: null, role: null }
  assert.equal(published({ ...logged, ...nothing }), undefined)
})

const typeOf = (schema: unknown): avsc.Type => avsc.Type.forSchema(schema as avsc.Schema)

test('every schema takes what a mapping makes, all of it and nothing else', () => {
  const used = new Set<string>()
  for (const { event } of cases) {
    const made = published(event)
    const schema = publicSchemas().find(({ topic, type }) => topic === made?.topic && type === made.type)
    const newest = schema?.versions.at(-1)
    assert.ok(schema && newest && made, `${event.type} has no schema`)
    used.add(schema.subject)
    const fields = newest.fields.map(({ name }) => name)
    assert.deepEqual(Object.keys(made.data).sort(), fields.toSorted())
    const type = typeOf(newest)
    assert.deepEqual({ ...(type.fromBuffer(type.toBuffer(made.data)) as object) }, made.data)
  }
  assert.deepEqual(
    publicSchemas().map(({ subject }) => subject),
    [...used].sort(),
  )
})

test('every schema is named as its topic and file, and its topic is one of ours', () => {
  const topics = new Set<string>(publicTopics.map(({ topic }) => topic))
  for (const { topic, type, subject, versions } of publicSchemas()) {
    assert.ok(topics.has(topic), topic)
    for (const { name, namespace } of versions) assert.deepEqual([namespace, name], [topic, type])
    assert.equal(subject, `${topic}.${type}`)
  }
})

test('every record and field says what it means, since when, and gives an example that its type takes', () => {
  for (const { subject, versions } of publicSchemas())
    for (const { doc, since, fields } of versions) {
      assert.match(doc, /\.$/, subject)
      assert.match(since, /^\d+\.\d+\.\d+$/, subject)
      for (const field of fields) {
        const place = `${subject} ${field.name}`
        assert.match(field.doc, /\.$/, place)
        assert.match(field.since, /^\d+\.\d+\.\d+$/, place)
        assert.ok(typeOf(field.type).isValid(field.example), `${place}: ${JSON.stringify(field.example)}`)
      }
    }
})

test('every version reads what every other wrote (FULL_TRANSITIVE)', () => {
  for (const { subject, versions } of publicSchemas())
    for (const [index, older] of versions.entries())
      for (const newer of versions.slice(index + 1))
        assert.deepEqual(incompatibilities(older as AvroRecord, newer as AvroRecord), [], subject)
})
