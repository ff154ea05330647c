import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import { startSchemaRegistry } from '#apps/schema-registry/app.ts'
import { freePort } from '#infra/embedded/engine.ts'
import { readConfig, withSettings } from '#libs/config/config.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import type { Clear } from '#libs/contracts/sealed.ts'
import { decodeState } from '#libs/integration/relay/state.ts'
import { positionsTopic } from '#libs/integration/topic-settings.ts'
import { ensureConfiguredTopics } from '#libs/journal/configured-log.ts'
import { encodeEntry } from '#libs/journal/envelope.ts'
import { journalTopic } from '#libs/journal/families.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { kafkaLog } from '#libs/journal/kafka/log.ts'
import { kafkaTransactions } from '#libs/journal/kafka/transactions.ts'
import type { StoredRecord } from '#libs/journal/log.ts'
import { eventId } from '#libs/journal/outcome.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { inReverse } from '#libs/testing/in-reverse.ts'
import { lentKafka } from '#libs/testing/lent-kafka.ts'
import { until } from '#libs/testing/until.ts'
import { openVault } from '#libs/vault/open.ts'
import { start } from './app.ts'

const chat = 'whiply.public.chat.v1'
const author = '1001'
const channel = '1000'

/** Engines, a vault, a journal that a test writes as an owner would, and a reader of what was committed. */
const platform = async (outer: TestContext) => {
  const t = inReverse(outer)
  const kafka = await lentKafka(t)
  const settings = { CHANNEL_PARTITIONS: '1', FAMILY_PARTITIONS: '1', LOG_LEVEL: 'silent' }
  const config = withSettings(readConfig(settings), {
    databaseUrl: await testDatabase(t),
    kafkaBrokers: [...kafka.brokers],
    masterKey: randomBytes(32).toString('base64'),
    schemaRegistryPort: await freePort(),
  })
  const schemaRegistryUrl = `http://127.0.0.1:${config.schemaRegistryPort}`
  const given = withSettings(config, { schemaRegistryUrl })
  const vault = await openVault(config)
  t.after(vault.close)
  await vault.keys.create(author)
  await vault.keys.prefetch([author])
  const log = kafkaLog({ brokers: kafka.brokers })
  const transactions = kafkaTransactions({ brokers: kafka.brokers })
  t.after(() => Promise.all([log.close(), transactions.close()]))
  const { logId } = await ensureConfiguredTopics(log, config)
  const appender = await log.appender()
  const claim = { kind: 'claim', nonce: '1', owner: 'tests', stateVersion: 1, logId, partitions: 1 } as const
  await appender.append(journalTopic('channel'), 0, [encodeEntry(claim)])
  let n = 0

  /** Appends accepted outcomes, one for each message. */
  const post = async (count: number): Promise<void> => {
    const records = Array.from({ length: count }, () => {
      const commandId = uuidv7()
      n++
      const draft: Clear<ChannelEvent> = {
        type: 'MessagePosted',
        ...channelAbsent.MessagePosted,
        seq: n,
        author,
        authorName: 'Ada',
        text: `text ${n}`,
      }
      const event = codecs.channel.encodeEvent(codecs.channel.sealEvent(draft, eventId(commandId, 0), vault.keys.seal))
      return encodeEntry({
        kind: 'outcome',
        claim: 0,
        n,
        at: Date.now(),
        key: channel,
        commandOffset: n,
        commandId,
        commandType: 'PostMessage',
        principal: author,
        origin: 'tests',
        stateVersion: 1,
        fingerprint: '',
        outcome: { kind: 'accepted', events: [event], summary: {} },
      })
    })
    await appender.append(journalTopic('channel'), 0, records)
  }

  const committed = async (topic: string): Promise<readonly StoredRecord[]> => {
    const reader = await transactions.committed()
    const records: StoredRecord[] = []
    try {
      const { end } = await reader.bounds(topic, 0)
      for (let from = 0; from < end; ) {
        const run = await reader.read(topic, 0, from)
        records.push(...run.records)
        if (run.next === from) break
        from = run.next
      }
    } finally {
      await reader.close()
    }
    return records
  }

  const signal = new AbortController().signal
  return {
    vault,
    transactions,
    post,
    committed,
    decode: (value: Buffer) => new SchemaRegistry({ host: schemaRegistryUrl }).decode(value),
    startRegistry: async () => {
      const registry = await startSchemaRegistry(given, signal)
      t.after(registry.close)
    },
    startRelay: async () => {
      const relay = await start(given, signal)
      t.after(relay.close)
      return relay
    },
  }
}

const seqOf = async (records: readonly StoredRecord[], decode: (value: Buffer) => Promise<{ readonly seq: number }>) =>
  Promise.all(records.map(async ({ value }) => (await decode(value)).seq))

test('the relay on real engines', async (t) => {
  const { vault, transactions, post, committed, decode, startRegistry, startRelay } = await platform(t)
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
