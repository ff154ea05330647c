import { codecs } from '#libs/contracts/codecs.ts'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { encodeEntry } from '#libs/journal/envelope.ts'
import { journalTopic } from '#libs/journal/families.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { Log, NewRecord } from '#libs/journal/log.ts'
import type { Meta } from '#libs/journal/meta.ts'
import { eventId } from '#libs/journal/outcome.ts'
import { partitionOf } from '#libs/journal/partitioner.ts'
import type { PersonalKeys } from '#libs/vault/vault.ts'

const AUTHORS = 1_000
const CHANNELS = 200
const TEXT_BYTES = 200
const RECORDS_AT_ONCE = 4_000

const words = 'somebody once told me that the quickest way to a good chat is to have something worth saying in it '

type Channel = { readonly id: string; readonly partition: number; seq: number }

export type JournalWriter = {
  /** Appends so many messages, shared out over all channels, in one request. */
  readonly write: (count: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** Writes journals of channels as an owner would: a message a record, its text sealed by its author's key. */
export const openJournalWriter = async (log: Log, meta: Meta, keys: PersonalKeys): Promise<JournalWriter> => {
  const authors = Array.from({ length: AUTHORS }, (_, index) => String(100_000 + index))
  for (const author of authors) await keys.create(author)
  await keys.prefetch(authors)
  const partitions = meta.partitions.channel
  const channels = Array.from({ length: CHANNELS }, (_, index): Channel => {
    const id = String(10_000 + index)
    return { id, partition: partitionOf(id, partitions), seq: 0 }
  })
  const topic = journalTopic('channel')
  const appender = await log.appender()
  const written = new Map<number, number>()
  let index = 0

  for (let partition = 0; partition < partitions; partition++) {
    const claim = { kind: 'claim', nonce: 'bench', owner: 'bench', stateVersion: 1 } as const
    await appender.append(topic, partition, [encodeEntry({ ...claim, logId: meta.logId, partitions })])
  }

  const next = (): { readonly partition: number; readonly record: NewRecord } => {
    const channel = channels[index % CHANNELS] as Channel
    const author = authors[(index * 7) % AUTHORS] as string
    const n = (written.get(channel.partition) ?? 0) + 1
    written.set(channel.partition, n)
    const commandId = uuidv7()
    const text = `${index} ${words.repeat(3)}`.slice(0, TEXT_BYTES)
    const event = codecs.channel.sealEvent(
      {
        type: 'MessagePosted',
        ...channelAbsent.MessagePosted,
        seq: ++channel.seq,
        author,
        authorName: `Author ${author}`,
        text,
      },
      eventId(commandId, 0),
      keys.seal,
    )
    index++
    const record = encodeEntry({
      kind: 'outcome',
      claim: 0,
      n,
      at: Date.now(),
      key: channel.id,
      commandOffset: n,
      commandId,
      commandType: 'PostMessage',
      principal: author,
      origin: 'realtime-edge/bench',
      stateVersion: 1,
      fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA',
      outcome: { kind: 'accepted', events: [codecs.channel.encodeEvent(event)], summary: { seq: channel.seq } },
    })
    return { partition: channel.partition, record }
  }

  return {
    write: async (count) => {
      const made = Map.groupBy(Array.from({ length: count }, next), ({ partition }) => partition)
      const batches = [...made].map(([partition, records]) => ({
        partition,
        records: records.map((each) => each.record),
      }))
      await appender.appendMany(topic, batches)
    },
    close: appender.close,
  }
}

/** Fills journals with so many messages, as fast as it goes. */
export const writeMessages = async (log: Log, meta: Meta, keys: PersonalKeys, count: number): Promise<void> => {
  const writer = await openJournalWriter(log, meta, keys)
  for (let left = count; left > 0; left -= RECORDS_AT_ONCE) await writer.write(Math.min(left, RECORDS_AT_ONCE))
  await writer.close()
}
