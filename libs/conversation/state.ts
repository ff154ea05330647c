import { Map as ImmutableMap, Set as ImmutableSet } from 'immutable'
import type { EvolveContext } from '#libs/journal/decider.ts'
import type { Instant } from '#libs/journal/log.ts'
import type { ConversationEvent, ConversationEventOf } from './events.ts'
import { type Addressed, nobodyAddressed, rememberAddressed } from './rules/addressed.ts'
import { type Arrivals, noArrivals, rememberArrival } from './rules/rate.ts'

/** Who may whisper to an account. */
export type Allowed = ConversationEventOf<'WhisperSettingsChanged'>['allow']

/** What is decided by of one account's whispers. What they say, and how far they were read, is not held. */
export type Inbox = {
  readonly accountId: string
  readonly allow: Allowed
  /** Whom the account blocks: as its own journal says, carried here. */
  readonly blocked: ImmutableSet<string>
  readonly arrivals: Arrivals
  readonly addressed: Addressed
  readonly closed: boolean
  /** The last number given in the lane of whispers. */
  readonly whisperSeq: number
}

export const initial = (accountId: string): Inbox => ({
  accountId,
  allow: 'everybody',
  blocked: ImmutableSet(),
  arrivals: noArrivals,
  addressed: nobodyAddressed,
  closed: false,
  whisperSeq: 0,
})

export const evolve = (inbox: Inbox, event: ConversationEvent, { at }: EvolveContext): Inbox => {
  if (event.type === 'InboxClosed') return { ...initial(inbox.accountId), whisperSeq: inbox.whisperSeq, closed: true }
  const { whisperSeq } = event
  switch (event.type) {
    case 'WhisperReceived':
      return { ...inbox, whisperSeq, arrivals: rememberArrival(inbox.arrivals, event.sender, at) }
    case 'WhisperSent':
      return { ...inbox, whisperSeq, addressed: rememberAddressed(inbox.addressed, event.receiver, at) }
    case 'WhispersRead':
      return { ...inbox, whisperSeq }
    case 'WhisperSettingsChanged':
      return { ...inbox, whisperSeq, allow: event.allow }
    case 'SenderBlocked':
      return { ...inbox, whisperSeq, blocked: inbox.blocked.add(event.sender) }
    case 'SenderUnblocked':
      return { ...inbox, whisperSeq, blocked: inbox.blocked.delete(event.sender) }
  }
}

/** Plain JSON for snapshots, its lists in the order of their ids: the same state is the same text. */
type EncodedInbox = Omit<Inbox, 'blocked' | 'arrivals' | 'addressed'> & {
  readonly blocked: readonly string[]
  readonly arrivals: readonly TimeOf[]
  readonly addressed: readonly TimeOf[]
}

type TimeOf = readonly [accountId: string, at: Instant]

const inOrder = (times: ImmutableMap<string, Instant>): readonly TimeOf[] =>
  [...times].sort(([one], [other]) => (one < other ? -1 : 1))

export const encodeState = (inbox: Inbox): EncodedInbox => ({
  ...inbox,
  blocked: [...inbox.blocked].sort(),
  arrivals: inOrder(inbox.arrivals),
  addressed: inOrder(inbox.addressed),
})

export const decodeState = (value: unknown): Inbox => {
  const encoded = value as EncodedInbox
  return {
    ...encoded,
    blocked: ImmutableSet(encoded.blocked),
    arrivals: ImmutableMap(encoded.arrivals),
    addressed: ImmutableMap(encoded.addressed),
  }
}
