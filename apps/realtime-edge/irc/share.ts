import { formatMessage, type Outgoing } from '#libs/protocols/irc/format.ts'
import { meters } from '#libs/telemetry/instruments.ts'
import type { Identity } from '../recipient.ts'
import type { Dialect, Happening, Room } from '../room.ts'
import type { Face } from './capabilities.ts'
import type { People } from './people.ts'
import { type Place, peopleIn, shown } from './shown.ts'
import { type Framing, framed, type Wire } from './wire.ts'

/** What a share knows of a connection. */
export type Reader = {
  readonly identity: Identity | undefined
  readonly face: Face
  readonly wire: Pick<Wire, 'framing'>
  /** Whether messages that it has shown itself may be on their way. */
  readonly awaitsOwn: boolean
  /** Whether it has shown the message itself. To be asked once for each message. */
  readonly hasShown: (commandId: string) => boolean
  /** Writes framed lines. */
  readonly write: (bytes: Buffer) => void
  readonly send: (...messages: readonly Outgoing[]) => void
}

/** The members of a room that speak IRC. */
export type Share = Dialect & {
  /** A member from now on; one whose face has changed is moved. */
  readonly add: (connection: Reader) => void
  readonly remove: (connection: Reader) => void
  readonly place: Place
  /** Members that are told who comes and goes. */
  readonly witnesses: () => readonly Reader[]
}

/** Connections that get the same bytes. */
type Group = { readonly face: Face; readonly framing: Framing; readonly members: Set<Reader> }

/** What is held while names are being asked for; at the bound it goes out with names made of ids. */
const HELD = 1000

/** Written with its lines, so that a member can be spared its own messages. */
type Written = { readonly commandId: string; readonly lines: readonly string[] }

const groupKey = (face: Face, framing: Framing): string => `${framing} ${Object.values(face).map(Number).join('')}`

/**
 * Each batch is encoded once for each group that has members, and its buffer goes to all of them. Handles of people whom
 * nobody here has heard of are asked for first: until they come, what follows waits behind, in its order, and the native
 * clients of the room do not.
 */
export const createShare = (place: Place, people: People): Share => {
  const groups = new Map<string, Group>()
  const groupOf = new Map<Reader, Group>()
  let held: Happening[] = []
  let asking = false

  const remove = (connection: Reader): void => {
    const group = groupOf.get(connection)
    groupOf.delete(connection)
    group?.members.delete(connection)
    if (group?.members.size === 0) groups.delete(groupKey(group.face, group.framing))
  }

  const add = (connection: Reader): void => {
    remove(connection)
    const { face, wire } = connection
    const key = groupKey(face, wire.framing)
    const group = groups.get(key) ?? { face, framing: wire.framing, members: new Set() }
    groups.set(key, group)
    group.members.add(connection)
    groupOf.set(connection, group)
  }

  const writeOthers = (member: Reader, written: readonly Written[]): void => {
    const lines = written.flatMap((one) => (member.hasShown(one.commandId) ? [] : one.lines))
    if (lines.length > 0) member.write(framed(member.wire.framing, lines))
  }

  const handTo = ({ face, framing, members }: Group, batch: readonly Happening[]): number => {
    const written: readonly Written[] = batch.map((happening) => ({
      commandId: happening.commandId,
      lines: shown(happening, place, face, people.nickOf).map(formatMessage),
    }))
    const all = written.flatMap(({ lines }) => lines)
    if (all.length === 0) return 0
    const bytes = framed(framing, all)
    for (const member of members) {
      if (member.awaitsOwn) writeOthers(member, written)
      else member.write(bytes)
    }
    return all.length * members.size
  }

  const handOut = (batch: readonly Happening[]): void => {
    let delivered = 0
    for (const group of groups.values()) delivered += handTo(group, batch)
    if (delivered > 0) meters().deliveries.add(delivered)
  }

  const ask = async (): Promise<void> => {
    asking = true
    while (held.length > 0) {
      const count = held.length
      await people.learn(held.flatMap(peopleIn))
      handOut(held.splice(0, count))
    }
    asking = false
  }

  const flush = (): void => {
    if (asking && held.length < HELD) return
    if (held.length < HELD && !held.every((happening) => peopleIn(happening).every(people.knows))) return void ask()
    const batch = held
    held = []
    handOut(batch)
  }

  return {
    add,
    remove,
    place,
    witnesses: () => [...groups.values()].flatMap(({ face, members }) => (face.membership ? [...members] : [])),
    take: (happening) => {
      if (groupOf.size > 0) held.push(happening)
    },
    flush: () => {
      if (held.length > 0) flush()
    },
  }
}

const DIALECT = 'irc'

/** The shares of rooms: each is made when its room's first member comes, and gone with the room. */
export type Shares = {
  readonly of: (room: Room, name: string) => Share
  readonly known: (room: Room) => Share | undefined
}

export const createShares = (people: People): Shares => {
  const shares = new WeakMap<Room, Share>()
  return {
    known: (room) => shares.get(room),
    of: (room, name) => {
      const share = shares.get(room) ?? createShare({ id: room.channel, name }, people)
      shares.set(room, share)
      room.dialects.set(DIALECT, share)
      return share
    },
  }
}
