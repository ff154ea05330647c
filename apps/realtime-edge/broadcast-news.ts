import { codecs } from '#libs/contracts/codecs.ts'
import type { BroadcastEvent } from '#libs/contracts/generated/broadcast.ts'
import { safeError } from '#libs/http/safe-error.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import type { ServerFrameOf } from '#libs/protocols/native/server-frames.ts'
import { textFrame } from '#libs/protocols/native/wire.ts'
import type { Connection } from './connection.ts'
import type { Recipient } from './recipient.ts'
import type { Rooms } from './rooms.ts'

export type BroadcastNewsOptions = {
  readonly rooms: Pick<Rooms, 'get'>
  readonly connections: () => Iterable<Connection>
  /** Those of the accounts who follow a channel, as the read model has it. */
  readonly followersAmong: (channel: string, accountIds: readonly string[]) => Promise<ReadonlySet<string>>
  readonly alarm: (code: string, details: Readonly<Record<string, unknown>>) => void
  readonly onError: (error: unknown) => void
  readonly now?: () => number
}

type News = Pick<ServerFrameOf<'broadcast'>, 'broadcast' | 'state' | 'reason'>

/** What is older was told when it happened, or is of interest to nobody any more. */
const FRESH_MS = 60_000

const newsOf = (event: BroadcastEvent): News | undefined => {
  switch (event.type) {
    case 'BroadcastStarted':
    case 'BroadcastResumed':
      return { broadcast: event.broadcastId, state: 'live' }
    case 'BroadcastInterrupted':
      return { broadcast: event.broadcastId, state: 'interrupted' }
    case 'BroadcastEnded':
      return { broadcast: event.broadcastId, state: 'ended', reason: event.reason }
    case 'BroadcastInfoChanged':
      return event.broadcastId === null ? undefined : { broadcast: event.broadcastId, state: 'changed' }
    case 'WarningAppeared':
    case 'WarningCleared':
      // Of the others the broadcaster is told, with how the encoder does.
      return event.warning === 'no_renditions' ? { broadcast: event.broadcastId, state: 'changed' } : undefined
    default:
      return undefined
  }
}

const wanted: ReadonlySet<string> = new Set<BroadcastEvent['type']>([
  'BroadcastStarted',
  'BroadcastResumed',
  'BroadcastInterrupted',
  'BroadcastEnded',
  'BroadcastInfoChanged',
  'WarningAppeared',
  'WarningCleared',
])

/**
 * Tells those in a channel what becomes of its broadcast, and those who follow it, wherever they are, that one has
 * begun.
 */
export const createBroadcastNews = (options: BroadcastNewsOptions): ((records: readonly OutcomeRecord[]) => void) => {
  const { rooms, connections, followersAmong, alarm, onError, now = Date.now } = options

  const tellFollowers = async (channel: string, bytes: Buffer, told: ReadonlySet<Recipient>): Promise<void> => {
    const others = [...connections()].filter((connection) => connection.identity && !told.has(connection))
    if (others.length === 0) return
    const accountIds = [...new Set(others.flatMap(({ identity }) => identity?.accountId ?? []))]
    const followers = await followersAmong(channel, accountIds)
    for (const connection of others)
      if (connection.open && followers.has(connection.identity?.accountId ?? '')) connection.write(bytes)
  }

  const tell = (channel: string, event: BroadcastEvent, at: number): void => {
    const news = newsOf(event)
    if (!news) return
    const frame: ServerFrameOf<'broadcast'> = { type: 'broadcast', channel, at, ...news }
    const bytes = textFrame(JSON.stringify(frame))
    const told = new Set<Recipient>()
    for (const { connection } of rooms.get(channel)?.members ?? []) {
      told.add(connection)
      connection.write(bytes)
    }
    if (event.type === 'BroadcastStarted') tellFollowers(channel, bytes, told).catch(onError)
  }

  return (records) => {
    for (const { key, outcome, at, partition, offset } of records) {
      if (outcome.kind !== 'accepted' || at < now() - FRESH_MS) continue
      for (const encoded of outcome.events) {
        if (!wanted.has(encoded.type)) continue
        try {
          tell(key, codecs.broadcast.decodeEvent(encoded), at)
        } catch (error) {
          alarm('live.undecodable', { partition, offset, error: safeError(error) })
        }
      }
    }
  }
}
