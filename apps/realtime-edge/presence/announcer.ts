import type { PresentPerson, ServerFrameOf } from '#libs/protocols/native/server-frames.ts'
import { textFrame } from '#libs/protocols/native/wire.ts'
import type { Membership, Room } from '../room.ts'
import { deliver } from '../room.ts'
import { sameStatus } from './status.ts'
import { NAMED, type PresenceTable, type Present } from './table.ts'

/** What the members of a channel were told last. */
type Told = { readonly present: Present; readonly at: number; readonly hidden: boolean; readonly named: boolean }

/** Tells those who follow a channel who else is there. */
export type Announcer = {
  /** The state that the channel's members were told last, for one who has just come in. */
  readonly welcome: (membership: Membership) => void
  /** Tells what has changed; to be called every `everyMs`. */
  readonly announce: (rooms: { readonly get: (channel: string) => Room | undefined }, now: number) => void
}

const people = ({ names, statuses }: Present): PresentPerson[] =>
  [...names].map(([id, name]) => ({ id, name, ...statuses?.get(id) }))

/** A crowd is told more rarely, since every telling goes to all of it. */
const intervalMs = (count: number, everyMs: number): number => everyMs * Math.min(10, Math.ceil(count / 1000))

/** What has changed since they were told; before the first time, and where nobody was named, everybody is named anew. */
const changeFrame = (channel: string, last: Told | undefined, now: Told): ServerFrameOf<'presence'> | undefined => {
  const { present } = now
  const { count } = present
  if (!now.named) {
    if (last?.named && last.present.names.size > 0) return { type: 'presence', channel, count, members: [] }
    return count === last?.present.count ? undefined : { type: 'presence', channel, count }
  }
  if (!last?.named) return { type: 'presence', channel, count, members: people(present) }
  const before = last.present
  const joined = people(present).filter(
    ({ id, name }) => before.names.get(id) !== name || !sameStatus(before.statuses?.get(id), present.statuses?.get(id)),
  )
  const left = [...before.names.keys()].filter((id) => !present.names.has(id))
  if (joined.length === 0 && left.length === 0 && count === before.count) return undefined
  return {
    type: 'presence',
    channel,
    count,
    ...(joined.length > 0 && { joined }),
    ...(left.length > 0 && { left }),
  }
}

export const createAnnouncer = (table: PresenceTable, everyMs: number): Announcer => {
  const told = new Map<string, Told>()
  let waiting = new Set<string>()

  const tell = (room: Room, now: number): void => {
    const last = told.get(room.channel)
    const [present, hidden] = [table.of(room.channel), table.isHidden(room.channel)]
    const next: Told = { present, at: now, hidden, named: !hidden && present.count <= NAMED }
    told.set(room.channel, next)
    const frame = changeFrame(room.channel, last, next)
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
        // The channel may have hidden them since the others were told.
        ...(present.names.size > 0 && !table.isHidden(room.channel) && { members: people(present) }),
      })
    },
    announce: (rooms, now) => {
      const due = waiting
      waiting = new Set()
      for (const channel of table.takeChanged()) due.add(channel)
      for (const [channel, { hidden }] of told) if (hidden !== table.isHidden(channel)) due.add(channel)
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
