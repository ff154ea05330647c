import assert from 'node:assert/strict'
import { before, type TestContext, test } from 'node:test'
import kafkajs from 'kafkajs'
import { testEngines } from './engines.ts'
import { delay, kafkaProxy, on, passAll } from './proxy.ts'

let broker: string

before(async () => {
  broker = (await testEngines()).brokers[0] ?? ''
})

const adminOver = async (t: TestContext, brokers: readonly string[]) => {
  const admin = new kafkajs.Kafka({
    brokers: [...brokers],
    logLevel: kafkajs.logLevel.NOTHING,
    requestTimeout: 300,
    retry: { retries: 0 },
  }).admin()
  t.after(() => admin.disconnect())
  await admin.connect()
  return admin
}

test('a client stays on the proxy, though the broker tells its own address', async (t) => {
  const proxy = await kafkaProxy(broker, t)
  const { brokers } = await (await adminOver(t, proxy.brokers)).describeCluster()
  assert.deepEqual(
    brokers.map(({ host, port }) => `${host}:${port}`),
    proxy.brokers,
  )
})

test('answers and requests may be dropped, cut and held, and pass again', async (t) => {
  const proxy = await kafkaProxy(broker, t)
  const admin = await adminOver(t, proxy.brokers)
  proxy.answers = on('metadata', 'drop', 1)
  await assert.rejects(admin.listTopics())
  proxy.answers = passAll
  await admin.listTopics()
  proxy.requests = on('metadata', 'cut', 1)
  await assert.rejects(admin.listTopics())
  const again = await adminOver(t, proxy.brokers)
  proxy.requests = delay('metadata', 100)
  const began = performance.now()
  await again.listTopics()
  assert.ok(performance.now() - began >= 99)
})

test('requests are counted by what they ask', async (t) => {
  const proxy = await kafkaProxy(broker, t)
  const admin = await adminOver(t, proxy.brokers)
  const counted = proxy.count('metadata')
  await admin.listTopics()
  assert.ok(proxy.count('metadata') > counted)
  assert.equal(proxy.count('produce'), 0)
})
