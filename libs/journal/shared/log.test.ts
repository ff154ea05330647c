import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { collect } from '#libs/testing/collector.ts'
import { until } from '#libs/testing/until.ts'
import { logContract } from '../log.contract.ts'
import type { Log, TailHandlers } from '../log.ts'
import { memoryLog } from '../memory/log.ts'
import { shareTails } from './log.ts'

logContract('the in-memory log, its tails shared,', async () => {
  const log = memoryLog()
  let names = 0
  return {
    connect: () => shareTails(log.connect(), { gatherMs: 0 }),
    uniqueName: (prefix) => `${prefix}-${names++}`,
    trim: async (topic, partition, start) => log.trim(topic, partition, start),
    close: log.close,
  }
})

const TOPIC = 'topic'

/** A shared log that counts the tails below it. */
const setUp = async (t: TestContext) => {
  const memory = memoryLog()
  t.after(memory.close)
  const below = memory.connect()
  const tails = { opened: 0, open: 0, handlers: [] as TailHandlers[] }
  const counted: Log = {
    ...below,
    tail: async (topics, handlers, options) => {
      const tail = await below.tail(topics, handlers, options)
      tails.opened++
      tails.open++
      tails.handlers.push(handlers)
      const close = async (): Promise<void> => {
        tails.open--
        await tail.close()
      }
      return { ...tail, close }
    },
  }
  const log = shareTails(counted, { gatherMs: 50 })
  await log.createTopic(TOPIC, { partitions: 2, replication: 1, config: {} })
  const appender = await log.appender()
  let written = 0
  const fill = async (count: number): Promise<void> => {
    const records = Array.from({ length: count }, () => ({ key: null, value: Buffer.from(String(written++)) }))
    await appender.append(TOPIC, 0, records)
  }
  /** A tail from an offset on, and what it was handed. */
  const follow = async (from: number, also?: TailHandlers['onRecords']) => {
    const collector = collect(also)
    const tail = await log.tail([TOPIC], collector.handlers, { gatherMs: 50 })
    tail.read(TOPIC, 0, from)
    return { tail, collector, offsets: () => collector.of(TOPIC, 0).map(({ offset }) => offset) }
  }
  return { log, tails, fill, follow }
}

const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, at) => from + at)

describe('tails that share', () => {
  test('those that read at the end are one tail below', async (t) => {
    const { tails, fill, follow } = await setUp(t)
    await fill(300)
    const followed = await Promise.all([300, 299, 250, 200].map((from) => follow(from)))
    await fill(10)
    await Promise.all(followed.map(({ collector }, at) => collector.reached([10, 11, 60, 110][at] ?? 0)))
    assert.deepEqual(followed[3]?.offsets(), range(200, 310))
    assert.deepEqual(tails, { ...tails, opened: 1, open: 1 })
  })

  test('one that is far behind reads by itself until it is where the others are', async (t) => {
    const { tails, fill, follow } = await setUp(t)
    await fill(5_000)
    const near = await follow(5_000)
    const far = await follow(0)
    await far.collector.reached(5_000)
    assert.equal(tails.opened, 2)
    await fill(1)
    await until(() => tails.open === 1, { what: 'it reads with the others' })
    await fill(1)
    await far.collector.reached(5_002)
    assert.deepEqual(far.offsets(), range(0, 5_002))
    assert.deepEqual(near.offsets(), [5_000, 5_001])
  })

  test('one that is slow falls behind, holds up nobody, and misses nothing', async (t) => {
    const { tails, fill, follow } = await setUp(t)
    const gate = Promise.withResolvers<void>()
    const slow = await follow(0, () => gate.promise)
    const quick = await follow(0)
    for (let batch = 0; batch < 30; batch++) await fill(100)
    await quick.collector.reached(3_000)
    assert.ok(slow.offsets().length < 3_000)
    gate.resolve()
    await slow.collector.reached(3_000)
    await fill(1)
    await until(() => tails.open === 1, { what: 'it reads with the others again' })
    await fill(1)
    await Promise.all([slow, quick].map(({ collector }) => collector.reached(3_002)))
    for (const { offsets } of [slow, quick]) assert.deepEqual(offsets(), range(0, 3_002))
  })

  test('tails that somebody waits for have one of their own', async (t) => {
    const { log, tails, follow } = await setUp(t)
    await follow(0)
    await log.tail([TOPIC], collect().handlers, { gatherMs: 10 })
    await log.tail([TOPIC], collect().handlers)
    assert.equal(tails.opened, 3)
  })

  test('what ends the tail below ends all that share it, and the next begin anew', async (t) => {
    const { tails, fill, follow } = await setUp(t)
    const followed = await Promise.all([follow(0), follow(0)])
    await fill(1)
    await Promise.all(followed.map(({ collector }) => collector.reached(1)))
    tails.handlers[0]?.onError(new Error('gone'))
    for (const { collector } of followed) assert.deepEqual(collector.errors, [new Error('gone')])
    assert.equal(tails.open, 0)
    await fill(1)
    const next = await follow(0)
    await next.collector.reached(2)
    for (const { offsets } of followed) assert.deepEqual(offsets(), [0])
    assert.equal(tails.open, 1)
  })

  test('one that could not begin, since another topic had failed meanwhile, is told of no later failure', async (t) => {
    const memory = memoryLog()
    t.after(memory.close)
    const below = memory.connect()
    const opened = new Map<string, TailHandlers>()
    const gate = Promise.withResolvers<void>()
    const log = shareTails(
      {
        ...below,
        tail: async (topics, handlers, options) => {
          opened.set(topics[0] ?? '', handlers)
          if (topics[0] === 'late') await gate.promise
          return below.tail(topics, handlers, options)
        },
      },
      { gatherMs: 50 },
    )
    for (const topic of ['late', 'early']) await log.createTopic(topic, { partitions: 1, replication: 1, config: {} })
    const collector = collect()
    const beginning = log.tail(['late', 'early'], collector.handlers, { gatherMs: 50 })
    const begun = assert.rejects(beginning, new Error('gone'))
    await until(() => opened.has('late') && opened.has('early'), { what: 'both are being opened' })
    await setImmediate()
    opened.get('early')?.onError(new Error('gone'))
    gate.resolve()
    await begun
    opened.get('late')?.onError(new Error('gone too'))
    await setImmediate()
    assert.deepEqual(collector.errors, [])
  })

  test('where nobody reads a partition any more, nor does the tail below', async (t) => {
    const { fill, follow, tails } = await setUp(t)
    const { tail, collector, offsets } = await follow(0)
    await fill(1)
    await collector.reached(1)
    tail.stop(TOPIC, 0)
    await fill(3_000)
    const again = await follow(2_950)
    await again.collector.reached(51)
    assert.deepEqual(again.offsets(), range(2_950, 3_001))
    assert.deepEqual(offsets(), [0])
    assert.equal(tails.opened, 1)
  })

  test('whatever is stopped, moved and held up, each is handed what it asked for, in order', async (t) => {
    const { log, fill } = await setUp(t)
    let seed = 7
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
      return seed % below
    }
    await fill(500)
    let end = 500
    const readers = await Promise.all(
      range(0, 5).map(async () => {
        let expected: number | undefined = 0
        let running = 0
        const wrong: string[] = []
        const collector = collect(async (_topic, _partition, records) => {
          if (++running > 1) wrong.push('calls overlap')
          for (const { offset } of records) {
            if (expected !== offset) wrong.push(`${offset} instead of ${expected}`)
            expected = offset + 1
          }
          if (random(3) === 0) await sleep(random(10))
          running--
        })
        const tail = await log.tail([TOPIC], collector.handlers, { gatherMs: 50 })
        const move = (to: number | undefined): void => {
          expected = to
          if (to === undefined) tail.stop(TOPIC, 0)
          else tail.read(TOPIC, 0, to)
        }
        move(0)
        return { move, wrong, at: () => expected }
      }),
    )
    for (let turn = 0; turn < 300; turn++) {
      const count = random(40)
      await fill(count)
      end += count
      const reader = readers[random(readers.length)]
      if (random(4) === 0) reader?.move(random(5) === 0 ? undefined : random(end))
      if (random(5) === 0) await sleep(random(4))
    }
    for (const { move } of readers) move(end - 10)
    await until(() => readers.every(({ at }) => at() === end), { what: 'all have read to the end' })
    for (const { wrong } of readers) assert.deepEqual(wrong, [])
  })
})
