import type { ChannelHistory } from '#libs/channel/edge.ts'
import type { RingBudget } from './ring.ts'
import { completeRoom, createRoom, type Room } from './room.ts'

export type RoomsOptions = {
  readonly history: Pick<ChannelHistory, 'open'>
  readonly partitionOf: (channel: string) => number
  /** The token of what was read last of a partition of the channel journal; null before the first record. */
  readonly positionOf: (partition: number) => string | null
  readonly isErased: (accountId: string) => boolean
  /** Bytes of frames that all rings together may hold. */
  readonly ringBytes: number
  readonly now?: () => number
}

/** The channels that are followed at this edge. */
export type Rooms = {
  readonly get: (channel: string) => Room | undefined
  readonly all: () => Iterable<Room>
  /**
   * The room with its view read, held until `leave`; undefined where there is no such channel. Rejects where the read
   * model does not answer.
   */
  readonly enter: (channel: string) => Promise<Room | undefined>
  readonly leave: (room: Room) => void
  /** Lets go of rooms that nobody has followed for ten minutes; all that nobody follows when memory is short. */
  readonly sweep: () => void
  readonly ringBytes: () => number
}

const IDLE_MS = 600_000

export const createRooms = (options: RoomsOptions): Rooms => {
  const { history, partitionOf, positionOf, isErased, ringBytes, now = Date.now } = options
  const rooms = new Map<string, Room>()
  const opening = new Map<Room, Promise<boolean>>()
  const budget: RingBudget = { used: 0, limit: ringBytes }

  const drop = (room: Room): void => {
    if (rooms.get(room.channel) !== room) return
    rooms.delete(room.channel)
    room.ring.clear()
    room.moderationRing.clear()
  }

  // The position is taken in the turn in which the room appears: what the edge reads after it goes into the room, and
  // what it read before is in the view, which is read at that position or later.
  const open = async (room: Room): Promise<boolean> => {
    try {
      const view = await history.open(room.channel, positionOf(room.partition))
      if (view) completeRoom(room, view, isErased)
      else drop(room)
      return view !== undefined
    } catch (error) {
      drop(room)
      throw error
    } finally {
      opening.delete(room)
    }
  }

  const create = (channel: string): Room => {
    const room = createRoom(channel, partitionOf(channel), budget, now())
    rooms.set(channel, room)
    opening.set(room, open(room))
    return room
  }

  const leave = (room: Room): void => {
    room.held--
    room.idleSince = now()
  }

  return {
    get: (channel) => rooms.get(channel),
    all: () => rooms.values(),
    enter: async (channel) => {
      const room = rooms.get(channel) ?? create(channel)
      room.held++
      try {
        if (await (opening.get(room) ?? true)) return room
      } catch (error) {
        leave(room)
        throw error
      }
      leave(room)
      return undefined
    },
    leave,
    sweep: () => {
      const before = now() - (budget.used > budget.limit * 0.9 ? 0 : IDLE_MS)
      for (const room of rooms.values()) if (room.held === 0 && room.idleSince <= before) drop(room)
    },
    ringBytes: () => budget.used,
  }
}
