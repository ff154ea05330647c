import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { codecs, createCodecs, MalformedContract, UnknownContract } from './codecs.ts'
import type { ChannelEvent, MessagePosted, ModerationLogged } from './generated/channel.ts'
import type { Clear, Open, Seal } from './sealed.ts'

const seal: Seal = (subject, eventId, field, text) => Buffer.from(`${subject}|${eventId}|${field}|${text}`) as never
const open: Open = (subject, eventId, field, sealed) => {
  const prefix = `${subject}|${eventId}|${field}|`
  const text = sealed.toString()
  return text.startsWith(prefix) ? text.slice(prefix.length) : undefined
}

const posted = (text: string): Clear<MessagePosted> => ({
  type: 'MessagePosted',
  ...channelAbsent.MessagePosted,
  seq: 7,
  author: '1000',
  authorName: 'Ada',
  text,
})

const logged: Clear<ModerationLogged> = {
  type: 'ModerationLogged',
  ...channelAbsent.ModerationLogged,
  moderationSeq: 1,
  actor: '1000',
  action: 'lift_timeout',
  member: '1001',
  messageId: null,
  reason: null,
  durationMs: null,
  role: null,
}

test('an event is sealed, encoded, decoded and opened again, as a plain object', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const encoded = codecs.channel.encodeEvent(codecs.channel.sealEvent(posted(text), 'c/0', seal))
      assert.equal(encoded.type, 'MessagePosted')
      const event = codecs.channel.decodeEvent(encoded)
      assert.equal(Object.getPrototypeOf(event), Object.prototype)
      assert.deepEqual(codecs.channel.openEvent(event, 'c/0', open), posted(text))
    }),
  )
})

test('a field that cannot be opened is undefined; one that was left out stays null', () => {
  const event = codecs.channel.sealEvent(posted('hi'), 'c/0', seal)
  assert.deepEqual(
    codecs.channel.openEvent(event, 'c/0', () => undefined),
    { ...posted('hi'), authorName: undefined, text: undefined },
  )
  const sealedLog = codecs.channel.sealEvent(logged, 'c/0', seal)
  assert.deepEqual(
    codecs.channel.openEvent(sealedLog, 'c/0', () => undefined),
    logged,
  )
})

test('fields that are left out are left out after a round trip', () => {
  const sealedLog = codecs.channel.sealEvent({ ...logged, reason: 'spam' }, 'c/1', seal)
  const read = codecs.channel.decodeEvent(codecs.channel.encodeEvent(sealedLog))
  assert.deepEqual(codecs.channel.openEvent(read, 'c/1', open), { ...logged, reason: 'spam' })
})

test('the subjects of an event are those whose keys it needs', () => {
  const { subjectsOf } = codecs.channel
  assert.deepEqual(subjectsOf(posted('hi')), ['1000'])
  assert.deepEqual(subjectsOf(logged), [])
  assert.deepEqual(subjectsOf({ ...logged, reason: 'spam' }), ['1000'])
  assert.deepEqual(codecs.account.subjectsOf({ type: 'PasswordChanged' }), [])
})

test('a command keeps what the client asked for', () => {
  const command = { type: 'ChangeSettings', topic: 'chess', slowModeSeconds: null, reason: null } as const
  assert.deepEqual(codecs.channel.decodeCommand(codecs.channel.encodeCommand(command)), command)
  const erase = { type: 'EraseAccount' } as const
  assert.deepEqual(codecs.account.decodeCommand(codecs.account.encodeCommand(erase)), erase)
})

test('a type or version that this release has no schema of is refused', () => {
  const bytes = Buffer.alloc(0)
  assert.throws(() => codecs.channel.decodeEvent({ type: 'MessagePosted', version: 99, bytes }), UnknownContract)
  assert.throws(() => codecs.channel.decodeEvent({ type: 'Nothing', version: 1, bytes }), UnknownContract)
  assert.throws(() => codecs.channel.decodeCommand({ type: 'MessagePosted', version: 1, bytes }), UnknownContract)
  assert.throws(() => codecs.channel.encodeEvent({ type: 'Nothing' } as unknown as ChannelEvent), UnknownContract)
})

test('bytes that are too short or too long, and values of another type, are malformed', () => {
  const { bytes } = codecs.channel.encodeCommand({ type: 'PostMessage', ...channelAbsent.PostMessage, text: 'hello' })
  for (const broken of [bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.of(0)])])
    assert.throws(
      () => codecs.channel.decodeCommand({ type: 'PostMessage', version: 1, bytes: broken }),
      MalformedContract,
    )
  assert.throws(() => codecs.channel.encodeCommand({ type: 'PostMessage', text: 5 } as never), MalformedContract)
})

test('a version that was written long ago is read in the newest shape, and the newest is written', () => {
  type Noted = { readonly type: 'Noted'; readonly text: string; readonly colour: string | null }
  const record = (...fields: unknown[]) => ({ type: 'record', name: 'Noted', namespace: 'whiply.test', fields })
  const text = { name: 'text', type: 'string' }
  const once = { name: 'once', type: ['null', 'long'], default: null }
  const colour = { name: 'colour', type: ['null', 'string'], default: null }
  const schemas: Record<string, unknown> = { v1: record(once, text), v2: record(text), v3: record(text, colour) }
  const plain = (noted: Noted): Noted => ({ type: 'Noted', text: noted.text, colour: noted.colour })
  const commands = (...paths: string[]) =>
    createCodecs<never, Noted>({ events: {}, commands: { Noted: { schemas: paths, plain } } }, (path) => schemas[path])
  const noted: Noted = { type: 'Noted', text: 'a', colour: null }
  for (const [index, codec] of [commands('v1'), commands('v1', 'v2')].entries()) {
    const written = codec.encodeCommand(noted)
    assert.equal(written.version, index + 1)
    assert.deepEqual(commands('v1', 'v2', 'v3').decodeCommand(written), noted)
  }
  assert.equal(commands('v1', 'v2', 'v3').encodeCommand(noted).version, 3)
})

test('a schema is read once, when its type first comes by', () => {
  const text = { name: 'text', type: 'string' }
  const schemas: Record<string, unknown> = { one: { type: 'record', name: 'One', fields: [text] } }
  const read: string[] = []
  const plain = (value: { readonly type: string; readonly text: string }) => ({ ...value, type: 'One' })
  const commands = { One: { schemas: ['one'], plain }, Other: { schemas: ['other'], plain } }
  const codec = createCodecs<never, { type: string; text: string }>({ events: {}, commands }, (path) => {
    read.push(path)
    return schemas[path]
  })
  assert.deepEqual(read, [])
  for (let time = 0; time < 2; time++) codec.decodeCommand(codec.encodeCommand({ type: 'One', text: 'a' }))
  assert.deepEqual(read, ['one'])
})
