import assert from 'node:assert/strict'
import { before, type TestContext, test } from 'node:test'
import { collect } from '#libs/testing/collector.ts'
import { testEngines, uniqueName } from '#libs/testing/engines.ts'
import { isolatedKafka } from '#libs/testing/isolated-kafka.ts'
import { kafkaProxy } from '#libs/testing/proxy.ts'
import { until } from '#libs/testing/until.ts'
import type { Log } from '../log.ts'
import { LogError } from '../log-error.ts'
import { kafkaLog } from './log.ts'
import type { KafkaLogOptions } from './options.ts'

let brokers: readonly string[]

before(async () => {
  brokers = (await testEngines()).brokers
})

const logOn = (t: TestContext, options: Partial<KafkaLogOptions> = {}): Log => {
  const log = kafkaLog({ brokers, requestTimeoutMs: 500, ...options })
  t.after(log.close)
  return log
}

const newTopic = async (log: Log, partitions = 1): Promise<string> => {
  const topic = uniqueName('outage')
  await log.createTopic(topic, { partitions, replication: 1, config: {} })
  return topic
}

const record = (value: string) => ({ key: null, value: Buffer.from(value) })

/** Appends one record after the other and takes a new appender after each failure, as an owner does. */
const appendUntil = async (log: Log, topic: string, done: () => boolean): Promise<number> => {
  let acknowledged = 0
  let appender = await log.appender()
  while (!done()) {
    try {
      await appender.append(topic, 0, [record('x')], 500)
      acknowledged++
    } catch {
      await appender.close()
      await until(async () => {
        appender = await log.appender()
        return true
      }).catch(() => {})
    }
  }
  await appender.close()
  return acknowledged
}

test('a tail whose connections are cut again and again misses nothing and hands nothing over twice', async (t) => {
  const log = logOn(t)
  const topic = await newTopic(log)
  const proxy = await kafkaProxy(brokers[0] ?? '', t)
  const collector = collect()
  const tail = await logOn(t, { brokers: proxy.brokers }).tail([topic], collector.handlers)
  tail.read(topic, 0, 0)
  const appender = await log.appender()
  for (let round = 1; round <= 5; round++) {
    for (let batch = 0; batch < 20; batch++) await appender.append(topic, 0, [record('a'), record('b')])
    proxy.cutAll()
    await collector.reached(round * 40)
  }
  assert.ok(collector.of(topic, 0).every(({ offset }, index) => offset === index))
  assert.deepEqual(collector.errors, [])
})

test('a tail whose fetch is never answered gives it up and reads on', async (t) => {
  const log = logOn(t)
  const topic = await newTopic(log)
  const proxy = await kafkaProxy(brokers[0] ?? '', t)
  const collector = collect()
  const tail = await logOn(t, { brokers: proxy.brokers }).tail([topic], collector.handlers)
  proxy.answers = ({ api, nth }) => (api === 'fetch' && nth % 3 === 2 ? 'drop' : 'pass')
  tail.read(topic, 0, 0)
  const appender = await log.appender()
  for (let batch = 0; batch < 4; batch++) {
    await appender.append(topic, 0, [record('a')])
    await collector.reached(batch + 1)
  }
  assert.deepEqual(
    collector.of(topic, 0).map(({ offset }) => offset),
    [0, 1, 2, 3],
  )
})

test('what cannot be reached is told as unavailable', async (t) => {
  const log = logOn(t, { brokers: ['127.0.0.1:1'] })
  const unavailable = (error: unknown) => error instanceof LogError && error.code === 'log.unavailable'
  await assert.rejects(log.appender(), unavailable)
  await assert.rejects(log.tail(['any'], collect().handlers), unavailable)
})

/** A member of the group with a log of its own. @returns how many of the topic's partitions it holds */
const takeSeat = async (t: TestContext, group: string, topic: string, options: Partial<KafkaLogOptions>) => {
  let held: readonly number[] = []
  await logOn(t, options).join({
    group,
    topics: [topic],
    onAssignment: (assignment) => (held = assignment.get(topic) ?? []),
  })
  return () => held.length
}

test('a member that falls silent is replaced after its session, and comes back', async (t) => {
  const topic = await newTopic(logOn(t), 2)
  const group = uniqueName('group')
  const proxy = await kafkaProxy(brokers[0] ?? '', t)
  const silent = await takeSeat(t, group, topic, { sessionTimeoutMs: 1_000, brokers: proxy.brokers })
  const other = await takeSeat(t, group, topic, { sessionTimeoutMs: 1_000 })
  await until(() => silent() === 1 && other() === 1)
  proxy.requests = () => 'drop'
  await until(() => other() === 2)
  proxy.requests = () => 'pass'
  proxy.cutAll()
  await until(() => silent() === 1 && other() === 1)
})

const atOnce = { timeout: 60_000 }

test('a killed member is replaced by one of its name, long before its session ends', atOnce, async (t) => {
  const topic = await newTopic(logOn(t), 2)
  const group = uniqueName('group')
  const sessionTimeoutMs = 120_000
  const proxy = await kafkaProxy(brokers[0] ?? '', t)
  const killed = await takeSeat(t, group, topic, { sessionTimeoutMs, instance: 'a', brokers: proxy.brokers })
  await until(() => killed() === 2)
  proxy.requests = () => 'drop'
  const next = await takeSeat(t, group, topic, { sessionTimeoutMs, instance: 'a' })
  await until(() => next() === 2)
})

test('a member that lives keeps its seat beside one of another name, and comes back to one of its own', async (t) => {
  const topic = await newTopic(logOn(t), 4)
  const group = uniqueName('group')
  const first = await takeSeat(t, group, topic, { instance: 'a' })
  const other = await takeSeat(t, group, topic, { instance: 'b' })
  await until(() => first() === 2 && other() === 2)
  const double = await takeSeat(t, group, topic, { instance: 'a' })
  await until(() => first() + other() + double() === 4 && Math.min(first(), other(), double()) === 1)
})

test('tails, appenders and members live on when the broker is killed, freezes and comes back', async (t) => {
  const kafka = await isolatedKafka(t)
  const log = logOn(t, { brokers: kafka.brokers, sessionTimeoutMs: 6_000 })
  const topic = await newTopic(log, 2)
  const collector = collect()
  const tail = await log.tail([topic], collector.handlers)
  tail.read(topic, 0, 0)
  let held: readonly number[] = []
  await log.join({
    group: uniqueName('group'),
    topics: [topic],
    onAssignment: (assignment) => (held = assignment.get(topic) ?? []),
  })
  let stop = false
  const appending = appendUntil(log, topic, () => stop)
  await collector.reached(50)
  await kafka.kill()
  await kafka.start()
  const afterKill = collector.of(topic, 0).length
  await collector.reached(afterKill + 50)
  await kafka.pause()
  const frozen = setTimeout(kafka.resume, 1_500)
  t.after(() => clearTimeout(frozen))
  await until(() => collector.of(topic, 0).length > afterKill + 200, { timeoutMs: 20_000 })
  stop = true
  const acknowledged = await appending
  const end = (await log.bounds(topic))[0]?.end ?? 0
  const records = await collector.reached(end)
  assert.ok(records.every(({ offset }, index) => offset === index))
  assert.ok(end >= acknowledged, 'an acknowledged record is gone')
  assert.deepEqual(collector.errors, [])
  assert.deepEqual(collector.outOfRange, [])
  assert.equal(held.length, 2)
})
