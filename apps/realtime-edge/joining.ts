import { setTimeout as delay } from 'node:timers/promises'
import type { ChannelHistory } from '#libs/channel/edge.ts'
import {
  banShown,
  type EdgeView,
  modesShown,
  type ShownRole,
  seesModeration,
  textsShown,
  timeoutsShown,
} from '#libs/channel/edge-view.ts'
import type { LaneFrame } from '#libs/channel/frames/lane-frame.ts'
import { pollShown } from '#libs/channel/polls/frames.ts'
import { nativeLimits } from '#libs/protocols/native/limits.ts'
import type { ServerFrameOf } from '#libs/protocols/native/server-frames.ts'
import { textFrame } from '#libs/protocols/native/wire.ts'
import type { Connection } from './connection.ts'
import { type ReadAll, readAllWithin } from './read-all.ts'
import type { Identity } from './recipient.ts'
import { bytesFor, encodeEntry, type Sees } from './ring.ts'
import { attach, type Membership, type Room, seesOf, shownRole } from './room.ts'

/** The last numbers that a client has seen. */
type Cursor = { readonly epoch: string; readonly seq: number; readonly moderationSeq?: number | undefined }

export type JoinRequest = {
  readonly from?: Cursor
  readonly last?: number
}

export type JoiningOptions = {
  readonly epoch: string
  readonly history: Pick<ChannelHistory, 'between' | 'moderationBetween' | 'startOfLast'>
  readonly readAll: ReadAll
  /** How long to wait for this edge to read what the client has seen at another one already. */
  readonly aheadMs?: number
  /** How long to wait for the read model to have what lies before the ring. */
  readonly historyMs?: number
  readonly now?: () => number
}

const REPLAY_BYTES = 262_144
const REPLAY_EVENTS = 500

/** Where the replay begins, and what the client is told that it misses. */
type Start = { readonly next: number; readonly gap?: Pick<ServerFrameOf<'gap'>, 'from' | 'to' | 'cause'> }

/** The last number of the public lane. */
const lastSeq = (room: Room, view: EdgeView): number => Math.max(view.seq, room.ring.last())

/** Whether a client has seen more than the room has. What it says of a lane that it may not see counts for nothing. */
const isAhead = ({ view, moderationRing, ring }: Room, from: Cursor, identity: Identity | undefined): boolean =>
  view !== undefined &&
  (from.seq > Math.max(view.seq, ring.last()) ||
    (seesModeration(shownRole(view, identity)) &&
      (from.moderationSeq ?? 0) > Math.max(view.moderationSeq, moderationRing.last())))

/** What the connection sees of what is for some alone, by its role as it is now. */
const seesIn = ({ view }: Room, connection: Connection): Sees =>
  seesOf({ role: view ? shownRole(view, connection.identity) : null, connection })

/**
 * Brings a connection into a room: first `joined`, then what it asked for of the past, then what happens. What lies
 * before the ring comes from the read model; the step from the ring to the live stream is made within one turn, so there
 * is neither a hole nor a doubling between them.
 */
export const createJoining = ({
  epoch,
  history,
  readAll,
  aheadMs = 2000,
  historyMs = 10_000,
  now = Date.now,
}: JoiningOptions) => {
  /**
   * Whether the numbers are of this log: those of another count for nothing, nor do those that were never given. A client
   * that was served by an edge which had read on further is waited for; what nobody has given by the end of the journal
   * as it is now was never there.
   */
  const isOurs = async (room: Room, from: Cursor, { identity }: Connection): Promise<boolean> => {
    if (from.epoch !== epoch) return false
    if (!isAhead(room, from, identity)) return true
    const advanced = Promise.withResolvers<void>()
    const check = () => {
      if (!isAhead(room, from, identity)) advanced.resolve()
    }
    room.advanced.add(check)
    try {
      await Promise.race([advanced.promise, readAllWithin(readAll, aheadMs)])
    } finally {
      room.advanced.delete(check)
    }
    return !isAhead(room, from, identity)
  }

  const startOf = async (room: Room, { from, last }: JoinRequest, isResumed: boolean): Promise<Start> => {
    const seq = room.view ? lastSeq(room, room.view) : 0
    if (from) return isResumed ? resumeFrom(from, seq) : { next: seq + 1, gap: { from: 1, to: seq, cause: 'epoch' } }
    if (!last) return { next: seq + 1 }
    const inRing = room.ring.startOfLast(last)
    if ('from' in inRing) return { next: inRing.from }
    const before = room.ring.first() || seq + 1
    return { next: await history.startOfLast(room.channel, last - inRing.found, before) }
  }

  const resumeFrom = (from: Cursor, seq: number): Start => {
    const oldest = seq - nativeLimits.resumeEvents + 1
    if (from.seq + 1 >= oldest) return { next: from.seq + 1 }
    return { next: oldest, gap: { from: from.seq + 1, to: oldest - 1, cause: 'too_old' } }
  }

  /**
   * Read models do not advance together: what one has named the other may have a moment later. While Postgres is away
   * nobody knows what there is, so nothing is called missing.
   */
  const recall = async (channel: string, from: number, to: number): Promise<readonly LaneFrame[]> => {
    const deadline = performance.now() + historyMs
    for (;;) {
      const frames = await history.between(channel, from, to).catch((error: unknown) => {
        if (performance.now() > deadline) throw error
        return []
      })
      if (frames.length > 0 || performance.now() > deadline) return frames
      await delay(50)
    }
  }

  /** Sends what lies before the ring. @returns the number behind what was sent or named as a gap. */
  const replayHistory = async (connection: Connection, room: Room, from: number, to: number): Promise<number> => {
    const frames = await recall(room.channel, from, Math.min(to, from + REPLAY_EVENTS - 1))
    const end = frames.at(-1)?.number
    if (end === undefined) {
      connection.send({ type: 'gap', channel: room.channel, lane: 'public', from, to, cause: 'unavailable' })
      return to + 1
    }
    await connection.writeThrough(
      Buffer.concat(frames.map((frame) => bytesFor(encodeEntry(frame), seesIn(room, connection)))),
    )
    return end + 1
  }

  /** Sends until the replay has met the live stream, and calls `meet` in that same turn. */
  const replay = async (connection: Connection, room: Room, start: number, meet: () => void): Promise<void> => {
    let next = start
    while (connection.open && room.view) {
      const first = room.ring.first()
      const last = lastSeq(room, room.view)
      if (next > last) return meet()
      // A view may be ahead of the ring: it was read while the edge was still behind the read model.
      if (next < first || next > room.ring.last()) {
        next = await replayHistory(connection, room, next, next < first ? first - 1 : last)
        continue
      }
      const slice = room.ring.slice(next, REPLAY_BYTES, seesIn(room, connection))
      next = slice.next
      if (next > last) {
        connection.write(slice.bytes)
        return meet()
      }
      await connection.writeThrough(slice.bytes)
    }
  }

  /**
   * Sends what a moderator has missed of their lane before the ring. @returns the last number that they have now; what is
   * still missing then is named as a gap where the ring is met.
   */
  const recallModeration = async (connection: Connection, room: Room, seen: number, to: number): Promise<number> => {
    let last = seen
    while (connection.open && last < to) {
      const upTo = Math.min(to, last + REPLAY_EVENTS)
      const frames = await history.moderationBetween(room.channel, last + 1, upTo).catch(() => [])
      const end = frames.at(-1)?.number
      if (end === undefined) break
      await connection.writeThrough(
        Buffer.concat(frames.map((frame) => bytesFor(encodeEntry(frame), seesIn(room, connection)))),
      )
      last = end
    }
    return last
  }

  /** As far as the ring reaches back, and no further than a resume may bring. */
  const beforeRing = async (connection: Connection, room: Room, role: ShownRole, seen: number): Promise<number> => {
    if (!room.view || !seesModeration(role)) return seen
    const { moderationSeq } = room.view
    const oldest = moderationSeq - nativeLimits.resumeEvents
    if (seen < oldest)
      connection.send({
        type: 'gap',
        channel: room.channel,
        lane: 'moderation',
        from: seen + 1,
        to: oldest,
        cause: 'too_old',
      })
    const first = room.moderationRing.first()
    return recallModeration(connection, room, Math.max(seen, oldest), first > 0 ? first - 1 : moderationSeq)
  }

  const replayModeration = (membership: Membership, seen: number | undefined): void => {
    const { room, connection } = membership
    if (seen === undefined || !room.view || !seesModeration(membership.role)) return
    const lost = (from: number, to: number): void => {
      if (from <= to)
        connection.send({ type: 'gap', channel: room.channel, lane: 'moderation', from, to, cause: 'unavailable' })
    }
    const { first, last } = { first: room.moderationRing.first(), last: room.moderationRing.last() }
    if (seen < last) {
      lost(seen + 1, first - 1)
      connection.write(
        room.moderationRing.slice(Math.max(first, seen + 1), Number.POSITIVE_INFINITY, seesOf(membership)).bytes,
      )
    }
    lost(Math.max(seen, last) + 1, room.view.moderationSeq)
  }

  /** The room has its view. @returns the membership, attached; it is the caller's to detach. */
  return async (connection: Connection, room: Room, request: JoinRequest): Promise<Membership> => {
    const isResumed = request.from !== undefined && (await isOurs(room, request.from, connection))
    const start = await startOf(room, request, isResumed)
    const view = room.view as EdgeView
    const role = shownRole(view, connection.identity)
    const ban = banShown(view, connection.identity, now())
    const membership: Membership = { connection, room, role, index: -1, moderatorIndex: -1 }
    const joined: ServerFrameOf<'joined'> = {
      type: 'joined',
      channel: room.channel,
      epoch,
      slug: view.slug,
      seq: lastSeq(room, view),
      next: start.next,
      role,
      settings: { topic: view.topic, slowModeSeconds: view.slowModeSeconds, modes: modesShown(view.modes) },
      ...(view.poll && { poll: pollShown(view.poll) }),
      ...(view.pin && { pin: { id: view.pin.messageId, seq: view.pin.messageSeq } }),
      texts: textsShown(view),
      ...(view.closed && { closed: true as const }),
      timeouts: [...timeoutsShown(view, connection.identity, role, now())],
      ...(ban && { ban }),
      ...(seesModeration(role) && { moderationSeq: view.moderationSeq }),
    }
    connection.write(textFrame(JSON.stringify(joined)))
    if (start.gap && start.gap.to >= start.gap.from)
      connection.send({ type: 'gap', channel: room.channel, lane: 'public', ...start.gap })
    const seen = isResumed ? request.from?.moderationSeq : undefined
    const reached = seen === undefined ? undefined : await beforeRing(connection, room, role, seen)
    await replay(connection, room, start.next, () => {
      membership.role = shownRole(room.view as EdgeView, connection.identity)
      replayModeration(membership, reached)
      if (connection.open) attach(membership)
    })
    return membership
  }
}
