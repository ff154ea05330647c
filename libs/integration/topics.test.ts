import assert from 'node:assert/strict'
import { test } from 'node:test'
import avsc from 'avsc'
import type { AvroRecord } from '#libs/contracts/compatibility.ts'
import { incompatibilities } from '#libs/contracts/compatibility.ts'
import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import { channelAbsent, channel as contract } from '#libs/contracts/generated/channel.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { PublicEvent } from './public-topic.ts'
import { publicSchemas } from './schemas.ts'
import { publicTopics } from './topics.ts'

const source = { key: '1000', at: 1_767_225_600_000, commandId: '0197d2c5-7a40-7c3e-9d7b-3f0a5c1e8b21' }

/** What the entry of an event's type makes of it, with the topic; undefined where it stays. */
const published = (event: Opened<ChannelEvent>): (PublicEvent & { readonly topic: string }) | undefined => {
  for (const { topic, mapping } of publicTopics) {
    const entry = mapping[event.type] as
      | ((event: Opened<ChannelEvent>, from: typeof source) => PublicEvent | undefined)
      | undefined
    const made = entry?.(event, source)
    if (made) return { topic, ...made }
  }
  return undefined
}

const channelId = source.key
const { at } = source

const cases: readonly {
  readonly name: string
  readonly event: Opened<ChannelEvent>
  readonly topic: string
  /** As it is called in public, where that differs. */
  readonly type?: string
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
    name: "a message that was held, once a moderator lets it pass: by the id of its author's command",
    event: {
      type: 'HeldMessageApproved',
      ...channelAbsent.HeldMessageApproved,
      seq: 3,
      messageId: 'held',
      heldEvent: 'held/0',
      author: '7',
      authorName: 'Ada',
      text: 'hello',
    },
    topic: 'whiply.public.chat.v1',
    type: 'MessagePosted',
    data: { channelId, seq: 3, at, messageId: 'held', authorId: '7', authorName: 'Ada', text: 'hello' },
  },
  {
    name: 'the deletion of all that somebody wrote',
    event: { type: 'MessagesDeleted', ...channelAbsent.MessagesDeleted, seq: 8, author: '7' },
    topic: 'whiply.public.chat.v1',
    data: { channelId, seq: 8, at, authorId: '7', messageSeqs: null },
  },
  {
    name: 'the deletion of all that there is',
    event: { type: 'MessagesDeleted', ...channelAbsent.MessagesDeleted, seq: 8 },
    topic: 'whiply.public.chat.v1',
    data: { channelId, seq: 8, at, authorId: null, messageSeqs: null },
  },
  {
    name: 'the deletion of what a search has found',
    event: { type: 'MessagesDeleted', ...channelAbsent.MessagesDeleted, seq: 8, messageSeqs: [2, 3] },
    topic: 'whiply.public.chat.v1',
    data: { channelId, seq: 8, at, authorId: null, messageSeqs: [2, 3] },
  },
  {
    name: 'messages that are there again',
    event: { type: 'MessagesRestored', seq: 9, messageSeqs: [2, 3] },
    topic: 'whiply.public.chat.v1',
    data: { channelId, seq: 9, at, messageSeqs: [2, 3] },
  },
  {
    name: 'a ban for a time',
    event: { type: 'MemberBanned', seq: 10, member: '7', until: at + 1, origin: '600' },
    topic: 'whiply.public.chat.v1',
    data: { channelId, seq: 10, at, memberId: '7', until: at + 1 },
  },
  {
    name: 'a ban without end',
    event: { type: 'MemberBanned', seq: 10, member: '7', until: null, origin: null },
    topic: 'whiply.public.chat.v1',
    data: { channelId, seq: 10, at, memberId: '7', until: null },
  },
  {
    name: 'the end of a ban',
    event: { type: 'BanEnded', seq: 11, member: '7', cause: 'expired' },
    topic: 'whiply.public.chat.v1',
    data: { channelId, seq: 11, at, memberId: '7', cause: 'expired' },
  },
  {
    name: 'a mode, without who changed it',
    event: { type: 'ModeChanged', seq: 12, actor: '7', mode: 'followers_only', value: 600, since: at },
    topic: 'whiply.public.channel.v1',
    data: { channelId, seq: 12, at, mode: 'followers_only', value: 600 },
  },
  {
    name: 'a closed channel, without who closed it',
    event: { type: 'ChannelClosed', seq: 13, actor: '7' },
    topic: 'whiply.public.channel.v1',
    data: { channelId, seq: 13, at },
  },
  {
    name: 'a channel that is open again, without who opened it',
    event: { type: 'ChannelReopened', seq: 14, actor: '7' },
    topic: 'whiply.public.channel.v1',
    data: { channelId, seq: 14, at },
  },
  {
    name: 'a deletion',
    event: {
      type: 'MessageDeleted',
      ...channelAbsent.MessageDeleted,
      seq: 3,
      messageId: 'm',
      messageSeq: 2,
      author: '7',
    },
    topic: 'whiply.public.chat.v1',
    data: { channelId, seq: 3, at, messageId: 'm', messageSeq: 2, authorId: '7' },
  },
  {
    name: 'an edit, with what the message says now',
    event: {
      type: 'MessageEdited',
      ...channelAbsent.MessageEdited,
      seq: 3,
      messageId: 'm',
      messageSeq: 2,
      author: '7',
      text: 'hello!',
    },
    topic: 'whiply.public.chat.v1',
    data: { channelId, seq: 3, at, messageId: 'm', messageSeq: 2, authorId: '7', text: 'hello!' },
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
    name: 'another broadcaster',
    event: { type: 'ChannelTransferred', seq: 7, channelId, previousOwnerId: '7', ownerId: '8' },
    topic: 'whiply.public.channel.v1',
    data: { channelId, seq: 7, at, previousOwnerId: '7', ownerId: '8' },
  },
  {
    name: 'another slug, without its keys',
    event: { type: 'ChannelRenamed', seq: 7, slug: 'lounge', slugKey: 'b', previousKey: 'a' },
    topic: 'whiply.public.channel.v1',
    data: { channelId, seq: 7, at, slug: 'lounge' },
  },
  {
    name: 'a role',
    event: { type: 'RoleAssigned', seq: 7, member: '7', role: 'vip' },
    topic: 'whiply.public.channel.v1',
    data: { channelId, seq: 7, at, memberId: '7', role: 'vip' },
  },
]

for (const { name, event, topic, type = event.type, data } of cases)
  test(`published: ${name}`, () => {
    assert.deepEqual(published(event), { topic, type, data })
  })

/** The events that are nobody's but the platform's, the moderators' or one member's. */
const staying: readonly ChannelEvent['type'][] = [
  'AddressBanLifted',
  'AddressesBanned',
  'AltsLinked',
  'AltsUnlinked',
  'AppealAnswered',
  'AppealOpened',
  'BanApproved',
  'BanListChanged',
  'BanListPublished',
  'BanListReceived',
  'BanListReviewed',
  'BanListSubscribed',
  'BanListSubscriberAdded',
  'BanListSubscriberRemoved',
  'BanListUnsubscribed',
  'BanProposalEnded',
  'BanProposed',
  'ChannelGroupAdopted',
  'ChannelGroupLeft',
  'ChannelGroupSet',
  'EvidenceKept',
  'GroupActed',
  'HistoryTrimmed',
  'QuorumSet',
  'ReportClaimed',
  'ReportClosed',
  'ReportOpened',
  'ShieldPresetSet',
  'TermBlocked',
  'TermDecided',
  'HeldMessageDenied',
  'LadderChanged',
  'MarkEnded',
  'MemberEscalated',
  'MemberFollowed',
  'MemberMarked',
  'MemberUnfollowed',
  'MessageHeld',
  'ModerationLogged',
  'NukeDone',
  'NukeUndone',
  'ChannelOffered',
  'OfferWithdrawn',
  'VoteCast',
  'PolicySet',
  'RetentionChanged',
  'RulesAccepted',
]

/** What everybody in a channel sees, and no topic has yet. */
const notYet: readonly ChannelEvent['type'][] = [
  'EmoteAdded',
  'EmoteChanged',
  'EmoteRemoved',
  'PinChanged',
  'PollEnded',
  'PollStarted',
  'SubscriptionEnded',
  'SubscriptionGranted',
  'TextChanged',
]

test('of every type of event it is said whether it leaves', () => {
  const mapped = publicTopics.flatMap(({ mapping }) => Object.keys(mapping))
  assert.deepEqual([...mapped, ...staying, ...notYet].sort(), Object.keys(contract.events).sort())
  assert.deepEqual([...new Set(cases.map(({ event }) => event.type))].sort(), mapped.toSorted())
})

test('what only its author and the moderators see never leaves, its deletion neither', () => {
  const unseen = { seq: 2, author: '7', seenBy: 'author' } as const
  const message = { ...channelAbsent.MessagePosted, ...unseen, authorName: 'Ada', text: 'secret' }
  assert.equal(published({ type: 'MessagePosted', ...message }), undefined)
  const edit = { type: 'MessageEdited', ...channelAbsent.MessageEdited, messageId: 'm', messageSeq: 1 } as const
  assert.equal(published({ ...edit, ...unseen, text: 'secret' }), undefined)
  assert.equal(published({ type: 'MessageDeleted', ...unseen, messageId: 'm', messageSeq: 1 }), undefined)
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
