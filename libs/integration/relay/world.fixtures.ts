import { codecs } from '#libs/contracts/codecs.ts'
import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import type { Clear, Open, Seal } from '#libs/contracts/sealed.ts'
import { clockTopic } from '#libs/journal/families.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { Instant } from '#libs/journal/log.ts'
import { type MemoryTransactionsOptions, memoryTransactions } from '#libs/journal/memory/transactions.ts'
import { eventId } from '#libs/journal/outcome.ts'
import { partitionOf } from '#libs/journal/partitioner.ts'
import { journalFixture, logId, type Written } from '#libs/readmodel/journal.fixtures.ts'
import { shareAlone } from '#libs/readmodel/share.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { integratorsTopic } from '../access/records.ts'
import { topicFor } from '../public-topic.ts'
import { publicTopics } from '../topics.ts'
import type { EncodeEvent } from './prepare.ts'
import { type Relay, type RelayOptions, runRelay } from './relay.ts'

/** A public record as a test looks at it; values are JSON here. */
export type Published = {
  readonly key: string
  readonly id: string
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

const partitions = 2

/** Fields are sealed by what they are bound to and the text itself; `erased` have no key any more. */
export const seal: Seal = (subject, id, field, text) => Buffer.from(JSON.stringify([subject, id, field, text])) as never

const keysOf = (erased: Set<string>, isAway: () => boolean) => {
  const open: Open = (subject, id, field, sealed) => {
    const [ofSubject, ofId, ofField, text] = JSON.parse(sealed.toString())
    if (erased.has(subject) || ofSubject !== subject || ofId !== id || ofField !== field) return undefined
    return text
  }
  return {
    prefetch: async () => {
      if (isAway()) throw Object.assign(new Error('the vault is away'), { code: 'ECONNREFUSED' })
    },
    open,
    forget: (subject: string) => void erased.add(subject),
  }
}

/** Journals in memory, a relay over them, and what it has published. */
export const relayWorld = async (
  given: MemoryTransactionsOptions & { readonly encode?: EncodeEvent; readonly brokerNow?: () => Instant } = {},
) => {
  const journal = await journalFixture(partitions, given.brokerNow)
  await journal.log.createTopic(clockTopic, { partitions: 1, replication: 1, config: {} })
  const transactions = memoryTransactions(given)
  const erased = new Set<string>()
  let vaultAway = false
  const json: EncodeEvent = async (_topic, { data }) => ({ value: Buffer.from(JSON.stringify(data)) })
  const options: RelayOptions = {
    log: journal.log,
    transactions,
    meta: { logId, partitions: { account: partitions, channel: partitions, broadcast: 1, conversation: 1 } },
    topics: publicTopics,
    vault: { keys: keysOf(erased, () => vaultAway), reconciled: { places: async () => new Map() } },
    encode: given.encode ?? json,
    ensureTopics: async () => {},
    retentionMs: 86_400_000,
    logger: createLogger('relay', 'silent'),
    share: shareAlone(journal.places.filter(({ family }) => family === 'channel')),
  }

  /** An accepted outcome of these events, in the partition of its channel. @returns the command's id */
  const accept = async (
    channel: string,
    drafts: readonly Clear<ChannelEvent>[],
    more: Partial<Written> = {},
  ): Promise<string> => {
    const commandId = uuidv7()
    const events = drafts.map((draft, index) =>
      codecs.channel.encodeEvent(codecs.channel.sealEvent(draft, eventId(commandId, index), seal)),
    )
    const record = { key: channel, commandId, at: Date.now(), events, ...more }
    await journal.write('channel', partitionOf(channel, partitions), [record])
    return commandId
  }

  /** Says of an integrator what the command writes down: the channels that its topic of chat holds. */
  const give = async (name: string, channels: readonly string[] | undefined): Promise<void> => {
    const publisher = await transactions.publisher('tests')
    const reads = { [topicFor('whiply.public.chat.v1', name)]: 1 }
    const value = channels ? { kind: 'added', reads, channels } : { kind: 'revoked', at: 1 }
    const record = { key: Buffer.from(name), value: Buffer.from(JSON.stringify(value)) }
    await publisher.send([{ topic: integratorsTopic, partition: 0, records: [record] }])
    await publisher.commit()
  }

  const published = (topic: string): readonly Published[] =>
    Array.from({ length: partitions }, (_, partition) => transactions.records(topic, partition))
      .flat()
      .map(({ key, headers, value }) => ({
        key: key?.toString() ?? '',
        id: headers.ce_id ?? '',
        type: headers.ce_type ?? '',
        data: JSON.parse(value.toString()),
      }))

  return {
    accept,
    give,
    published,
    transactions,
    write: journal.write,
    log: journal.log,
    erased,
    setVaultAway: (away: boolean) => {
      vaultAway = away
    },
    start: (more: Partial<RelayOptions> = {}): Promise<Relay> => runRelay({ ...options, ...more }),
  }
}
