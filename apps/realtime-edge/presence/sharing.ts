import { presenceTopic } from '#libs/journal/families.ts'
import type { Appender, Log, Tail } from '#libs/journal/log.ts'
import { decodePresence, encodePresence, type PresenceMessage } from './message.ts'
import type { PresenceTable, Report } from './table.ts'

export type SharingOptions = {
  readonly log: Log
  readonly table: PresenceTable
  /** This edge's name among the edges. */
  readonly edge: string
  readonly replication: number
  readonly onError: (error: unknown) => void
  readonly now?: () => number
}

/** Presence over the log, so that several edges agree. A log that is away costs agreement, nothing else. */
export type Sharing = {
  /** Says what has changed here; to be called about once a second. */
  readonly tick: () => Promise<void>
  readonly close: () => Promise<void>
}

const RENEW_MS = 5000
const ALL_MS = 30_000
/** Channels in one record: with all their names, well below what a broker takes. */
const CHANNELS_A_RECORD = 40

const topicConfig = { 'cleanup.policy': 'delete', 'retention.ms': '600000', 'segment.ms': '600000' }

const chunks = (channels: readonly string[]): readonly (readonly string[])[] => {
  const found: string[][] = []
  for (let at = 0; at < channels.length; at += CHANNELS_A_RECORD) found.push(channels.slice(at, at + CHANNELS_A_RECORD))
  return found
}

export const startSharing = async (options: SharingOptions): Promise<Sharing> => {
  const { log, table, edge, replication, onError, now = Date.now } = options
  await log.createTopic(presenceTopic, { partitions: 1, replication, config: topicConfig })
  let appender: Appender | undefined
  let tail: Tail | undefined
  let saidAt = 0
  let saidAllAt = 0
  let asked = false
  let saying = false

  const hear = (message: PresenceMessage): void => {
    if (message.edge === edge) return
    if (message.ask) saidAllAt = 0
    if (message.kind === 'bye') table.gone(message.edge)
    else if (message.kind === 'all' || table.knows(message.edge))
      table.heard(message.edge, message.channels, message.kind === 'all', now())
  }

  const listen = async (): Promise<void> => {
    const bounds = await log.bounds(presenceTopic)
    tail = await log.tail([presenceTopic], {
      onRecords: (_topic, _partition, records) => {
        for (const { value } of records) {
          const message = decodePresence(value)
          if (message) hear(message)
        }
      },
      onOutOfRange: (topic, partition, _expected, { end }) => tail?.read(topic, partition, end),
      onError: (error) => {
        onError(error)
        tail = undefined
      },
    })
    tail.read(presenceTopic, 0, bounds[0]?.end ?? 0)
  }

  const say = async (messages: readonly Omit<PresenceMessage, 'edge'>[]): Promise<void> => {
    try {
      appender ??= await log.appender()
      const records = messages.map((message) => ({
        key: Buffer.from(edge),
        value: encodePresence({ edge, ...message }),
      }))
      await appender.append(presenceTopic, 0, records)
      saidAt = now()
    } catch (error) {
      await appender?.close().catch(() => {})
      appender = undefined
      // What was taken as said may not have been: all of it is said anew.
      saidAllAt = 0
      onError(error)
    }
  }

  const reports = (channels: readonly string[]): ReadonlyMap<string, Report> =>
    new Map(channels.map((channel) => [channel, table.here(channel)]))

  const sayAll = async (): Promise<void> => {
    const [first = [], ...rest] = chunks([...table.channelsHere()])
    saidAllAt = now()
    await say([
      { kind: 'all', ask: !asked, channels: reports(first) },
      ...rest.map((channels) => ({ kind: 'change' as const, ask: false, channels: reports(channels) })),
    ])
    asked = true
  }

  const tick = async (): Promise<void> => {
    if (saying) return
    saying = true
    try {
      if (!tail) await listen().catch(onError)
      table.expire(now())
      const changed = [...table.takeChangedHere()]
      if (now() - saidAllAt >= ALL_MS) return await sayAll()
      if (changed.length > 0)
        return await say(
          chunks(changed).map((channels) => ({ kind: 'change', ask: false, channels: reports(channels) })),
        )
      if (now() - saidAt >= RENEW_MS) await say([{ kind: 'change', ask: false, channels: new Map() }])
    } finally {
      saying = false
    }
  }

  await listen()
  return {
    tick,
    close: async () => {
      saying = true
      await say([{ kind: 'bye', ask: false, channels: new Map() }])
      await tail?.close().catch(() => {})
      await appender?.close().catch(() => {})
    },
  }
}
