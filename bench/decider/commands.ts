import { classificationFacts } from '#libs/channel/policy/classification.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import { type ChannelCommand, channelAbsent } from '#libs/contracts/generated/channel.ts'
import { encodeCommandRecord } from '#libs/journal/envelope.ts'
import { commandTopic } from '#libs/journal/families.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { Log, NewRecord } from '#libs/journal/log.ts'
import type { Meta } from '#libs/journal/meta.ts'
import { partitionOf } from '#libs/journal/partitioner.ts'
import { largePolicy, lineOf } from './policy.ts'

export const AUTHORS = 1_000
export const CHANNELS = 16
const TEXT_BYTES = 100
const RECORDS_AT_ONCE = 2_000
const LIFETIME_MS = 600_000
/** Older than any rule asks for. */
const ACCOUNT_CREATED_AT = '1700000000000'

type Channel = { readonly id: string; readonly partition: number }

/** A channel for each partition in turn. */
const channelsOf = (partitions: number): readonly Channel[] => {
  const channels: Channel[] = []
  for (let id = 10_000; channels.length < CHANNELS; id++) {
    const partition = partitionOf(String(id), partitions)
    if (partition === channels.length % partitions) channels.push({ id: String(id), partition })
  }
  return channels
}

export const authorsOf = (): readonly string[] => Array.from({ length: AUTHORS }, (_, index) => String(100_000 + index))

const recordOf = (
  key: string,
  principal: string,
  command: ChannelCommand,
  facts: Readonly<Record<string, string>> = {},
): NewRecord => {
  const { type, version, bytes } = codecs.channel.encodeCommand(command)
  return encodeCommandRecord({
    id: uuidv7(),
    key,
    principal,
    type,
    version,
    payload: bytes,
    facts,
    expiresAt: Date.now() + LIFETIME_MS,
    origin: 'bench',
  })
}

/** Lays commands into the topic of the channels: what makes the rooms ready, and posts shared out over all of them. */
export const openCommands = async (log: Log, meta: Meta) => {
  const topic = commandTopic('channel')
  const channels = channelsOf(meta.partitions.channel)
  const appender = await log.appender()
  const authors = authorsOf()
  let number = 0

  const post = (): { readonly partition: number; readonly record: NewRecord } => {
    const { id, partition } = channels[number % CHANNELS] as Channel
    const author = authors[(number * 7) % AUTHORS] as string
    const text = lineOf(number++, TEXT_BYTES)
    const facts = { displayName: `Author ${author}`, platformRole: 'user', accountCreatedAt: ACCOUNT_CREATED_AT }
    const classified = classificationFacts({ kind: 'classified', label: 'toxic', score: 0.1, version: '1' })
    const command = { type: 'PostMessage', ...channelAbsent.PostMessage, text } as const
    return { partition, record: recordOf(id, author, command, { ...facts, ...classified }) }
  }

  return {
    /** Channels with every rule on. Two commands for each. */
    openRooms: async (): Promise<number> => {
      const { text: policy } = largePolicy()
      for (const { id, partition } of channels)
        await appender.append(topic, partition, [
          recordOf(id, id, { type: 'CreateChannel', ownerId: id, slug: null }),
          recordOf(id, id, { type: 'SetPolicy', policy, reason: null }),
        ])
      return 2 * channels.length
    },
    posts: async (count: number): Promise<void> => {
      for (let left = count; left > 0; left -= RECORDS_AT_ONCE) {
        const made = Map.groupBy(
          Array.from({ length: Math.min(left, RECORDS_AT_ONCE) }, post),
          ({ partition }) => partition,
        )
        const batches = [...made].map(([partition, each]) => ({ partition, records: each.map(({ record }) => record) }))
        await appender.appendMany(topic, batches)
      }
    },
    close: appender.close,
  }
}
