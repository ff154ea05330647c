import assert from 'node:assert/strict'
import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { journalTopic } from '#libs/journal/families.ts'
import type { Log, NewRecord, StoredRecord } from '#libs/journal/log.ts'
import { memoryLog } from '#libs/journal/memory/log.ts'
import { createMemoryObjects } from '#libs/journal/objects/memory.ts'
import { noRecords, recordBytes, withRecord } from './digest.ts'
import type { Place, Sealing } from './heads.ts'
import { type ChainOptions, keepHead } from './keep.ts'
import { verifyPlace } from './verify.ts'

const place: Place = { family: 'account', partition: 0 }
const topic = journalTopic('account')

const keySealing = (): Sealing => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return {
    sign: async (bytes) => sign(null, bytes, privateKey).toString('base64url'),
    verify: async (bytes, signature) => verify(null, bytes, publicKey, Buffer.from(signature, 'base64url')),
  }
}

const recordOf = (text: string): NewRecord => ({
  key: Buffer.from('7'),
  value: Buffer.from(text),
  headers: { traceparent: `trace ${text}` },
})

/** A journal of ten records, with a head behind the fourth and the eighth. */
const setUp = async () => {
  const log = memoryLog()
  await log.createTopic(topic, { partitions: 1, replication: 1, config: {} })
  const appender = await log.appender()
  const write = (...texts: readonly string[]) => appender.append(topic, 0, texts.map(recordOf))
  const options: ChainOptions = {
    log,
    logId: 'log-1',
    objects: createMemoryObjects(),
    sealing: keySealing(),
    now: () => 5,
  }
  await write('a', 'b', 'c', 'd')
  await keepHead(options, place)
  await write('e', 'f', 'g', 'h')
  await keepHead(options, place)
  await write('i', 'j')
  return { options, write }
}

/** The same log, whose records are others when they are read. */
const tampered = (log: Log, change: (records: readonly StoredRecord[]) => readonly StoredRecord[]): Log => ({
  ...log,
  tail: (topics, handlers) =>
    log.tail(topics, {
      ...handlers,
      onRecords: (name, partition, read) => handlers.onRecords(name, partition, change(read)),
    }),
})

const findingsOf = async (options: ChainOptions, change?: Parameters<typeof tampered>[1]) => {
  const log = change ? tampered(options.log, change) : options.log
  return (await verifyPlace({ ...options, log }, place, 50)).findings
}

test('what is as it was signed is found whole, and what no head covers is told', async () => {
  const { options } = await setUp()
  assert.deepEqual(await verifyPlace(options, place), { place, records: 10, covered: 8, heads: 2, at: 5, findings: [] })
})

test('a head goes on from the one before, and there is none where nothing was appended', async () => {
  const { options, write } = await setUp()
  assert.equal((await keepHead(options, place))?.offset, 9)
  assert.equal(await keepHead(options, place), undefined)
  await write('k')
  assert.deepEqual((await keepHead(options, place))?.sequence, 4)
  assert.deepEqual(await findingsOf(options), [])
})

test('of two that write a head at once one does, and the chain is whole', async () => {
  const { options } = await setUp()
  const heads = await Promise.all([keepHead(options, place), keepHead(options, place)])
  assert.equal(heads.filter((head) => head !== undefined).length, 1)
  assert.deepEqual(await findingsOf(options), [])
})

test('a changed record is found, whichever of its bytes it is, once', async () => {
  const { options } = await setUp()
  const changes: readonly ((record: StoredRecord) => StoredRecord)[] = [
    (record) => ({ ...record, value: Buffer.from('x') }),
    (record) => ({ ...record, key: Buffer.from('8') }),
    (record) => ({ ...record, key: null }),
    (record) => ({ ...record, headers: {} }),
  ]
  for (const change of changes) {
    const findings = await findingsOf(options, (records) =>
      records.map((record) => (record.offset === 5 ? change(record) : record)),
    )
    assert.deepEqual(findings, [{ kind: 'changed', from: 4, to: 7 }])
  }
})

test('records in another order are found', async () => {
  const { options } = await setUp()
  const findings = await findingsOf(options, (records) => {
    const [one, other] = [records.find(({ offset }) => offset === 1), records.find(({ offset }) => offset === 2)]
    if (!one || !other) return records
    return records.map((record) => {
      if (record.offset === 1) return { ...other, offset: 1 }
      return record.offset === 2 ? { ...one, offset: 2 } : record
    })
  })
  assert.deepEqual(findings, [{ kind: 'reordered', from: 0, to: 3 }])
})

test('a missing record is found: within, at the beginning, and at the end', async () => {
  const { options } = await setUp()
  const within = await findingsOf(options, (records) => records.filter(({ offset }) => offset !== 5))
  assert.deepEqual(within, [
    { kind: 'missing', from: 5, to: 5 },
    { kind: 'changed', from: 4, to: 7 },
  ])
  const bounds = (start: number, end: number) => ({
    ...options,
    log: { ...options.log, bounds: async () => [{ start, end }] },
  })
  const beginning = await verifyPlace(bounds(2, 10), place)
  assert.deepEqual(beginning.findings[0], { kind: 'missing', from: 0, to: 1 })
  const end = await verifyPlace(bounds(0, 6), place)
  assert.deepEqual(end.findings, [{ kind: 'missing', from: 6, to: 7 }])
  const stalled = await findingsOf(options, (records) => records.filter(({ offset }) => offset < 6))
  assert.deepEqual(stalled.at(-1), { kind: 'missing', from: 6, to: 9 })
})

test('a journal that was written anew without a record is not the one that was signed', async () => {
  const { options } = await setUp()
  const log = memoryLog()
  await log.createTopic(topic, { partitions: 1, replication: 1, config: {} })
  await (await log.appender()).append(topic, 0, [...'abcdfghij'].map(recordOf))
  assert.deepEqual((await verifyPlace({ ...options, log }, place)).findings, [{ kind: 'changed', from: 4, to: 7 }])
})

test('a head that was taken away, changed, or signed by somebody else is found', async () => {
  const { options } = await setUp()
  const [first = '', second = ''] = await options.objects.list('audit/')
  const bytes = (await options.objects.get(second)) ?? Buffer.alloc(0)
  await options.objects.remove(second)
  await options.objects.put(second, Buffer.from(bytes.toString().replace('"offset":7', '"offset":6')))
  assert.deepEqual(await findingsOf(options), [{ kind: 'head_invalid', sequence: 2 }])
  await assert.rejects(keepHead(options, place), { code: 'audit.head_invalid' })
  await options.objects.remove(second)
  await options.objects.put(second, Buffer.from('{'))
  assert.deepEqual(await findingsOf(options), [{ kind: 'head_invalid', sequence: 2 }])
  await options.objects.remove(second)
  await options.objects.put(second, bytes)
  await options.objects.remove(first)
  assert.deepEqual(await findingsOf(options), [{ kind: 'head_missing', sequence: 1 }])
  const other = { ...options, sealing: keySealing() }
  assert.deepEqual((await verifyPlace(other, place)).findings, [
    { kind: 'head_missing', sequence: 1 },
    { kind: 'head_invalid', sequence: 2 },
  ])
})

test('no two records have the same bytes in a digest, and no two orders the same chain', () => {
  const buffer = fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes))
  const record = fc.record({
    key: fc.option(buffer),
    value: buffer,
    headers: fc.dictionary(fc.string({ maxLength: 2 }), fc.string({ maxLength: 2 })),
  })
  fc.assert(
    fc.property(record, record, (one, other) => {
      const same = recordBytes(one).equals(recordBytes(other))
      assert.equal(
        same,
        JSON.stringify([one.key, one.value, Object.entries(one.headers).sort()]) ===
          JSON.stringify([other.key, other.value, Object.entries(other.headers).sort()]),
      )
      const digest = (...records: readonly Omit<StoredRecord, 'offset' | 'timestamp'>[]) =>
        records.map((each, offset) => ({ ...each, offset, timestamp: 0 })).reduce(withRecord, noRecords)
      assert.equal(digest(one, other).chain.equals(digest(other, one).chain), same)
      assert.ok(digest(one, other).sum.equals(digest(other, one).sum))
    }),
  )
})
