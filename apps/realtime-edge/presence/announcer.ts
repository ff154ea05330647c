import type { Person, ServerFrameOf } from '#libs/protocols/native/server-frames.ts'
import { textFrame } from '#libs/protocols/native/wire.ts'
import type { Membership, Room } from '../room.ts'
import { deliver } from '../room.ts'
import type { PresenceTable, Present } from './table.ts'

/** What the members of a channel were told last. */
type Told = { readonly present: Present; readonly at: number }

/** Tells those who follow a channel who else is there. */
export type Announcer = {
  /** The state that the channel's members were told last, for one who has just come in. */
  readonly welcome: (membership: Membership) => void
  /** Tells what has changed; to be called every `everyMs`. */
  readonly announce: (rooms: { readonly get: (channel: string) => Room | undefined }, now: number) => void
}

const people = (names: ReadonlyMap<string, string>): Person[] => [...names].map(([id, name]) => ({ id, name }))

/** A crowd is told more rarely, since every telling goes to all of it. */
const intervalMs = (count: number, everyMs: number): number => everyMs * Math.min(10, Math.ceil(count / 1000))

const changeFrame = (channel: string, before: Present, now: Present): ServerFrameOf<'presence'> | undefined => {
  // From a crowd, of whom nobody is named, to few: everybody is named anew.
  if (now.names.size > 0 && before.names.size === 0)
    return { type: 'presence', channel, count: now.count, members: people(now.names) }
  if (now.names.size === 0 && before.names.size > 0) return { type: 'presence', channel, count: now.count, members: [] }
  const joined = people(now.names).filter(({ id, name }) => before.names.get(id) !== name)
  const left = [...before.names.keys()].filter((id) => !now.names.has(id))
  if (joined.length === 0 && left.length === 0 && now.count === before.count) return undefined
  return {
    type: 'presence',
    channel,
    count: now.count,
    ...(joined.length > 0 && { joined }),
    ...(left.length > 0 && { left }),
  }
}

export const createAnnouncer = (table: PresenceTable, everyMs: number): Announcer => {
  const told = new Map<string, Told>()
  let waiting = new Set<string>()

  const tell = (room: Room, now: number): void => {
    const before = told.get(room.channel)?.present ?? { count: 0, names: new Map() }
    const present = table.of(room.channel)
    told.set(room.channel, { present, at: now })
    const frame = changeFrame(room.channel, before, present)
    if (frame) deliver(room.members, textFrame(JSON.stringify(frame)))
  }

  return {
    welcome: ({ room, connection }) => {
      const present = told.get(room.channel)?.present
      if (!present) return
      connection.send({
        type: 'presence',
        channel: room.channel,
        count: present.count,
        ...(present.names.size > 0 && { members: people(present.names) }),
      })
    },
    announce: (rooms, now) => {
      const due = waiting
      waiting = new Set()
      for (const channel of table.takeChanged()) due.add(channel)
      for (const channel of due) {
        const room = rooms.get(channel)
        const last = told.get(channel)
        if (!room || room.members.length === 0) told.delete(channel)
        else if (last && now - last.at < intervalMs(last.present.count, everyMs) - everyMs / 2) waiting.add(channel)
        else tell(room, now)
      }
    },
  }
}
