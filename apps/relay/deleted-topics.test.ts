import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Kafka, logLevel } from 'kafkajs'
import { recordAdded } from '#libs/integration/access/records.ts'
import { topicFor } from '#libs/integration/public-topic.ts'
import { positionsTopic } from '#libs/integration/topic-settings.ts'
import { publicTopics } from '#libs/integration/topics.ts'
import { lentKafka } from '#libs/testing/lent-kafka.ts'
import { until } from '#libs/testing/until.ts'
import { platform } from './platform.fixtures.ts'

const chat = 'whiply.public.chat.v1'
const own = topicFor(chat, 'acme')
const channel = '1000'

test('topics that somebody deletes while the relay runs', async (t) => {
  const { brokers } = await lentKafka(t)
  const { committed, decode, log, post, startRegistry, startRelay } = await platform(t, brokers)
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  t.after(() => admin.disconnect())
  const remove = (...topics: readonly string[]) => admin.deleteTopics({ topics: [...topics] })
  const seqs = async (topic = chat) => {
    // One that was deleted is not there, for a moment.
    const records = await committed(topic).catch(() => [])
    return Promise.all(records.map(async ({ value }) => (await decode(value)).seq))
  }
  const untilThere = (count: number) =>
    until(async () => (await seqs()).length >= count, { timeoutMs: 30_000, what: `${count} events` })
  await startRegistry()
  const relay = await startRelay()
  await post(channel, 2)
  await untilThere(2)

  await t.test('a public topic is made anew, and what comes next is published there', async () => {
    await remove(chat)
    await post(channel, 2)
    await untilThere(2)
    assert.deepEqual(await seqs(), [3, 4])
  })

  await t.test('where it stood is gone: nothing comes twice, until the public topics are gone too', async () => {
    await remove(positionsTopic)
    await post(channel, 1)
    await until(() => !relay.ready())
    await until(async () => (await admin.listTopics()).includes(positionsTopic), { timeoutMs: 30_000 })
    await assert.rejects(until(() => relay.ready(), { timeoutMs: 3_000 }))
    assert.deepEqual(await seqs(), [3, 4])
    await remove(...publicTopics.map(({ topic }) => topic))
    await untilThere(5)
    assert.deepEqual(await seqs(), [1, 2, 3, 4, 5])
  })

  await t.test('nor does an integrator’s own topic get anything twice, while it holds what it was given', async () => {
    await recordAdded(log, 'acme', { reads: { [own]: Date.now() }, channels: [channel], passwordSince: undefined })
    await until(async () => (await log.describeTopic(own)) !== undefined, { timeoutMs: 30_000 })
    await post(channel, 1)
    await until(async () => (await seqs(own)).length === 1, { timeoutMs: 30_000 })
    await remove(positionsTopic, ...publicTopics.map(({ topic }) => topic))
    await post(channel, 1)
    await until(() => !relay.ready())
    await assert.rejects(until(() => relay.ready(), { timeoutMs: 3_000 }))
    assert.deepEqual([await seqs(), await seqs(own)], [[], [6]])
    await remove(own)
    await untilThere(7)
    assert.deepEqual(await seqs(own), [1, 2, 3, 4, 5, 6, 7])
  })
})
