import { Map as ImmutableMap, Set as ImmutableSet } from 'immutable'
import type { AssignableRole } from '#libs/access/roles.ts'
import type { Sealed } from '#libs/contracts/sealed.ts'
import type { Instant } from '#libs/journal/log.ts'
import { decodeCasework, type EncodedCasework, encodeCasework } from '../casework/casework.ts'
import type { Combo } from '../emotes/combo.ts'
import { decodePolicing, type EncodedPolicing, encodePolicing } from '../policy/codec.ts'
import { decodePoll, type EncodedPoll, encodePoll } from '../polls/state.ts'
import type { Channel, Pin } from '../state.ts'
import type { Emote } from './emotes.ts'
import { decodeHeld, type EncodedHeld, encodeHeld } from './held.ts'
import { type MemberMarks, marksFrom } from './marks.ts'
import { effectiveModes } from './modes.ts'
import { type KnownMessage, messagesFrom, messagesInOrder } from './recent-messages.ts'
import type { Retention } from './retention.ts'
import { noTimeouts, startTimeout } from './timeouts.ts'

type Entries<Value> = readonly (readonly [member: string, value: Value])[]

/** A channel as plain JSON, for snapshots of one state version. Members stand in the order of their ids. */
type EncodedChannel = Omit<
  Channel,
  | 'ownerId'
  | 'topic'
  | 'roles'
  | 'timeouts'
  | 'lastPosts'
  | 'recentMessages'
  | 'effective'
  | 'recentTexts'
  | 'marks'
  | 'held'
  | 'pin'
  | 'offences'
  | 'policing'
  | 'emotes'
  | 'combo'
  | 'retention'
  | 'casework'
  | 'poll'
> & {
  readonly ownerId: string | null
  readonly topic: { readonly subject: string; readonly eventId: string; readonly sealed: string } | null
  readonly roles: Entries<AssignableRole>
  readonly timeouts: Entries<Instant>
  readonly lastPosts: {
    readonly since: Instant
    readonly current: Entries<Instant>
    readonly previous: Entries<Instant>
  }
  readonly recentTexts: { readonly current: readonly string[]; readonly previous: readonly string[] }
  readonly marks: Entries<MemberMarks>
  readonly held: readonly EncodedHeld[]
  readonly pin: Pin | null
  readonly offences: {
    readonly since: Instant
    readonly current: Entries<number>
    readonly previous: Entries<number>
  }
  readonly policing: EncodedPolicing
  readonly emotes: Entries<Emote>
  readonly combo: (Omit<Combo, 'members'> & { readonly members: readonly string[] }) | null
  readonly retention: Retention | null
  readonly casework: EncodedCasework
  readonly poll: EncodedPoll | null
  readonly recentMessages: { readonly posted: number; readonly messages: readonly KnownMessage[] }
}

/** Sorted, so that the same state is the same text whatever way led to it: states are compared by hash. */
const entries = <Value>(map: ImmutableMap<string, Value>): Entries<Value> =>
  [...map].sort(([one], [other]) => (one < other ? -1 : 1))

/** The members of an object in the order of their names. */
const inOrder = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))) as Value

export const encodeState = ({ effective: _, ...channel }: Channel): EncodedChannel => ({
  ...channel,
  modes: inOrder(channel.modes),
  ownerId: channel.ownerId ?? null,
  topic: channel.topic ? { ...channel.topic, sealed: channel.topic.sealed.toString('base64') } : null,
  roles: entries(channel.roles),
  timeouts: entries(channel.timeouts.until),
  lastPosts: {
    since: channel.lastPosts.since,
    current: entries(channel.lastPosts.current),
    previous: entries(channel.lastPosts.previous),
  },
  recentTexts: {
    current: [...channel.recentTexts.current].sort(),
    previous: [...channel.recentTexts.previous].sort(),
  },
  marks: entries(channel.marks.byMember).map(([member, marks]) => [member, inOrder(marks)]),
  held: encodeHeld(channel.held),
  pin: channel.pin ?? null,
  offences: {
    since: channel.offences.since,
    current: entries(channel.offences.current),
    previous: entries(channel.offences.previous),
  },
  policing: encodePolicing(channel.policing),
  emotes: entries(channel.emotes),
  combo: channel.combo ? { ...channel.combo, members: [...channel.combo.members].sort() } : null,
  retention: channel.retention ?? null,
  casework: encodeCasework(channel.casework),
  poll: channel.poll ? encodePoll(channel.poll) : null,
  recentMessages: { posted: channel.recentMessages.posted, messages: messagesInOrder(channel.recentMessages) },
})

export const decodeState = (value: unknown): Channel => {
  const encoded = value as EncodedChannel
  return {
    ...encoded,
    ownerId: encoded.ownerId ?? undefined,
    topic: encoded.topic
      ? { ...encoded.topic, sealed: Buffer.from(encoded.topic.sealed, 'base64') as Sealed }
      : undefined,
    roles: ImmutableMap(encoded.roles),
    timeouts: encoded.timeouts.reduce((timeouts, [member, until]) => startTimeout(timeouts, member, until), noTimeouts),
    lastPosts: {
      since: encoded.lastPosts.since,
      current: ImmutableMap(encoded.lastPosts.current),
      previous: ImmutableMap(encoded.lastPosts.previous),
    },
    effective: effectiveModes(encoded.modes, encoded.casework.shieldPreset),
    recentTexts: {
      current: ImmutableSet(encoded.recentTexts.current),
      previous: ImmutableSet(encoded.recentTexts.previous),
    },
    marks: marksFrom(encoded.marks),
    held: decodeHeld(encoded.held),
    pin: encoded.pin ?? undefined,
    offences: {
      since: encoded.offences.since,
      current: ImmutableMap(encoded.offences.current),
      previous: ImmutableMap(encoded.offences.previous),
    },
    policing: decodePolicing(encoded.policing),
    emotes: ImmutableMap(encoded.emotes),
    combo: encoded.combo ? { ...encoded.combo, members: ImmutableSet(encoded.combo.members) } : undefined,
    retention: encoded.retention ?? undefined,
    casework: decodeCasework(encoded.casework),
    poll: encoded.poll ? decodePoll(encoded.poll) : undefined,
    recentMessages: messagesFrom(encoded.recentMessages.messages, encoded.recentMessages.posted),
  }
}
