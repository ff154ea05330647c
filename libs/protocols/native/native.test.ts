import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { actExamples, actSchema } from './acts.ts'
import { clientFrameSchemas, parseClientFrame } from './client-frames.ts'
import { clientExamples, moreExamples, serverExamples } from './examples.ts'
import { eventBodySchema, serverFrameSchema, serverFrameSchemas } from './server-frames.ts'
import { textFrame } from './wire.ts'

/** Reads a frame back by the letter of RFC 6455, section 5.2. */
const readFrame = (frame: Buffer): { readonly first: number; readonly text: string } => {
  const short = frame.readUInt8(1)
  const [start, length] =
    short < 126 ? [2, short] : short === 126 ? [4, frame.readUInt16BE(2)] : [10, Number(frame.readBigUInt64BE(2))]
  assert.equal(frame.length, start + length)
  return { first: frame.readUInt8(0), text: frame.toString('utf8', start) }
}

test('a text frame is read back as it was written, at every width of the length', () => {
  for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
    assert.deepEqual(readFrame(textFrame('x'.repeat(length))), { first: 0x81, text: 'x'.repeat(length) })
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      assert.equal(readFrame(textFrame(text)).text, text)
    }),
  )
})

for (const [type, example] of Object.entries(clientExamples))
  test(`the example of ${type} is a frame that the edge takes, and no other member is`, () => {
    assert.deepEqual(parseClientFrame(JSON.stringify(example)), { ok: true, frame: example })
    assert.equal(parseClientFrame(JSON.stringify({ ...example, surplus: 1 })).ok, false)
  })

for (const [type, example] of Object.entries(serverExamples))
  test(`the example of ${type} is a frame of the edge`, () => {
    assert.deepEqual(serverFrameSchema.parse(example), example)
  })

test('there is an example of every act and of every kind of event, and each is what it says', () => {
  assert.deepEqual(
    Object.keys(actExamples),
    actSchema.options.map((option) => option.shape.kind.value),
  )
  const kinds = new Set(moreExamples.event?.map((frame) => frame.type === 'event' && frame.event.kind))
  for (const option of eventBodySchema.options) {
    const { value } = option.shape.kind
    assert.ok(olderKinds.has(value) || kinds.has(value), value)
  }
  for (const frame of moreExamples.act ?? [])
    assert.deepEqual(parseClientFrame(JSON.stringify(frame)), { ok: true, frame })
  for (const frame of moreExamples.event ?? []) assert.deepEqual(serverFrameSchema.parse(frame), frame)
})

test('there is an example of every frame', () => {
  assert.deepEqual(Object.keys(clientExamples), Object.keys(clientFrameSchemas))
  assert.deepEqual(Object.keys(serverExamples), Object.keys(serverFrameSchemas))
})

test('what carries a body is read in one way only, as over HTTP', () => {
  const frame = (body: string) =>
    `{"type":"query","id":"${clientExamples.query.id}","query":"tryPolicy","body":${body}}`
  const deep = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`
  for (const [body, message] of [
    [deep(20_000), 'nested deeper than 32'],
    ['{"a":1,"a":2}', 'an object has a member name twice'],
    ['{"a":"\\ud800"}', 'a string holds a lone surrogate'],
  ] as const)
    assert.deepEqual(parseClientFrame(frame(body)), { ok: false, message, id: clientExamples.query.id })
  assert.equal(parseClientFrame(frame(deep(20))).ok, true)
})

test('whatever comes in is parsed or refused, never thrown at', () => {
  fc.assert(fc.property(fc.string(), (text) => assert.equal(parseClientFrame(text).ok, false)))
  fc.assert(fc.property(fc.json(), (text) => assert.equal(typeof parseClientFrame(text).ok, 'boolean')))
  assert.deepEqual(parseClientFrame('{'), { ok: false, message: 'not JSON' })
})

/** Kinds whose form the frames of other tests show. */
const olderKinds = new Set(['message'])

test('a refused post is named by its id, so that its sender can tell', () => {
  const refused = parseClientFrame(JSON.stringify({ ...clientExamples.post, text: 7 }))
  const message = 'text: Invalid input: expected string, received number'
  assert.deepEqual(refused, { ok: false, message, id: clientExamples.post.id })
})

test('a refused frame is told what of it is wrong', () => {
  const messageOf = (frame: unknown) => {
    const parsed = parseClientFrame(JSON.stringify(frame))
    return parsed.ok ? undefined : parsed.message
  }
  assert.equal(messageOf({ type: 'shout' }), 'type: is none of those that there are')
  assert.equal(messageOf({ ...clientExamples.post, loud: true }), 'loud: is not known here')
  assert.equal(messageOf({ type: 'ping', ['x'.repeat(99)]: 1 }), `${'x'.repeat(64)}: is not known here`)
  assert.equal(
    messageOf({ type: 'act', id: clientExamples.post.id, channel: '1', act: { kind: 'sing' } }),
    'act.kind: is none of those that there are',
  )
  assert.equal(messageOf(7), 'frame: Invalid input: expected object, received number')
})

test('no act takes a number that is too large for the records of the journal', () => {
  const enlarged = (value: unknown): unknown => {
    if (typeof value === 'number') return Number.MAX_SAFE_INTEGER
    if (Array.isArray(value)) return value.map(enlarged)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, enlarged(inner)]))
  }
  const numbered = Object.values(actExamples).filter(
    (example) => JSON.stringify(enlarged(example)) !== JSON.stringify(example),
  )
  assert.ok(numbered.length > 3)
  for (const example of numbered) assert.equal(actSchema.safeParse(enlarged(example)).success, false)
})
