import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeEntry, type WrittenEntry } from '#libs/journal/envelope.ts'
import { families, journalTopic } from '#libs/journal/families.ts'
import type { Log } from '#libs/journal/log.ts'
import { memoryLog } from '#libs/journal/memory/log.ts'
import type { Position } from '#libs/journal/outcome.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { until } from '#libs/testing/until.ts'
import { startFeed } from './feed.ts'

const logId = 'log-1'

const claim: WrittenEntry = { kind: 'claim', nonce: 'a', owner: 'a', stateVersion: 1, logId, partitions: 1 }

const outcome = (n: number): WrittenEntry => ({
  kind: 'outcome',
  claim: 0,
  n,
  at: n,
  key: '1000',
  commandOffset: n,
  commandId: `c${n}`,
  commandType: 'PostMessage',
  principal: '1',
  origin: 'edge',
  stateVersion: 1,
  fingerprint: 'f',
  outcome: { kind: 'rejected', code: 'channel.timed_out', detail: {} },
})

const setUp = async (outcomes: number) => {
  const memory = memoryLog()
  for (const family of families)
    await memory.createTopic(journalTopic(family), { partitions: 1, replication: 1, config: {} })
  const appender = await memory.appender()
  const append = (entry: WrittenEntry) => appender.append(journalTopic('channel'), 0, [encodeEntry(entry)])
  await append(claim)
  for (let n = 1; n <= outcomes; n++) await append(outcome(n))

  const failures: ((error: Error) => void)[] = []
  let away = false
  const log: Log = {
    ...memory,
    tail: (topics, handlers) => {
      if (away) return Promise.reject(new Error('no broker'))
      failures.push(handlers.onError)
      return memory.tail(topics, handlers)
    },
  }
  const read: number[] = []
  const observed: number[] = []
  const started: Position[] = []
  const feed = (starts: Parameters<typeof startFeed>[0]['starts'] = []) =>
    startFeed({
      log,
      meta: { logId, partitions: { account: 1, channel: 1, broadcast: 1, conversation: 1 } },
      starts,
      edge: {
        startAt: (_partition, position) => void started.push(position),
        channelOutcomes: async (_partition, records) => void read.push(...records.map(({ n }) => n)),
        accountOutcomes: () => {},
        broadcastOutcomes: () => {},
        whispersStartAt: () => {},
        whisperOutcomes: async () => {},
      },
      gateway: { observe: (records) => void observed.push(...records.map(({ n }) => n)) },
      logger: createLogger('test', 'silent'),
    })
  return {
    append,
    feed,
    read,
    observed,
    started,
    fail: () => failures.at(-1)?.(new Error('the tail failed')),
    setAway: (on: boolean) => {
      away = on
    },
  }
}

test('every outcome goes to the gateway and the edge, and the end of the start is waited for', async () => {
  const { feed, read, observed } = await setUp(3)
  const running = await feed()
  assert.equal(running.caughtUp(), true)
  assert.deepEqual(
    [read, observed],
    [
      [1, 2, 3],
      [1, 2, 3],
    ],
  )
  await running.close()
})

test('it begins behind a position that is given, and tells the edge where that is', async () => {
  const { feed, read, started } = await setUp(3)
  const position: Position = { logId, offset: 2, claim: 0, n: 2 }
  const running = await feed([{ family: 'channel', partition: 0, position }])
  assert.deepEqual([read, started], [[3], [position]])
  await running.close()
})

test('all that stands in the journals at the call is handed on; without a reader nobody knows', async () => {
  const { append, feed, read, fail, setAway } = await setUp(2)
  const running = await feed()
  await append(outcome(3))
  await running.readAll()
  assert.deepEqual(read, [1, 2, 3])
  setAway(true)
  fail()
  await assert.rejects(running.readAll(), { code: 'log.closed' })
  await running.close()
})

test('a position that is not valid: the partition is read from the beginning', async () => {
  const { feed, read } = await setUp(3)
  const running = await feed([{ family: 'channel', partition: 0, position: { logId, offset: 2, claim: 0, n: 1 } }])
  await until(() => read.length === 3)
  await running.close()
})

test('a reader that failed is replaced where it stood, once the log is back', async () => {
  const { append, feed, read, fail, setAway } = await setUp(2)
  const running = await feed()
  setAway(true)
  fail()
  await append(outcome(3))
  setAway(false)
  await until(() => read.length === 3)
  assert.deepEqual(read, [1, 2, 3])
  await running.close()
})
