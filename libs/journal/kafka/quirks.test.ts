import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { before, describe, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type EachBatchHandler, Kafka, logLevel, Partitioners } from 'kafkajs'
import { collect } from '#libs/testing/collector.ts'
import { testEngines, uniqueName } from '#libs/testing/engines.ts'
import { kafkaProxy, on } from '#libs/testing/proxy.ts'
import { until } from '#libs/testing/until.ts'
import type { NewRecord } from '../log.ts'
import { LogError } from '../log-error.ts'
import { readAll } from '../read-all.ts'
import { kafkaLog } from './log.ts'

/**
 * What plain kafkajs 2.2.4 does on this broker, and that the log on Kafka does not. The first half of each test is why
 * the adapter is as it is; should one of them fail some day, kafkajs has changed and the adapter may become simpler.
 */

let brokers: readonly string[]

before(async () => {
  brokers = (await testEngines()).brokers
})

const record = (value: string): NewRecord => ({ key: null, value: Buffer.from(value) })

const plain = (to: readonly string[] = brokers): Kafka =>
  new Kafka({
    brokers: [...to],
    logLevel: logLevel.NOTHING,
    requestTimeout: 400,
    retry: { initialRetryTime: 20, maxRetryTime: 50 },
  })

const logOn = (t: TestContext, to: readonly string[] = brokers) => {
  const log = kafkaLog({ brokers: to, requestTimeoutMs: 400 })
  t.after(log.close)
  return log
}

const newTopic = async (t: TestContext, partitions = 1): Promise<string> => {
  const topic = uniqueName('quirk')
  await logOn(t).createTopic(topic, { partitions, replication: 1, config: {} })
  return topic
}

const append = async (t: TestContext, topic: string, values: readonly string[]): Promise<void> => {
  const appender = await logOn(t).appender()
  await appender.append(topic, 0, values.map(record))
  await appender.close()
}

const valuesIn = async (t: TestContext, topic: string): Promise<readonly string[]> =>
  (await readAll(logOn(t), topic, 0)).map(({ value }) => value.toString())

const trim = async (t: TestContext, topic: string, offset: number): Promise<void> => {
  const admin = plain().admin()
  await admin.connect()
  t.after(() => admin.disconnect())
  await admin.fetchTopicOffsets(topic)
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] })
}

/** A plain consumer with the defaults of kafkajs, but for what makes tests quick; tells which offsets it has seen. */
const plainConsumer = async (
  t: TestContext,
  topic: string,
  eachOffset: (offset: number) => Promise<void>,
  groupId: string = uniqueName('plain'),
) => {
  const consumer = plain().consumer({
    groupId,
    sessionTimeout: 1_000,
    heartbeatInterval: 100,
    maxWaitTimeInMs: 50,
  })
  t.after(() => consumer.disconnect())
  const joined = Promise.withResolvers<void>()
  consumer.on(consumer.events.GROUP_JOIN, () => joined.resolve())
  const eachBatch: EachBatchHandler = async ({ batch }) => {
    for (const { offset } of batch.messages) await eachOffset(Number(offset))
  }
  await consumer.connect()
  await consumer.subscribe({ topics: [topic] })
  await consumer.run({ autoCommit: false, eachBatch })
  await joined.promise
  return consumer
}

describe('producers', () => {
  test('an idempotent producer is told "written" of what never was, after an error', async (t) => {
    const topic = await newTopic(t)
    const proxy = await kafkaProxy(brokers[0] ?? '', t)
    const producer = plain(proxy.brokers).producer({
      idempotent: true,
      retry: { retries: 1 },
      createPartitioner: Partitioners.DefaultPartitioner,
    })
    await producer.connect()
    proxy.answers = on('produce', 'drop', 2)
    await assert.rejects(producer.send({ topic, messages: [{ value: 'first' }] }))
    await producer.send({ topic, messages: [{ value: 'second' }] })
    await producer.disconnect()
    assert.deepEqual(await valuesIn(t, topic), ['first'], 'the second was acknowledged')
  })

  test('an appender writes what it acknowledges, and takes nothing after an error', async (t) => {
    const topic = await newTopic(t)
    const proxy = await kafkaProxy(brokers[0] ?? '', t)
    const log = logOn(t, proxy.brokers)
    const first = await log.appender()
    proxy.answers = on('produce', 'drop', 1)
    await assert.rejects(
      first.append(topic, 0, [record('first')], 200),
      (error) => error instanceof LogError && error.code === 'log.timeout',
    )
    await assert.rejects(
      first.append(topic, 0, [record('second')]),
      (error) => error instanceof LogError && error.code === 'log.appender-spent',
    )
    await first.close()
    const second = await log.appender()
    await second.append(topic, 0, [record('second')])
    assert.deepEqual(await valuesIn(t, topic), ['first', 'second'])
  })

  test('a producer that is not idempotent sends again by itself, and writes twice', async (t) => {
    const topic = await newTopic(t)
    const proxy = await kafkaProxy(brokers[0] ?? '', t)
    const producer = plain(proxy.brokers).producer({ createPartitioner: Partitioners.DefaultPartitioner })
    await producer.connect()
    proxy.answers = on('produce', 'drop', 1)
    await producer.send({ topic, messages: [{ value: 'once' }] })
    await producer.disconnect()
    assert.deepEqual(await valuesIn(t, topic), ['once', 'once'])
  })

  for (const fate of ['drop', 'cut'] as const) {
    test(`an appender sends once, also when the answer meets a ${fate}`, async (t) => {
      const topic = await newTopic(t)
      const proxy = await kafkaProxy(brokers[0] ?? '', t)
      const appender = await logOn(t, proxy.brokers).appender()
      proxy.answers = on('produce', fate, 1)
      await assert.rejects(appender.append(topic, 0, [record('once')], 2_000), LogError)
      await appender.close()
      assert.equal(proxy.count('produce'), 1)
      assert.deepEqual(await valuesIn(t, topic), ['once'])
    })
  }

  test('sends of a shared idempotent producer wait for each other; those of appenders do not', async (t) => {
    const topic = await newTopic(t, 2)
    const proxy = await kafkaProxy(brokers[0] ?? '', t)
    let inFlight = 0
    let most = 0
    proxy.requests = ({ api }) => {
      if (api === 'produce') most = Math.max(most, ++inFlight)
      return 'pass'
    }
    proxy.answers = ({ api }) => {
      if (api !== 'produce') return 'pass'
      return sleep(100).then(() => {
        inFlight--
      })
    }
    const producer = plain(proxy.brokers).producer({
      idempotent: true,
      createPartitioner: Partitioners.DefaultPartitioner,
    })
    await producer.connect()
    const send = (partition: number) => producer.send({ topic, messages: [{ value: 'x', partition }] })
    await Promise.all([send(0), send(1)])
    await producer.disconnect()
    assert.equal(most, 1)

    most = 0
    const log = logOn(t, proxy.brokers)
    const appenders = [await log.appender(), await log.appender()]
    await Promise.all(appenders.map((appender, partition) => appender.append(topic, partition, [record('x')])))
    assert.equal(most, 2)
  })
})

describe('consumers', () => {
  test('a consumer begins at the end by default; a tail begins where it is told', async (t) => {
    const topic = await newTopic(t)
    await append(t, topic, ['a', 'b'])
    const seen: number[] = []
    await plainConsumer(t, topic, async (offset) => void seen.push(offset))
    const collector = collect()
    const tail = await logOn(t).tail([topic], collector.handlers)
    tail.read(topic, 0, 0)
    await collector.reached(2)
    // It learns of the end when it first fetches, so records are appended until it has seen one.
    await until(async () => {
      await append(t, topic, ['later'])
      return seen.length > 0
    })
    assert.ok((seen[0] ?? 0) >= 2, `the consumer began at ${seen[0]}`)
    assert.deepEqual(
      collector
        .of(topic, 0)
        .slice(0, 2)
        .map(({ offset }) => offset),
      [0, 1],
    )
  })

  test('a consumer whose offset has aged out goes on elsewhere in silence; a tail says so', async (t) => {
    const topic = await newTopic(t)
    await append(t, topic, ['0', '1', '2', '3', '4', '5'])
    await trim(t, topic, 3)
    const seen: number[] = []
    const consumer = await plainConsumer(t, topic, async (offset) => void seen.push(offset))
    consumer.seek({ topic, partition: 0, offset: '0' })
    await until(async () => {
      await append(t, topic, ['later'])
      return seen.length > 0
    })
    assert.ok((seen[0] ?? 0) >= 6, 'it has skipped offsets 3 to 5 as well, which are there')

    const collector = collect()
    const tail = await logOn(t).tail([topic], collector.handlers)
    tail.read(topic, 0, 0)
    await until(() => collector.outOfRange.length === 1)
    assert.equal(collector.outOfRange[0]?.bounds.start, 3)
    assert.deepEqual(collector.of(topic, 0), [])
  })

  test('a consumer that stalls beyond its session skips what came meanwhile; a tail has no session', async (t) => {
    const topic = await newTopic(t)
    const group = uniqueName('plain')
    const gate = Promise.withResolvers<void>()
    const seen: number[] = []
    const stallOnce = async (offset: number): Promise<void> => {
      seen.push(offset)
      if (seen.length === 1) await gate.promise
    }
    const consumer = await plainConsumer(t, topic, stallOnce, group)
    const rejoined = Promise.withResolvers<void>()
    consumer.on(consumer.events.GROUP_JOIN, () => rejoined.resolve())
    const collector = collect(() => (collector.of(topic, 0).length === 1 ? gate.promise : undefined))
    const tail = await logOn(t).tail([topic], collector.handlers)
    tail.read(topic, 0, (await logOn(t).bounds(topic))[0]?.end ?? 0)
    await until(async () => {
      if (seen.length === 0) await append(t, topic, ['seen by both'])
      return seen.length === 1 && collector.of(topic, 0).length >= 1
    })
    await append(t, topic, ['1', '2', '3'])
    const skipped = ((await logOn(t).bounds(topic))[0]?.end ?? 0) - 1
    const admin = plain().admin()
    await admin.connect()
    t.after(() => admin.disconnect())
    await until(async () => (await admin.describeGroups([group])).groups[0]?.members.length === 0)
    gate.resolve()
    await rejoined.promise
    await until(async () => {
      await append(t, topic, ['later'])
      return seen.some((offset) => offset > skipped)
    })
    assert.ok(!seen.includes(skipped), 'the consumer has skipped what came while it stalled')
    await collector.reached(skipped)
    assert.ok(collector.of(topic, 0).every(({ offset }, index) => offset === index))
  })
})

test('an idle connection of kafkajs sets timers in the past without end; those of the log do not', async () => {
  const run = async (program: string): Promise<string> => {
    const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      cwd: import.meta.dirname,
      env: { ...process.env, BROKER: brokers[0], NODE_OPTIONS: '' },
    })
    return stderr
  }
  const count = `
    let timers = 0
    const set = globalThis.setTimeout
    globalThis.setTimeout = (task, ms) => { timers += ms < 0 ? 1 : 0; return set(task, ms) }
    await new Promise((resolve) => set(resolve, 300))
    console.error('negative timers:', timers > 10 ? 'many' : timers)`
  const plainly = `
    import kafkajs from 'kafkajs'
    const admin = new kafkajs.Kafka({ brokers: [process.env.BROKER], logLevel: 0 }).admin()
    await admin.connect()
    await admin.listTopics()
    ${count}
    await admin.disconnect()`
  const throughLog = `
    import { kafkaLog } from '${import.meta.dirname}/log.ts'
    const log = kafkaLog({ brokers: [process.env.BROKER] })
    await log.describeTopic('nowhere')
    const appender = await log.appender()
    ${count}
    await log.close()`
  const before = await run(plainly)
  assert.match(before, /TimeoutNegativeWarning/)
  assert.match(before, /negative timers: many/)
  const after = await run(throughLog)
  assert.doesNotMatch(after, /TimeoutNegativeWarning/)
  assert.match(after, /negative timers: 0/)
})
