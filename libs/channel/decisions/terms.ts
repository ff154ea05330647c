import type { Decision } from '#libs/journal/decider.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'
import type { ChannelDraft } from '../events.ts'
import { notClock, unknown } from '../rules/existence.ts'
import { heldForMs } from '../state/held.ts'
import { type EndedMark, marksOver } from '../state/marks.ts'
import { timeoutsOver } from '../state/timeouts.ts'
import type { Channel } from '../state.ts'
import type { Decide } from './accept.ts'
import { lapsedProposals } from './quorum.ts'

/** So much ends by one command; the clock sends the next at once. */
export const endedAtOnce = 200

/**
 * Of what is over by the later of the owner's time and the one that the clock had passed: the owner that decides may have
 * a clock behind the one that sent, and a due command comes once. Of much, all up to `dueAt` ends, so that the next due
 * time is a later one.
 */
const endingNow = <Ended extends { readonly until: number }>(over: readonly Ended[], dueAt: number): readonly Ended[] =>
  over.filter(({ until }, index) => index < endedAtOnce || until <= dueAt)

const ended = (seq: number, events: readonly ChannelDraft[]): Decision<ChannelDraft> => {
  if (events.length === 0) return reject('channel.nothing_due')
  const shown = events.filter((event) => 'seq' in event).length
  return { kind: 'accepted', events, summary: { seq: seq + shown } }
}

export const endTimeouts: Decide<ChannelCommandOf<'EndTimeouts'>> = ({ dueAt }, channel, { principal, at }) => {
  const refused = notClock(principal) ?? unknown(channel)
  if (refused) return refused
  const over = timeoutsOver(channel.timeouts, Math.max(at, dueAt)).map(([member, until]) => ({ member, until }))
  return ended(
    channel.seq,
    endingNow(over, dueAt).map(({ member }, index) => ({
      type: 'TimeoutEnded',
      seq: channel.seq + 1 + index,
      member,
      cause: 'expired',
    })),
  )
}

/** How the end of a mark is announced: some to everybody, most to nobody. */
const endOf = ({ member, mark }: EndedMark, seq: number): ChannelDraft => {
  switch (mark) {
    case 'subscription':
      return { type: 'SubscriptionEnded', seq, member, cause: 'expired' }
    case 'ban':
      return { type: 'BanEnded', seq, member, cause: 'expired' }
    default:
      return { type: 'MarkEnded', member, mark, cause: 'expired' }
  }
}

const isShown = ({ mark }: EndedMark): boolean => mark === 'subscription' || mark === 'ban'

const endedMarks = ({ marks, seq }: Channel, at: number, dueAt: number): readonly ChannelDraft[] => {
  let next = seq
  return endingNow(marksOver(marks, at), dueAt).map((each) => endOf(each, isShown(each) ? ++next : next))
}

const endedWaits = ({ held }: Channel, at: number): readonly ChannelDraft[] =>
  [...held.values()].flatMap(({ messageId, author, heldAt }) =>
    heldAt + heldForMs <= at
      ? [{ type: 'HeldMessageDenied' as const, messageId, author, cause: 'expired' as const }]
      : [],
  )

export const endTerms: Decide<ChannelCommandOf<'EndTerms'>> = ({ dueAt }, channel, context) => {
  const refused = notClock(context.principal) ?? unknown(channel)
  if (refused) return refused
  const now = Math.max(context.at, dueAt)
  return ended(channel.seq, [
    ...endedMarks(channel, now, dueAt),
    ...endedWaits(channel, now),
    ...lapsedProposals(channel, now, context),
  ])
}
