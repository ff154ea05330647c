import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import kafkajs, { Kafka, logLevel } from 'kafkajs'
import { secureKafka, withRights } from '#libs/testing/secure-kafka.ts'
import { until } from '#libs/testing/until.ts'
import { kafkaLog } from './log.ts'
import { kafkaTransactions } from './transactions.ts'

const { AclOperationTypes, AclResourceTypes, AclPermissionTypes, ResourcePatternTypes } = kafkajs

const document = readFileSync(new URL('../../../docs/operating.md', import.meta.url), 'utf8')

const resourceTypes = {
  topic: AclResourceTypes.TOPIC,
  group: AclResourceTypes.GROUP,
  'transactional-id': AclResourceTypes.TRANSACTIONAL_ID,
} as const

const operations: Readonly<Record<string, number>> = {
  Create: AclOperationTypes.CREATE,
  Describe: AclOperationTypes.DESCRIBE,
  DescribeConfigs: AclOperationTypes.DESCRIBE_CONFIGS,
  AlterConfigs: AclOperationTypes.ALTER_CONFIGS,
  Read: AclOperationTypes.READ,
  Write: AclOperationTypes.WRITE,
}

/** The commands of the operator's document that give whiply's user its rights. */
const documented = [...document.matchAll(/kafka-acls\.sh (?:.*\\\n)*.*/g)].flatMap(([command]) => {
  const [, of = '', resourceName = ''] = /--(topic|group|transactional-id) (\S+)/.exec(command) ?? []
  return [...command.matchAll(/--operation (\w+)/g)].map(([, operation = '']) => ({
    resourceType: resourceTypes[of as keyof typeof resourceTypes],
    resourceName,
    resourcePatternType: ResourcePatternTypes.PREFIXED,
    principal: 'User:whiply',
    host: '*',
    operation: operations[operation] ?? 0,
    permissionType: AclPermissionTypes.ALLOW,
  }))
})

test('the rights that the document names are enough for whiply, and give it nothing else', async (t) => {
  const { plainLogin, open, user } = await secureKafka(t, withRights)
  const admin = new Kafka({ brokers: [open], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  t.after(() => admin.disconnect())
  const options = {
    brokers: [plainLogin],
    instance: 'decider-1',
    sasl: { mechanism: 'scram-sha-512', ...user },
  } as const
  const [log, transactions] = [kafkaLog(options), kafkaTransactions(options)]
  t.after(() => Promise.all([log.close(), transactions.close()]))
  const settings = { partitions: 1, replication: 1, config: { 'retention.ms': '1000000' } }
  await assert.rejects(log.createTopic('whiply.test.journal', settings))

  assert.equal(documented.length, 10)
  await admin.createAcls({ acl: [...documented] })
  await until(() => log.createTopic('whiply.test.journal', settings).then(Boolean, () => false))
  assert.equal((await log.describeTopic('whiply.test.journal'))?.partitions, 1)
  const record = { key: null, value: Buffer.from('first') }
  const appender = await log.appender()
  await appender.append('whiply.test.journal', 0, [record])
  assert.deepEqual(await log.bounds('whiply.test.journal'), [{ start: 0, end: 1 }])

  const read: string[] = []
  const tail = await log.tail(['whiply.test.journal'], {
    onRecords: async (_topic, _partition, records) => {
      read.push(...records.map(({ value }) => String(value)))
    },
    onOutOfRange: () => assert.fail('out of range'),
    onError: (error) => assert.fail(error),
  })
  tail.read('whiply.test.journal', 0, 0)
  await until(() => read.length === 1)
  await tail.close()

  let assigned = 0
  const membership = await log.join({
    group: 'whiply.test',
    topics: ['whiply.test.journal'],
    onAssignment: () => {
      assigned++
    },
  })
  await until(() => assigned > 0)
  await membership.leave()

  const publisher = await transactions.publisher('whiply.relay.test.0')
  await publisher.send([{ topic: 'whiply.test.journal', partition: 0, records: [record] }])
  await publisher.commit()
  await transactions.configure('whiply.test.journal', { 'retention.ms': '2000000' })
  const committed = await transactions.committed()
  assert.equal((await committed.read('whiply.test.journal', 0, 0)).records.length, 2)
  await assert.rejects(log.createTopic('another', settings))
})
