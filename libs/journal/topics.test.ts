import assert from 'node:assert/strict'
import { test } from 'node:test'
import { metaTopic } from './families.ts'
import { memoryLog } from './memory/log.ts'
import { ensureTopics, TopicMisconfigured } from './topics.ts'

const options = { replication: 1, partitions: { account: 4, channel: 16, broadcast: 4, conversation: 4 } }

test('the first start makes every topic, later starts find them', async () => {
  const log = memoryLog()
  const first = await ensureTopics(log, options)
  assert.match(first.logId, /^[0-9a-f-]{36}$/)
  assert.deepEqual(first.partitions, options.partitions)
  const journal = await log.describeTopic('whiply.channel.journal')
  assert.equal(journal?.partitions, 16)
  assert.equal(journal?.config['retention.ms'], '-1')
  assert.equal((await log.describeTopic('whiply.account.commands'))?.config['retention.ms'], '86400000')
  assert.deepEqual(await ensureTopics(log, options), first)
  assert.equal(log.records(metaTopic, 0).length, 5)
})

test('the numbers of partitions are those of the first start', async () => {
  const log = memoryLog()
  await ensureTopics(log, options)
  const later = await ensureTopics(log, {
    ...options,
    partitions: { account: 8, channel: 48, broadcast: 8, conversation: 8 },
  })
  assert.deepEqual(later.partitions, options.partitions)
})

test('a log from before there was a family gets its topics, and keeps what it had', async () => {
  const log = memoryLog()
  const first = await ensureTopics(log, options)
  const older = memoryLog()
  const before = log.records(metaTopic, 0).filter(({ value }) => !value.includes('broadcast'))
  assert.equal(before.length, 4)
  await older.createTopic(metaTopic, {
    partitions: 1,
    replication: 1,
    config: (await log.describeTopic(metaTopic))?.config ?? {},
  })
  const appender = await older.appender()
  await appender.append(
    metaTopic,
    0,
    before.map(({ key, value }) => ({ key, value })),
  )
  await appender.close()
  const later = await ensureTopics(older, {
    ...options,
    partitions: { account: 8, channel: 48, broadcast: 6, conversation: 6 },
  })
  assert.deepEqual(later, {
    logId: first.logId,
    partitions: { account: 4, channel: 16, broadcast: 6, conversation: 4 },
  })
  assert.equal((await older.describeTopic('whiply.broadcast.journal'))?.partitions, 6)
  assert.deepEqual(await ensureTopics(older, options), later)
})

test('processes that start at once agree', async () => {
  const log = memoryLog()
  const metas = await Promise.all([1, 2, 3].map(() => ensureTopics(log, options)))
  assert.equal(new Set(metas.map((meta) => meta.logId)).size, 1)
})

test('with three copies an append needs two of them', async () => {
  const log = memoryLog()
  await ensureTopics(log, { ...options, replication: 3 })
  const journal = await log.describeTopic('whiply.channel.journal')
  assert.equal(journal?.config['min.insync.replicas'], '2')
  assert.equal(journal?.config['unclean.leader.election.enable'], 'false')
})

test('a journal that would forget is refused', async () => {
  const log = memoryLog()
  await log.createTopic('whiply.account.journal', { partitions: 4, replication: 1, config: { 'retention.ms': '1000' } })
  await assert.rejects(ensureTopics(log, options), (error) => {
    assert.ok(error instanceof TopicMisconfigured)
    assert.equal(error.code, 'journal.topic_misconfigured')
    assert.match(error.message, /whiply\.account\.journal/)
    return true
  })
})

test('fewer partitions than keys were shared out over are refused, more are not used', async () => {
  const log = memoryLog()
  await log.createTopic('whiply.account.commands', { partitions: 2, replication: 1, config: {} })
  await assert.rejects(ensureTopics(log, options), /2 partitions/)
})
