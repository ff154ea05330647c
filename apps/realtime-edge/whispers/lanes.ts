import { eventsOf, openedFrame, subjectsOf, type WhisperHistory } from '#libs/conversation/edge.ts'
import { safeError } from '#libs/http/safe-error.ts'
import { type OutcomeRecord, type Position, positionToken } from '#libs/journal/outcome.ts'
import type { ClientFrame } from '#libs/protocols/native/client-frames.ts'
import { nativeLimits } from '#libs/protocols/native/limits.ts'
import type { ServerFrameOf } from '#libs/protocols/native/server-frames.ts'
import type { PersonalKeys } from '#libs/vault/vault.ts'
import type { Connection } from '../connection.ts'
import { type ReadAll, readAllWithin } from '../read-all.ts'

type FollowRequest = ClientFrame & { type: 'follow-whispers' }

/** Who reads a lane, in whatever protocol. */
export type WhisperReader = Pick<Connection, 'open' | 'identity' | 'close' | 'send' | 'sendAll'>

export type WhisperLanesOptions = {
  /** The log's id: numbers of another epoch count for nothing. */
  readonly epoch: string
  readonly history: WhisperHistory
  readonly keys: Pick<PersonalKeys, 'prefetch' | 'open'>
  readonly readAll: ReadAll
  /** The partition of the journal of whispers that an account's are in. */
  readonly partitionOf: (accountId: string) => number
  readonly alarm: (code: string, details: Readonly<Record<string, unknown>>) => void
}

/** The lanes of whispers that are followed at this edge: each by connections of the account whose it is, and by nobody else. */
export type WhisperLanes = {
  /** Brings the past that is asked for, then what happens. Rejects where the read model does not answer. */
  readonly follow: (connection: WhisperReader, request: FollowRequest) => Promise<void>
  readonly leave: (connection: WhisperReader) => void
  /** Never to be called twice at once for one partition. */
  readonly outcomes: (partition: number, records: readonly OutcomeRecord[], position: Position) => Promise<void>
  readonly startAt: (partition: number, position: Position) => void
  readonly followers: () => Iterable<WhisperReader>
}

type Follower = {
  readonly connection: WhisperReader
  readonly accountId: string
  /** What happens while the past is read; undefined once both have met. */
  early: ServerFrameOf<'whispered'>[] | undefined
  /** The last number that was sent. */
  last: number
}

const PAGE = 500
/** What may happen while the past is read; a client that misses some of it comes again. */
const EARLY = 1_000
/** How long to wait for this edge to read what the client has seen at another one already. */
const AHEAD_MS = 2_000

/**
 * There is no ring: a lane is read from the read model up to where this edge stands, and met there by what was kept from the
 * turn in which it began, so there is neither a hole nor a doubling between them.
 */
export const createWhisperLanes = (options: WhisperLanesOptions): WhisperLanes => {
  const { epoch, history, keys, partitionOf, readAll, alarm } = options
  const byAccount = new Map<string, Set<Follower>>()
  const byConnection = new Map<WhisperReader, Follower>()
  const reached = new Map<number, number>()

  const leave = (connection: WhisperReader): void => {
    const follower = byConnection.get(connection)
    if (!follower) return
    byConnection.delete(connection)
    const followers = byAccount.get(follower.accountId)
    followers?.delete(follower)
    if (followers?.size === 0) byAccount.delete(follower.accountId)
  }

  const enter = (connection: WhisperReader, accountId: string): Follower => {
    leave(connection)
    const follower: Follower = { connection, accountId, early: [], last: 0 }
    byConnection.set(connection, follower)
    const followers = byAccount.get(accountId)
    if (followers) followers.add(follower)
    else byAccount.set(accountId, new Set([follower]))
    return follower
  }

  /** Whether it is still that account's connection: another `auth` may have come, or it has gone. */
  const isOwn = ({ connection, accountId }: Follower): boolean =>
    connection.open && connection.identity?.accountId === accountId

  const positionOf = (partition: number): string | null => {
    const n = reached.get(partition) ?? 0
    return n === 0 ? null : positionToken({ family: 'conversation', partition, n })
  }

  const send = (follower: Follower, frames: readonly ServerFrameOf<'whispered'>[]): void => {
    const due = frames.filter(({ whisperSeq }) => whisperSeq > follower.last)
    follower.last = due.at(-1)?.whisperSeq ?? follower.last
    if (due.length > 0) follower.connection.sendAll(due)
  }

  const replay = async (follower: Follower, to: number): Promise<void> => {
    while (isOwn(follower) && follower.last < to) {
      const from = follower.last + 1
      const frames = await history.between(follower.accountId, from, Math.min(to, from + PAGE - 1))
      if (frames.length === 0) throw new Error('the read model names numbers that it does not have')
      if (isOwn(follower)) send(follower, frames)
    }
  }

  /** The number before the first that is sent, and what of it is left out. */
  const startOf = ({ from, last }: FollowRequest, whisperSeq: number) => {
    if (!from) return { seen: whisperSeq - Math.min(last ?? 0, whisperSeq) }
    // From another log nothing can be gone on, nor from a number that was never given.
    if (from.epoch !== epoch || from.whisperSeq > whisperSeq)
      return { seen: whisperSeq, ...(whisperSeq > 0 && { missed: { from: 1, to: whisperSeq } }) }
    const oldest = whisperSeq - nativeLimits.resumeEvents
    return from.whisperSeq >= oldest
      ? { seen: from.whisperSeq }
      : { seen: oldest, missed: { from: from.whisperSeq + 1, to: oldest } }
  }

  /** The inbox where this edge stands; where the client has seen more than is there, once all is read. */
  const open = async (accountId: string, { from }: FollowRequest) => {
    const look = () => history.open(accountId, positionOf(partitionOf(accountId)))
    const inbox = await look()
    if (from?.epoch !== epoch || from.whisperSeq <= inbox.whisperSeq) return inbox
    await readAllWithin(readAll, AHEAD_MS)
    return look()
  }

  const apply = (record: OutcomeRecord, followers: ReadonlySet<Follower>): void => {
    for (const sealed of eventsOf(record)) {
      const frame = openedFrame(record, sealed, keys.open)
      if (!frame) continue
      for (const follower of followers) {
        if (!isOwn(follower)) leave(follower.connection)
        else if (!follower.early) send(follower, [frame])
        else if (follower.early.push(frame) > EARLY) follower.connection.close('slowConsumer', 'resume')
      }
    }
  }

  return {
    leave,
    followers: () => byConnection.keys(),
    startAt: (partition, position) => reached.set(partition, position.n),
    follow: async (connection, request) => {
      const accountId = connection.identity?.accountId
      if (accountId === undefined) return
      // One turn: what this edge reads from here on is kept, and what it read before is in the read model at its position.
      const follower = enter(connection, accountId)
      try {
        const { allow, blocked, whisperSeq } = await open(accountId, request)
        const { seen, missed } = startOf(request, whisperSeq)
        follower.last = seen
        if (!isOwn(follower)) return leave(connection)
        const shown = { allow, blocked: [...blocked], ...(missed && { missed }) }
        connection.send({ type: 'whispers', epoch, whisperSeq, next: seen + 1, ...shown })
        await replay(follower, whisperSeq)
      } catch (error) {
        leave(connection)
        throw error
      }
      const { early = [] } = follower
      follower.early = undefined
      if (isOwn(follower)) send(follower, early)
    },
    outcomes: async (partition, records, position) => {
      reached.set(partition, position.n)
      const work = records.flatMap((record) => {
        const followers = record.outcome.kind === 'accepted' ? byAccount.get(record.key) : undefined
        return followers ? [{ record, followers }] : []
      })
      if (work.length === 0) return
      for (const { record, followers } of work)
        try {
          await keys.prefetch(new Set(eventsOf(record).flatMap(subjectsOf)))
          apply(record, followers)
        } catch (error) {
          alarm('live.undecodable', { partition, offset: record.offset, error: safeError(error) })
        }
    },
  }
}
