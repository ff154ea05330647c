import { Kafka, logLevel } from 'kafkajs'
import { kafkaLog } from '#libs/journal/kafka/log.ts'
import { eventId } from '#libs/journal/outcome.ts'
import { openJournalReader } from '#libs/journal/reader/journal-reader.ts'
import { ensureTopics } from '#libs/journal/topics.ts'
import type { PublicSeen } from './relay-check.ts'

const chat = 'whiply.public.chat.v1'
const channel = 'whiply.public.channel.v1'

/** Written down here once more, so that a mapping that loses its entry is found. */
const topicOf: Readonly<Record<string, string>> = {
  MessagePosted: chat,
  HeldMessageApproved: chat,
  MessageDeleted: chat,
  MessagesDeleted: chat,
  MessagesRestored: chat,
  MemberTimedOut: chat,
  TimeoutEnded: chat,
  MemberBanned: chat,
  BanEnded: chat,
  ChannelCreated: channel,
  ChannelClosed: channel,
  ChannelReopened: channel,
  SettingsChanged: channel,
  ModeChanged: channel,
  RoleAssigned: channel,
}

/** Every event of the journal that has to be public, from the beginning, by a reader of its own. */
export const publicInJournal = async (brokers: readonly string[]): Promise<readonly PublicSeen[]> => {
  const log = kafkaLog({ brokers, clientId: 'drill' })
  const found: PublicSeen[] = []
  try {
    const meta = await ensureTopics(log, {
      replication: 1,
      partitions: { account: 4, channel: 16, broadcast: 4, conversation: 4 },
    })
    const failed = Promise.withResolvers<never>()
    const reader = await openJournalReader({
      log,
      logId: meta.logId,
      families: ['channel'],
      onOutcomes: (_family, _partition, outcomes) => {
        for (const { key, commandId, outcome } of outcomes) {
          if (outcome.kind !== 'accepted') continue
          for (const [index, { type }] of outcome.events.entries()) {
            const topic = topicOf[type]
            if (topic) found.push({ topic, channel: key, id: eventId(commandId, index) })
          }
        }
      },
      onPositionInvalid: () => failed.reject(new Error('a reader from the beginning was refused')),
      onError: failed.reject,
    })
    for (let partition = 0; partition < meta.partitions.channel; partition++)
      reader.read('channel', partition, 'beginning')
    await Promise.race([reader.caughtUp(AbortSignal.timeout(60_000)), failed.promise])
    await reader.close()
  } finally {
    await log.close()
  }
  return found
}

/** How long nothing more may come before it is taken for all. */
const quietMs = 3_000
const mostMs = 60_000

/**
 * Every event of the public topics, from the beginning, as a plain consumer of kafkajs sees them that reads what is
 * committed: no code of the relay's is used.
 */
export const publishedEvents = async (brokers: readonly string[], expected: number): Promise<readonly PublicSeen[]> => {
  const kafka = new Kafka({ brokers: [...brokers], clientId: 'drill-consumer', logLevel: logLevel.NOTHING })
  const consumer = kafka.consumer({ groupId: `drill-${process.pid}`, readUncommitted: false, maxWaitTimeInMs: 200 })
  const published: PublicSeen[] = []
  let lastAt = performance.now()
  await consumer.connect()
  await consumer.subscribe({ topics: [chat, channel], fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ topic, message: { key, headers } }) => {
      published.push({ topic, channel: String(key), id: String(headers?.ce_id) })
      lastAt = performance.now()
    },
  })
  const started = performance.now()
  const isAll = () => {
    const quiet = performance.now() - lastAt > quietMs
    return quiet && (published.length >= expected || performance.now() - started > mostMs)
  }
  while (!isAll()) await new Promise((resolve) => setTimeout(resolve, 100))
  await consumer.disconnect()
  return published
}
