import { permits } from '#libs/access/scopes.ts'
import {
  type EdgeView,
  evolveView,
  roleIn,
  type ShownRole,
  seesModeration,
  withoutPerson,
} from '#libs/channel/edge-view.ts'
import type { Hidden } from '#libs/channel/frames/lane-frame.ts'
import { personalFrame } from '#libs/channel/frames/personal.ts'
import { isNumbered, laneFrame, type NumberedEvent } from '#libs/channel/frames.ts'
import { type ChannelEvent, channelAbsent } from '#libs/contracts/generated/channel.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import { textFrame } from '#libs/protocols/native/wire.ts'
import type { Identity, Recipient } from './recipient.ts'
import { bytesFor, createRing, encodeEntry, type Ring, type RingBudget, type RingEntry, type Sees } from './ring.ts'

/** One connection in one room, and its places in the room's lists, so that it leaves without a search. */
export type Membership = {
  readonly connection: Recipient
  readonly room: Room
  role: ShownRole
  /** -1 until the replay has met the live stream. */
  index: number
  moderatorIndex: number
}

/** Something that happened in a room, opened. */
export type Happening = {
  readonly event: Opened<ChannelEvent>
  readonly at: number
  /** Of the command that it came of, and so of its message. */
  readonly commandId: string
  /** Events before it are missing. */
  readonly afterHole: boolean
}

/**
 * Another wire protocol in a room: it encodes what happens once for its own members. Neither function may throw, and
 * neither waits: the native clients are served in the same turn.
 */
export type Dialect = {
  readonly take: (happening: Happening) => void
  /** The batch is over: hands out what was taken. */
  readonly flush: () => void
}

/** Bytes that go out: the same to everybody, but where an entry is for its author and the moderators. */
type Outgoing = Pick<RingEntry, 'bytes' | 'own'>

/** A channel that somebody follows at this edge, or did a while ago. */
export type Room = {
  readonly channel: string
  readonly partition: number
  readonly ring: Ring
  readonly moderationRing: Ring
  /** Undefined while it is being read; what happens meanwhile lies in `early`. */
  view: EdgeView | undefined
  readonly early: { readonly event: Opened<ChannelEvent>; readonly at: number }[]
  readonly members: Membership[]
  readonly moderators: Membership[]
  /** Other protocols with members here, by their name. */
  readonly dialects: Map<string, Dialect>
  /** Frames of the batch that is being read, not yet handed to sockets. */
  pending: Outgoing[]
  pendingModeration: Outgoing[]
  /** What concerns one account alone. */
  pendingPersonal: { readonly accountId: string; readonly bytes: Buffer }[]
  /** Votes have come since it was told how they stand. */
  pollChanged: boolean
  /** Called when the next event has been applied: for clients that are ahead of this edge. */
  readonly advanced: Set<() => void>
  /** How many are joining or have joined. */
  held: number
  /** When the last one left. */
  idleSince: number
}

/** Few enough to be replayed in one write. */
const MODERATION_ENTRIES = 1000

export const createRoom = (channel: string, partition: number, budget: RingBudget, now: number): Room => ({
  channel,
  partition,
  ring: createRing(channel, budget),
  moderationRing: createRing(channel, budget, MODERATION_ENTRIES),
  view: undefined,
  early: [],
  members: [],
  moderators: [],
  dialects: new Map(),
  pending: [],
  pendingModeration: [],
  pendingPersonal: [],
  pollChanged: false,
  advanced: new Set(),
  held: 0,
  idleSince: now,
})

/** What applying an event came to: `hole` is a bug of the journal's, to be alarmed. */
export type Applied = 'applied' | 'repeated' | 'hole'

/** Takes the next event of the channel: into its ring, its view, and the frames that go out at the next `flush`. */
export const applyEvent = (room: Room, event: Opened<ChannelEvent>, at: number, commandId: string): Applied => {
  // What stands in no lane is for those alone who ask for it.
  if (!isNumbered(event)) {
    if (event.type === 'VoteCast') applyVote(room, event, at)
    return applyPersonal(room, event, at)
  }
  const { lane, number, frame, subject, only, hides, edits, restores } = laneFrame(room.channel, event, at, commandId)
  const isPublic = lane === 'public'
  const ring = isPublic ? room.ring : room.moderationRing
  const known = isPublic ? room.view?.seq : room.view?.moderationSeq
  const last = Math.max(ring.last(), known ?? 0)
  if (hides) hide(room.ring, hides)
  if (number <= last) return 'repeated'
  if (edits) room.ring.edit(edits)
  const entry = encodeEntry({
    lane,
    number,
    frame,
    ...(subject !== undefined && { subject }),
    ...(only !== undefined && { only }),
    ...(edits && { edits }),
  })
  const hole = (known !== undefined || ring.last() > 0) && number > last + 1
  // The ring goes on only where it has no hole of its own; what is missing in it the read model answers for.
  if (restores || (ring.last() > 0 && number > ring.last() + 1)) ring.clear()
  ring.append(entry)
  if (room.view) {
    room.view = evolveView(room.view, event, at)
    if (event.type === 'RoleAssigned') changeRole(room, event.member)
    if (event.type === 'ChannelTransferred')
      for (const account of [event.previousOwnerId, event.ownerId]) changeRole(room, account)
  } else room.early.push({ event, at })
  const frames = isPublic ? room.pending : room.pendingModeration
  if (hole) frames.push({ bytes: gapBytes(room.channel, lane, last + 1, number - 1) })
  frames.push(entry)
  // Other protocols have no lane for what only some may see.
  if (only === undefined)
    for (const dialect of room.dialects.values()) dialect.take({ ...asPosted(event, commandId), at, afterHole: hole })
  return hole ? 'hole' : 'applied'
}

/** What was held and is approved is a message like any other for those who do not know of queues. */
const asPosted = (event: NumberedEvent, commandId: string): Pick<Happening, 'event' | 'commandId'> => {
  if (event.type !== 'HeldMessageApproved') return { event, commandId }
  const { type: _, messageId, heldEvent: __, ...message } = event
  return { event: { ...channelAbsent.MessagePosted, ...message, type: 'MessagePosted' }, commandId: messageId }
}

/** How votes stand is told now and then; see `announcePolls`. */
const applyVote = (room: Room, event: Opened<ChannelEvent>, at: number): void => {
  if (room.view) room.view = evolveView(room.view, event, at)
  else room.early.push({ event, at })
  room.pollChanged = true
}

/** What stands in no lane is told to whom it concerns. */
const applyPersonal = (room: Room, event: Opened<ChannelEvent>, at: number): Applied => {
  // What is still there of it the read model answers for.
  if (event.type === 'HistoryTrimmed') room.ring.clear()
  const personal = personalFrame(room.channel, event, at)
  if (personal) {
    const { accountId, frame } = personal
    room.pendingPersonal.push({ accountId, bytes: textFrame(JSON.stringify(frame)) })
  }
  return 'applied'
}

const hide = (ring: Ring, hidden: Hidden): void => {
  if ('numbers' in hidden) for (const number of hidden.numbers) ring.hide(number)
  else ring.hideMessages(hidden.author)
}

const gapBytes = (channel: string, lane: 'public' | 'moderation', from: number, to: number): Buffer =>
  textFrame(JSON.stringify({ type: 'gap', channel, lane, from, to, cause: 'unavailable' }))

/**
 * The read model's view has come; events that happened since are laid upon it. An erasure may have been read here before
 * it came to the read model.
 */
export const completeRoom = (room: Room, read: EdgeView, isErased: (accountId: string) => boolean): void => {
  const view = room.early.reduce((view, { event, at }) => evolveView(view, event, at), read)
  const authors = [view.topicActor, ...Object.values(view.texts ?? {}).map(({ actor }) => actor)]
  const gone = authors.flatMap((author) => (author != null && isErased(author) ? [author] : []))
  room.view = gone.reduce(withoutPerson, view)
  room.early.length = 0
}

const joined = (frames: readonly Buffer[]): Buffer | undefined =>
  frames.length > 1 ? Buffer.concat(frames) : frames[0]

/** The same bytes to every one of them. */
export const deliver = (members: readonly Membership[], bytes: Buffer): void => {
  for (let index = 0; index < members.length; index++) members[index]?.connection.write(bytes)
}

/** Whether a member sees what only its author and the moderators see. */
export const seesOf =
  ({ role, connection }: Pick<Membership, 'role' | 'connection'>): Sees =>
  (author) =>
    seesModeration(role) || connection.identity?.accountId === author

/** Where something is for some alone, each member's bytes are chosen; everybody else shares theirs. */
const deliverChosen = (members: readonly Membership[], pending: readonly Outgoing[], shared: Buffer): void => {
  const authors = new Set(pending.flatMap(({ own }) => own?.author ?? []))
  for (const member of members) {
    const { accountId } = member.connection.identity ?? {}
    const isChosen = seesModeration(member.role) || (accountId !== undefined && authors.has(accountId))
    const sees = seesOf(member)
    const own = isChosen ? joined(pending.map((each) => bytesFor(each, sees))) : shared
    if (own) member.connection.write(own)
  }
}

const deliverPersonal = ({ members, pendingPersonal }: Room): void => {
  for (const { accountId, bytes } of pendingPersonal)
    deliver(
      members.filter(({ connection }) => connection.identity?.accountId === accountId),
      bytes,
    )
}

/** Hands the frames of a batch to every socket, all of them in one write. @returns how many frames were handed over. */
export const flush = (room: Room): number => {
  const { pending } = room
  const bytes = joined(pending.map((each) => each.bytes))
  const moderationBytes = joined(room.pendingModeration.map((each) => each.bytes))
  const delivered = pending.length * room.members.length + room.pendingModeration.length * room.moderators.length
  if (bytes) {
    room.pending = []
    if (pending.some(({ own }) => own)) deliverChosen(room.members, pending, bytes)
    else deliver(room.members, bytes)
  }
  if (moderationBytes) {
    room.pendingModeration = []
    deliver(room.moderators, moderationBytes)
  }
  if (room.pendingPersonal.length > 0) {
    deliverPersonal(room)
    room.pendingPersonal = []
  }
  for (const dialect of room.dialects.values()) dialect.flush()
  for (const advanced of room.advanced) advanced()
  return delivered
}

/** From here on the connection gets what happens. To be called in the same turn in which its replay has met the ring. */
export const attach = (membership: Membership): void => {
  const { room } = membership
  membership.index = room.members.push(membership) - 1
  if (seesModeration(membership.role)) membership.moderatorIndex = room.moderators.push(membership) - 1
}

/** The last of the list takes the place that becomes free, so that nothing is searched or moved. */
const removeFrom = (list: Membership[], membership: Membership, place: 'index' | 'moderatorIndex'): void => {
  const at = membership[place]
  if (at < 0) return
  const last = list.pop()
  if (last && last !== membership) {
    list[at] = last
    last[place] = at
  }
  membership[place] = -1
}

export const detach = (membership: Membership): void => {
  const { members, moderators } = membership.room
  removeFrom(members, membership, 'index')
  removeFrom(moderators, membership, 'moderatorIndex')
}

/** Whoever becomes a moderator sees the moderators' lane from now on, and who no longer is one does not. */
export const changeRole = (room: Room, account: string): void => {
  for (const membership of room.members) {
    if (membership.connection.identity?.accountId === account) refreshRole(membership)
  }
}

/** What an identity counts as in a channel: without the scope to moderate nobody sees what moderators see. */
export const shownRole = (view: EdgeView, identity: Identity | undefined): ShownRole => {
  const role = roleIn(view, identity)
  return identity && seesModeration(role) && !permits(identity.scopes, ['channel:moderate']) ? null : role
}

/** The role by the room's view and the connection's identity as they are now. */
export const refreshRole = (membership: Membership): void => {
  const { room, connection } = membership
  if (!room.view) return
  membership.role = shownRole(room.view, connection.identity)
  if (membership.index < 0) return
  if (!seesModeration(membership.role)) removeFrom(room.moderators, membership, 'moderatorIndex')
  else if (membership.moderatorIndex < 0) membership.moderatorIndex = room.moderators.push(membership) - 1
}
