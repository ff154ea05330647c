import { Kafka, logLevel } from 'kafkajs'
import { eventId } from '#libs/journal/outcome.ts'
import { readJournal } from './journal.ts'
import type { PublicSeen } from './relay-check.ts'

const chat = 'whiply.public.chat.v1'
const channel = 'whiply.public.channel.v1'

/** In which topic an event of the journal has to be; written down here once more, so that a mapping that loses its entry is found. */
export const topicOf: Readonly<Record<string, string>> = {
  MessagePosted: chat,
  HeldMessageApproved: chat,
  MessageEdited: chat,
  MessageDeleted: chat,
  MessagesDeleted: chat,
  MessagesRestored: chat,
  MemberTimedOut: chat,
  TimeoutEnded: chat,
  MemberBanned: chat,
  BanEnded: chat,
  ChannelCreated: channel,
  ChannelTransferred: channel,
  ChannelRenamed: channel,
  ChannelClosed: channel,
  ChannelReopened: channel,
  SettingsChanged: channel,
  ModeChanged: channel,
  RoleAssigned: channel,
}

/** Every event of the journal that has to be public, from the beginning. */
export const publicInJournal = async (brokers: readonly string[]): Promise<readonly PublicSeen[]> => {
  const found: PublicSeen[] = []
  await readJournal(brokers, 'channel', ({ record, event, index }) => {
    const topic = topicOf[event.type]
    if (topic) found.push({ topic, channel: record.key, id: eventId(record.commandId, index) })
  })
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
