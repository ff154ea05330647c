import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Kafka, logLevel } from 'kafkajs'
import postgres from 'postgres'
import { testDatabase, testEngines, uniqueName } from './engines.ts'
import { isolatedKafka } from './isolated-kafka.ts'
import { lentKafka } from './lent-kafka.ts'
import { until } from './until.ts'

const clientOf = (brokers: readonly string[]) =>
  new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING, retry: { retries: 0 } })

test('the shared engines answer, and are the same for everybody', async () => {
  const engines = await testEngines()
  assert.deepEqual(await testEngines(), engines)
  const admin = clientOf(engines.brokers).admin()
  await admin.connect()
  const topic = uniqueName('engines')
  await admin.createTopics({ topics: [{ topic }] })
  assert.ok((await admin.listTopics()).includes(topic))
  await admin.deleteTopics({ topics: [topic] })
  await admin.disconnect()
})

test('a misspelt topic is an error, not a new topic', async () => {
  const producer = clientOf((await testEngines()).brokers).producer({ allowAutoTopicCreation: true })
  await producer.connect()
  await assert.rejects(producer.send({ topic: uniqueName('nowhere'), messages: [{ value: 'x' }] }))
  await producer.disconnect()
})

test('each test has a database of its own, gone after it', async (t) => {
  let url = ''
  await t.test('inner', async (inner) => {
    url = await testDatabase(inner)
    const sql = postgres(url)
    await sql`create table kept (id int)`
    assert.equal((await sql`select * from kept`).length, 0)
    await sql.end()
  })
  const sql = postgres(url, { max: 1 })
  await assert.rejects(sql`select 1`, { code: '3D000' })
  await sql.end()
})

test('an isolated broker may be killed and comes back at its address with its data', async (t) => {
  const kafka = await isolatedKafka(t)
  const topic = uniqueName('kept')
  const admin = clientOf(kafka.brokers).admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic }] })
  await admin.disconnect()
  await kafka.kill()
  await assert.rejects(clientOf(kafka.brokers).admin().connect())
  await kafka.start()
  const again = clientOf(kafka.brokers).admin()
  await again.connect()
  assert.deepEqual(await again.listTopics(), [topic])
  await again.disconnect()
})

test('a lent broker has nothing of who had it before, and is one alone’s', async (t) => {
  const topic = uniqueName('left')
  const use = (work: (admin: ReturnType<ReturnType<typeof clientOf>['admin']>) => Promise<void>) =>
    t.test('inner', async (inner) => {
      const { brokers } = await lentKafka(inner)
      assert.notDeepEqual((await lentKafka(inner)).brokers, brokers)
      const admin = clientOf(brokers).admin()
      await admin.connect()
      await work(admin)
      await admin.disconnect()
    })
  await use(async (admin) => {
    await admin.createTopics({ topics: [{ topic }] })
    // The first group of a broker waits for its coordinator.
    const commit = () => admin.setOffsets({ groupId: topic, topic, partitions: [{ partition: 0, offset: '0' }] })
    await until(() =>
      commit().then(
        () => true,
        () => false,
      ),
    )
  })
  await use(async (admin) => {
    assert.ok(!(await admin.listTopics()).includes(topic))
    assert.deepEqual((await admin.listGroups()).groups, [])
    await admin.createTopics({ topics: [{ topic }] })
  })
})
