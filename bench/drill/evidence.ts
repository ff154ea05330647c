import { codecs } from '#libs/contracts/codecs.ts'
import { kafkaLog } from '#libs/journal/kafka/log.ts'
import { openJournalReader } from '#libs/journal/reader/journal-reader.ts'
import { ensureTopics } from '#libs/journal/topics.ts'
import { call } from '../people.ts'
import type { RunningWhiply } from '../whiply.ts'
import type { Evidence, Seen } from './check.ts'

/** Every message of the channels, from the journal's beginning, read by a reader of its own. */
export const messagesInJournal = async (whiply: RunningWhiply): Promise<Evidence['journal']> => {
  const log = await kafkaLog({ brokers: [`127.0.0.1:${whiply.kafkaPort}`], clientId: 'drill' })
  const messages: (Seen & { author: string })[] = []
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
          for (const encoded of outcome.events) {
            if (encoded.type !== 'MessagePosted') continue
            const event = codecs.channel.decodeEvent(encoded)
            if (event.type === 'MessagePosted') {
              const { seq, author } = event
              messages.push({ channel: key, seq, id: commandId, author })
            }
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
  return messages
}

const pageSize = 100

/** Every message of a channel as the HTTP edge tells its history, page by page from the newest, oldest first. */
export const messagesInHistory = async (httpPort: number, channel: string): Promise<readonly Seen[]> => {
  const pages: Seen[][] = []
  let before: number | undefined
  for (let page = 0; ; page++) {
    const path = `/v1/channels/${channel}/messages?limit=${pageSize}${before === undefined ? '' : `&before=${before}`}`
    const address = `127.2.${1 + (page % 250)}.${1 + (Math.floor(page / 250) % 250)}`
    const { status, body } = await call(httpPort, { method: 'GET', path, address })
    if (status !== 200) throw new Error(`history of ${channel}: ${status} ${JSON.stringify(body)}`)
    const messages = (body.messages as { id: string; seq: number }[]).map(({ id, seq }) => ({ channel, seq, id }))
    if (messages.length === 0) return pages.reverse().flat()
    const ascending = messages.toSorted((a, b) => a.seq - b.seq)
    pages.push(ascending)
    before = ascending[0]?.seq
  }
}
