import { codecs } from '#libs/contracts/codecs.ts'
import { call } from '../people.ts'
import type { RunningWhiply } from '../whiply.ts'
import type { Evidence, Seen } from './check.ts'
import { readJournal } from './journal.ts'

/** Every message of the channels, from the journal's beginning. */
export const messagesInJournal = async (whiply: RunningWhiply): Promise<Evidence['journal']> => {
  const messages: (Seen & { author: string })[] = []
  await readJournal([`127.0.0.1:${whiply.kafkaPort}`], 'channel', ({ record, event: encoded }) => {
    if (encoded.type !== 'MessagePosted') return
    const event = codecs.channel.decodeEvent(encoded)
    if (event.type !== 'MessagePosted') return
    messages.push({ channel: record.key, seq: event.seq, id: record.commandId, author: event.author })
  })
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
