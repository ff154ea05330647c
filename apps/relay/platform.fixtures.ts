import { randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import { startSchemaRegistry } from '#apps/schema-registry/app.ts'
import { freePort } from '#infra/embedded/engine.ts'
import { readConfig, withSettings } from '#libs/config/config.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import type { Clear } from '#libs/contracts/sealed.ts'
import { ensureConfiguredTopics } from '#libs/journal/configured-log.ts'
import { encodeEntry } from '#libs/journal/envelope.ts'
import { journalTopic } from '#libs/journal/families.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { kafkaLog } from '#libs/journal/kafka/log.ts'
import { kafkaTransactions } from '#libs/journal/kafka/transactions.ts'
import type { StoredRecord } from '#libs/journal/log.ts'
import { eventId } from '#libs/journal/outcome.ts'
import { partitionOf } from '#libs/journal/partitioner.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { inReverse } from '#libs/testing/in-reverse.ts'
import { openVault } from '#libs/vault/open.ts'
import { start } from './app.ts'

export const author = '1001'

/** A vault, a journal that a test writes as an owner would, the registry, and a reader of what was committed. */
export const platform = async (outer: TestContext, brokers: readonly string[], partitions = 1) => {
  const t = inReverse(outer)
  const settings = { CHANNEL_PARTITIONS: String(partitions), FAMILY_PARTITIONS: '1', LOG_LEVEL: 'silent' }
  const config = withSettings(readConfig(settings), {
    databaseUrl: await testDatabase(t),
    kafkaBrokers: [...brokers],
    masterKey: randomBytes(32).toString('base64'),
    schemaRegistryPort: await freePort(),
  })
  const schemaRegistryUrl = `http://127.0.0.1:${config.schemaRegistryPort}`
  const given = withSettings(config, { schemaRegistryUrl })
  const vault = await openVault(config)
  t.after(vault.close)
  await vault.keys.create(author)
  await vault.keys.prefetch([author])
  const log = kafkaLog({ brokers })
  const transactions = kafkaTransactions({ brokers })
  t.after(() => Promise.all([log.close(), transactions.close()]))
  const { logId } = await ensureConfiguredTopics(log, config)
  const appender = await log.appender()
  const claim = { kind: 'claim', nonce: '1', owner: 'tests', stateVersion: 1, logId, partitions } as const
  const written = Array.from({ length: partitions }, () => 0)
  for (const partition of written.keys())
    await appender.append(journalTopic('channel'), partition, [encodeEntry(claim)])
  const seqs = new Map<string, number>()

  /** Appends accepted outcomes to a channel, one for each message, numbered from 1 on. */
  const post = async (channel: string, count: number): Promise<void> => {
    const partition = partitionOf(channel, partitions)
    const records = Array.from({ length: count }, () => {
      const commandId = uuidv7()
      const seq = (seqs.get(channel) ?? 0) + 1
      seqs.set(channel, seq)
      const n = (written[partition] ?? 0) + 1
      written[partition] = n
      const draft: Clear<ChannelEvent> = {
        type: 'MessagePosted',
        ...channelAbsent.MessagePosted,
        seq,
        author,
        authorName: 'Ada',
        text: `text ${seq}`,
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
    await appender.append(journalTopic('channel'), partition, records)
  }

  /** Of the topic's partitions one behind the other. */
  const committed = async (topic: string): Promise<readonly StoredRecord[]> => {
    const reader = await transactions.committed()
    const records: StoredRecord[] = []
    try {
      for (const partition of written.keys()) {
        const { end } = await reader.bounds(topic, partition)
        for (let from = 0; from < end; ) {
          const run = await reader.read(topic, partition, from)
          records.push(...run.records)
          if (run.next === from) break
          from = run.next
        }
      }
    } finally {
      await reader.close()
    }
    return records
  }

  const signal = new AbortController().signal
  return {
    config: given,
    logId,
    vault,
    log,
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
