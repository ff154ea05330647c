import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ReceivedCommand } from './command.ts'
import { commandsOfVersion1, entriesOfVersion1 } from './envelope.fixtures.ts'
import {
  decodeCommandRecord,
  decodeEntry,
  EnvelopeVersionUnknown,
  encodeCommandRecord,
  encodeEntry,
  outcomeRecord,
  type WrittenEntry,
} from './envelope.ts'
import { post } from './family.fixtures.ts'
import type { NewRecord, StoredRecord } from './log.ts'

const stored = (record: NewRecord, offset = 0): StoredRecord => ({ offset, timestamp: 0, headers: {}, ...record })
const valueOnly = (value: Buffer): StoredRecord => stored({ key: null, value })

const bytesOfVersion1 = JSON.parse(
  readFileSync(new URL('./fixtures/envelope.v1.json', import.meta.url), 'utf8'),
) as Readonly<Record<'entries' | 'commands', Readonly<Record<string, string>>>>

const plain = <Shape>(shape: { [Key in keyof Shape]: fc.Arbitrary<Shape[Key]> }) =>
  fc.record(shape, { noNullPrototype: true })

const count = fc.nat(Number.MAX_SAFE_INTEGER - 1)
const detail = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean()), {
  maxKeys: 4,
  noNullPrototype: true,
})
const optional = <Value, Name extends string>(name: Name, value: fc.Arbitrary<Value>) =>
  fc.oneof(
    fc.constant({}),
    value.map((present) => ({ [name]: present })),
  )
const manager = plain({ name: fc.string(), partition: fc.nat(100), n: count })
const bytes = fc.uint8Array({ maxLength: 64 }).map((array) => Buffer.from(array))

const outcome = fc.oneof(
  plain({
    kind: fc.constant('accepted' as const),
    events: fc.array(plain({ type: fc.string(), version: fc.nat(9), bytes }), { maxLength: 3 }),
    summary: detail,
  }),
  plain({ kind: fc.constant('rejected' as const), code: fc.string(), detail }),
  plain({
    kind: fc.constant('repeated' as const),
    firstN: count,
    summary: plain({ kind: fc.constant('rejected' as const), code: fc.string(), detail }),
  }),
)

const entry = fc.oneof(
  fc
    .tuple(
      plain({
        kind: fc.constant('claim' as const),
        nonce: fc.string(),
        owner: fc.string(),
        stateVersion: fc.nat(9),
        logId: fc.uuid(),
        partitions: fc.nat(64),
      }),
      optional('agedOut', plain({ from: count, to: count })),
    )
    .map(([required, rest]): WrittenEntry => ({ ...required, ...rest })),
  plain({
    kind: fc.constant('attempt' as const),
    claim: count,
    n: count,
    commandOffset: count,
    commandId: fc.uuid(),
    attempt: fc.constantFrom(1, 2),
  }),
  fc
    .tuple(
      plain({
        kind: fc.constant('outcome' as const),
        claim: count,
        n: count,
        at: count,
        key: fc.string(),
        commandOffset: count,
        commandId: fc.uuid(),
        commandType: fc.string(),
        principal: fc.string(),
        origin: fc.string(),
        stateVersion: fc.nat(9),
        fingerprint: fc.string(),
        outcome,
      }),
      optional('manager', manager),
      optional('traceparent', fc.string()),
      optional('correlation', fc.string()),
      optional('impersonator', fc.string()),
    )
    .map(([required, ...rest]): WrittenEntry => Object.assign({}, required, ...rest)),
)

const command = fc
  .tuple(
    plain({
      key: fc.string(),
      offset: count,
      id: fc.uuid(),
      principal: fc.string(),
      type: fc.string(),
      version: fc.nat(9),
      payload: bytes,
      facts: fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
      origin: fc.string(),
    }),
    optional('expiresAt', count),
    optional('manager', manager),
    optional('expectedVersion', count),
    optional('traceparent', fc.string()),
  )
  .map(([required, ...rest]): ReceivedCommand => Object.assign({}, required, ...rest))

test('journal entries come back as they went', () => {
  fc.assert(fc.property(entry, (each) => assert.deepEqual(decodeEntry(stored(encodeEntry(each))), each)))
})

test('commands come back as they went, or do not go at all', () => {
  fc.assert(
    fc.property(command, (each) => {
      if (Object.hasOwn(each.facts, '__proto__'))
        assert.throws(() => encodeCommandRecord(each), { code: 'command.malformed' })
      else assert.deepEqual(decodeCommandRecord(stored(encodeCommandRecord(each), each.offset)), each)
    }),
    { examples: [[{ ...post('hi'), facts: JSON.parse('{"__proto__":"lost"}') }]] },
  )
})

test('bytes of version 1 are read as what they were', () => {
  for (const [name, value] of Object.entries(entriesOfVersion1)) {
    const bytes = Buffer.from(bytesOfVersion1.entries[name] ?? '', 'base64')
    const { key, headers } = encodeEntry(value)
    assert.deepEqual(decodeEntry({ ...valueOnly(bytes), key, headers: headers ?? {} }), value, name)
  }
  for (const [name, value] of Object.entries(commandsOfVersion1)) {
    const bytes = Buffer.from(bytesOfVersion1.commands[name] ?? '', 'base64')
    const { key, headers } = encodeCommandRecord(value)
    const record = { ...valueOnly(bytes), key, headers: headers ?? {}, offset: value.offset }
    assert.deepEqual(decodeCommandRecord(record), value, name)
  }
})

test('any bytes are an entry, or unreadable, or of a later release', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (array, framed) => {
      const value = Buffer.from(framed ? [1, (array[0] ?? 0) % 6, ...array] : array)
      const version = value[0] ?? 0
      if (version > 1 && version < 16) assert.throws(() => decodeEntry(valueOnly(value)), EnvelopeVersionUnknown)
      else assert.ok(decodeEntry(valueOnly(value)))
    }),
    { numRuns: 500 },
  )
})

test('what is cut short or goes on is unreadable', () => {
  const whole = encodeEntry(entriesOfVersion1.accepted as WrittenEntry).value
  assert.deepEqual(decodeEntry(valueOnly(whole.subarray(0, -1))), { kind: 'unreadable' })
  assert.deepEqual(decodeEntry(valueOnly(Buffer.concat([whole, Buffer.alloc(1)]))), { kind: 'unreadable' })
  assert.equal(decodeCommandRecord(valueOnly(Buffer.from('{"text":"no avro"}'))), undefined)
})

test('a command of a later release is not taken for a malformed one', () => {
  assert.throws(() => decodeCommandRecord(valueOnly(Buffer.from([2, 0]))), { code: 'journal.version_unknown' })
})

test('a valid outcome is handed on with its place', () => {
  const accepted = entriesOfVersion1.accepted
  assert.ok(accepted?.kind === 'outcome')
  const record = outcomeRecord('channel', 3, 40, accepted)
  assert.deepEqual([record.family, record.partition, record.offset, record.n], ['channel', 3, 40, 4711])
  assert.equal('kind' in record, false)
})
