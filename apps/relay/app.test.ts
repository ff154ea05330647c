import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeState } from '#libs/integration/relay/state.ts'
import { positionsTopic } from '#libs/integration/topic-settings.ts'
import type { StoredRecord } from '#libs/journal/log.ts'
import { lentKafka } from '#libs/testing/lent-kafka.ts'
import { until } from '#libs/testing/until.ts'
import { author, platform } from './platform.fixtures.ts'

const chat = 'whiply.public.chat.v1'
const channel = '1000'

const seqOf = async (records: readonly StoredRecord[], decode: (value: Buffer) => Promise<{ readonly seq: number }>) =>
  Promise.all(records.map(async ({ value }) => (await decode(value)).seq))

test('the relay on real engines', async (t) => {
  const { brokers } = await lentKafka(t)
  const { vault, transactions, committed, decode, startRegistry, startRelay, ...given } = await platform(t, brokers)
  const post = (count: number) => given.post(channel, count)
  const seqs = async () => seqOf(await committed(chat), decode)
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

  await t.test('while the registry is away it waits, and nothing is skipped', async () => {
    const relay = await startRelay()
    await post(3)
    await assert.rejects(until(() => relay.ready(), { timeoutMs: 500 }))
    assert.deepEqual(await committed(chat), [])
    await startRegistry()
    await until(() => relay.ready())
    await until(async () => (await committed(chat)).length === 3)
    assert.deepEqual(await seqs(), [1, 2, 3])
    await relay.close()
  })

  await t.test('a record is a CloudEvent that any client of the registry decodes', async () => {
    const [record] = await committed(chat)
    assert.equal(record?.key?.toString(), channel)
    assert.equal(record?.headers.ce_type, `${chat}.MessagePosted`)
    assert.equal(record?.headers['content-type'], 'application/avro')
    const { messageId, at, ...data } = await decode(record?.value ?? Buffer.alloc(0))
    assert.equal(record?.headers.ce_id, `${messageId}/0`)
    assert.equal(record?.timestamp, at)
    assert.deepEqual(data, { channelId: channel, seq: 1, authorId: author, authorName: 'Ada', text: 'text 1' })
  })

  await t.test('the position behind what was published is read back, and nothing is published again', async () => {
    await post(2)
    const relay = await startRelay()
    await until(async () => (await committed(chat)).length >= 5)
    assert.deepEqual(await seqs(), upTo(5))
    const newest = (await committed(positionsTopic)).at(-1)
    assert.equal(newest?.key?.toString(), 'channel.0')
    assert.equal(decodeState(newest?.value ?? Buffer.alloc(0)).position.n, 5)
    await relay.close()
  })

  await t.test('killed between send and commit: what was sent is never seen, and is published once', async () => {
    const killed = await transactions.publisher('whiply.relay.channel.0')
    const sent = { key: Buffer.from(channel), value: Buffer.from('never'), headers: { ce_id: 'never' } }
    await killed.send([{ topic: chat, partition: 0, records: [sent] }])
    await post(1)
    const relay = await startRelay()
    await until(async () => (await committed(chat)).length >= 6)
    assert.deepEqual(await seqs(), upTo(6))
    await assert.rejects(() => killed.commit(), { code: 'log.fenced' })
    assert.equal((await committed(chat)).length, 6)
    await relay.close()
  })

  await t.test('a relay that is fenced takes over again, and each event is there once', async () => {
    const relay = await startRelay()
    await until(() => relay.ready())
    const other = await transactions.publisher('whiply.relay.channel.0')
    await post(3)
    await until(async () => (await committed(chat)).length >= 9, { timeoutMs: 20_000 })
    assert.deepEqual(await seqs(), upTo(9))
    await other.close()
    await relay.close()
  })

  await t.test('what an erased author wrote is published without the text', async () => {
    await post(1)
    await vault.keys.erase(author)
    const relay = await startRelay()
    await until(async () => (await committed(chat)).length >= 10)
    const last = await decode((await committed(chat)).at(-1)?.value ?? Buffer.alloc(0))
    assert.deepEqual([last.seq, last.authorId, last.authorName, last.text], [10, author, null, null])
    await relay.close()
  })
})
