import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Kafka, logLevel } from 'kafkajs'
import { positionsTopic } from '#libs/integration/topic-settings.ts'
import { publicTopics } from '#libs/integration/topics.ts'
import { lentKafka } from '#libs/testing/lent-kafka.ts'
import { until } from '#libs/testing/until.ts'
import { platform } from './platform.fixtures.ts'

const chat = 'whiply.public.chat.v1'
const channel = '1000'

test('topics that somebody deletes while the relay runs', async (t) => {
  const { brokers } = await lentKafka(t)
  const { committed, decode, post, startRegistry, startRelay } = await platform(t, brokers)
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  t.after(() => admin.disconnect())
  const remove = (...topics: readonly string[]) => admin.deleteTopics({ topics: [...topics] })
  const seqs = async () => {
    // One that was deleted is not there, for a moment.
    const records = await committed(chat).catch(() => [])
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
})
