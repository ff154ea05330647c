import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testEngines, uniqueName } from '#libs/testing/engines.ts'
import { publisherContract } from '../publisher.contract.ts'
import type { PublishedRecord } from '../publisher.ts'
import { openCluster } from './cluster.ts'
import { kafkaLog } from './log.ts'
import { settingsOf } from './options.ts'
import { inRequests } from './publisher.ts'
import { transactionVersion } from './transaction-calls.ts'
import { kafkaTransactions } from './transactions.ts'

for (const version of [1, 2] as const)
  publisherContract(`the log on Kafka, with its transactions of version ${version}`, async () => {
    const { brokers } = await testEngines()
    const log = kafkaLog({ brokers })
    return {
      log: kafkaTransactions({ brokers }, version),
      uniqueName,
      createTopic: async (topic) => {
        await log.createTopic(topic, { partitions: 2, replication: 1, config: { 'retention.ms': '-1' } })
      },
      close: () => log.close(),
    }
  })

test('a cluster is asked which transactions it speaks', async () => {
  const { brokers } = await testEngines()
  const { cluster, close } = await openCluster(settingsOf({ brokers }))
  await cluster.refreshMetadata()
  assert.equal(await transactionVersion(await cluster.findControllerBroker()), 2)
  close()
})

test('settings of a topic are changed, and those that are not named stay', async () => {
  const { brokers } = await testEngines()
  const [log, transactions] = [kafkaLog({ brokers }), kafkaTransactions({ brokers })]
  const topic = uniqueName('configured')
  const config = { 'retention.ms': '7000', 'segment.ms': '8000', 'message.timestamp.type': 'CreateTime' }
  await log.createTopic(topic, { partitions: 1, replication: 1, config })
  await transactions.configure(topic, { 'retention.ms': '9000' })
  const changed = (await log.describeTopic(topic))?.config
  assert.deepEqual([changed?.['retention.ms'], changed?.['segment.ms']], ['9000', '8000'])
  await Promise.all([log.close(), transactions.close()])
})

const records = (count: number, bytes: number): readonly PublishedRecord[] =>
  Array.from({ length: count }, () => ({ key: null, value: Buffer.alloc(bytes) }))

test('batches that are too large for one request are cut into several, in order', () => {
  const batches = [
    { topic: 'a', partition: 0, records: records(3, 200_000) },
    { topic: 'b', partition: 1, records: records(2, 200_000) },
  ]
  const cut = inRequests(batches).map((request) => request.map(({ topic, records: { length } }) => [topic, length]))
  assert.deepEqual(cut, [
    [['a', 2]],
    [
      ['a', 1],
      ['b', 1],
    ],
    [['b', 1]],
  ])
})

test('a record that is larger than a request goes alone', () => {
  const [alone, rest] = inRequests([{ topic: 'a', partition: 0, records: records(2, 600_000) }])
  assert.deepEqual([alone?.[0]?.records.length, rest?.[0]?.records.length], [1, 1])
})
