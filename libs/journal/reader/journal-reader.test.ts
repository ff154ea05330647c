import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeEntry, type OutcomeEntry, type WrittenEntry } from '../envelope.ts'
import { journalTopic } from '../families.ts'
import { memoryLog } from '../memory/log.ts'
import type { Position } from '../outcome.ts'
import type { Notice } from '../reader.ts'
import { openJournalReader } from './journal-reader.ts'

const logId = 'log-1'
const topic = journalTopic('channel')

const claim = (nonce: string): WrittenEntry => ({
  kind: 'claim',
  nonce,
  owner: nonce,
  stateVersion: 1,
  logId,
  partitions: 1,
})
const rejected = (claimOffset: number, n: number): OutcomeEntry => ({
  kind: 'outcome',
  claim: claimOffset,
  n,
  at: 1000 + n,
  key: '1000',
  commandOffset: n,
  commandId: `c${n}`,
  commandType: 'PostMessage',
  principal: '1',
  origin: 'edge',
  stateVersion: 1,
  fingerprint: 'f',
  outcome: { kind: 'rejected', code: 'chat.timed_out', detail: {} },
})

const journal = async (entries: readonly WrittenEntry[]) => {
  const log = memoryLog()
  await log.createTopic(topic, { partitions: 1, replication: 1, config: {} })
  const appender = await log.appender()
  for (const entry of entries) await appender.append(topic, 0, [encodeEntry(entry)])
  return { log, append: (entry: WrittenEntry) => appender.append(topic, 0, [encodeEntry(entry)]) }
}

const open = async (log: Awaited<ReturnType<typeof journal>>['log']) => {
  const seen: number[] = []
  const notices: Notice[] = []
  const invalid: Position[] = []
  let last: Position | undefined
  const reader = await openJournalReader({
    log,
    logId,
    families: ['channel'],
    onOutcomes: (_family, _partition, outcomes, position) => {
      seen.push(...outcomes.map(({ n }) => n))
      last = position
    },
    onNotice: (notice) => notices.push(notice),
    onPositionInvalid: (_family, _partition, position) => invalid.push(position),
    onError: assert.fail,
  })
  return { reader, seen, notices, invalid, last: () => last }
}

const signal = () => AbortSignal.timeout(5_000)

test('a reader hands on valid outcomes only, and tells of the void ones', async (t) => {
  // Offsets: claim 0, valid 1, claim 2 by another, then the first owner writes late (3) before the second goes on (4).
  const { log } = await journal([claim('a'), rejected(0, 1), claim('b'), rejected(0, 2), rejected(2, 2)])
  const { reader, seen, notices, last } = await open(log)
  t.after(reader.close)
  reader.read('channel', 0, 'beginning')
  await reader.caughtUp(signal())
  assert.deepEqual(seen, [1, 2])
  assert.deepEqual(
    notices.map(({ kind, offset }) => [kind, offset]),
    [
      ['claim', 0],
      ['claim', 2],
      ['void', 3],
    ],
  )
  assert.deepEqual(last(), { logId, offset: 4, claim: 2, n: 2 })
})

test('a reader goes on from a stored position, and only behind it', async (t) => {
  const { log, append } = await journal([claim('a'), rejected(0, 1), rejected(0, 2)])
  const { reader, seen } = await open(log)
  t.after(reader.close)
  reader.read('channel', 0, { logId, offset: 1, claim: 0, n: 1 })
  await reader.caughtUp(signal())
  await append(rejected(0, 3))
  await reader.caughtUp(signal())
  assert.deepEqual(seen, [2, 3])
})

for (const [name, position] of [
  ['another claim', { logId, offset: 1, claim: 7, n: 1 }],
  ['another n', { logId, offset: 1, claim: 0, n: 2 }],
  ['another log', { logId: 'log-2', offset: 1, claim: 0, n: 1 }],
  ['the offset at the end, whose record is gone', { logId, offset: 3, claim: 0, n: 3 }],
  ['an offset that the log does not have', { logId, offset: 9, claim: 0, n: 9 }],
] as const) {
  test(`a position that names ${name} is refused, and nothing is handed over`, async (t) => {
    const { log } = await journal([claim('a'), rejected(0, 1), rejected(0, 2)])
    const { reader, seen, invalid } = await open(log)
    t.after(reader.close)
    reader.read('channel', 0, position)
    const deadline = Date.now() + 5_000
    while (invalid.length === 0 && Date.now() < deadline) await new Promise(setImmediate)
    assert.deepEqual(invalid, [position])
    assert.deepEqual(seen, [])
  })
}

test('a reader has caught up when what it read has been handled, in every partition', async (t) => {
  const log = memoryLog()
  await log.createTopic(topic, { partitions: 2, replication: 1, config: {} })
  const appender = await log.appender()
  for (const partition of [0, 1]) await appender.append(topic, partition, [claim('a'), rejected(0, 1)].map(encodeEntry))
  const gate = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const reader = await openJournalReader({
    log,
    logId,
    families: ['channel'],
    onOutcomes: async (_family, partition) => {
      if (partition === 1) return
      begun.resolve()
      await gate.promise
    },
    onPositionInvalid: assert.fail,
    onError: assert.fail,
  })
  t.after(reader.close)
  reader.read('channel', 0, 'beginning')
  await begun.promise
  reader.read('channel', 1, 'beginning')
  let caughtUp = false
  const waiting = reader.caughtUp(signal()).then(() => {
    caughtUp = true
  })
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
  assert.equal(caughtUp, false)
  gate.resolve()
  await waiting
})

test('a reader that fails tells those who wait for it', async (t) => {
  const { log } = await journal([claim('a'), rejected(0, 1)])
  const errors: Error[] = []
  const reader = await openJournalReader({
    log,
    logId,
    families: ['channel'],
    onOutcomes: () => {
      throw new Error('no room')
    },
    onPositionInvalid: assert.fail,
    onError: (error) => errors.push(error),
  })
  t.after(reader.close)
  reader.read('channel', 0, 'beginning')
  await assert.rejects(reader.caughtUp(signal()), /no room/)
  assert.equal(errors.length, 1)
})

test('waiting to catch up ends with its signal', async (t) => {
  const { log } = await journal([claim('a'), rejected(0, 1)])
  const stalled = log.connect({ fetch: () => 'stall' })
  const { reader } = await open(stalled as typeof log)
  t.after(reader.close)
  reader.read('channel', 0, 'beginning')
  await assert.rejects(reader.caughtUp(AbortSignal.timeout(20)), { name: 'TimeoutError' })
})

test('lag counts the records between a reader and the end of the log', async (t) => {
  const { log } = await journal([claim('a'), rejected(0, 1), rejected(0, 2)])
  const stalled = log.connect({ fetch: () => 'stall' })
  const { reader } = await open(stalled as typeof log)
  t.after(reader.close)
  reader.read('channel', 0, 'beginning')
  const deadline = Date.now() + 5_000
  while (reader.lag()[0]?.records !== 3 && Date.now() < deadline) await new Promise(setImmediate)
  assert.equal(reader.lag()[0]?.records, 3)
})
