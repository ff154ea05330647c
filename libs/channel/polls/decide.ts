import { addressBanned } from '../address-bans/rules.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { accept, acceptModeration, type Decide } from '../decisions/accept.ts'
import { reject } from '../errors.ts'
import { notClock, unknown } from '../rules/existence.ts'
import { isClosed } from '../rules/house.ts'
import { markedOut } from '../rules/members.ts'
import { notAllowed } from '../rules/ranks.ts'
import { unfitReason } from '../rules/text.ts'
import { timedOut } from '../rules/waiting.ts'
import { optionUnknown, pollFull, pollRunning, runningPoll, unfitPoll, votedAlready, weightOf } from './rules.ts'
import type { Poll } from './state.ts'

export const startPoll: Decide<ChannelCommandOf<'StartPoll'>> = (start, channel, context) => {
  const { question, options, durationMs, weighted, changeable, hidden, reason } = start
  return (
    unknown(channel) ??
    notAllowed(channel, 'run_polls', context) ??
    isClosed(channel) ??
    unfitPoll(start) ??
    pollRunning(channel) ??
    unfitReason(reason) ??
    acceptModeration(
      channel,
      context,
      {
        type: 'PollStarted',
        seq: channel.seq + 1,
        pollId: context.commandId,
        actor: context.principal,
        question,
        options: JSON.stringify(options),
        optionCount: options.length,
        weighted,
        changeable,
        hidden,
        endsAt: context.at + durationMs,
      },
      { action: 'start_poll', durationMs, reason },
    )
  )
}

/** Who may not post for now may not vote either; the modes of the room keep nobody from it. */
export const castVote: Decide<ChannelCommandOf<'CastVote'>> = ({ pollId, option }, channel, context) => {
  const refused =
    unknown(channel) ??
    notAllowed(channel, 'vote', context) ??
    isClosed(channel) ??
    markedOut(channel, context) ??
    addressBanned(channel, context) ??
    timedOut(channel, context)
  if (refused) return refused
  const poll = runningPoll(channel, pollId, context.at)
  if ('kind' in poll) return poll
  const weight = weightOf(channel, poll, context)
  const { principal: member } = context
  return (
    optionUnknown(poll, option) ??
    votedAlready(poll, option, context) ??
    pollFull(poll, context) ?? {
      kind: 'accepted',
      events: [
        {
          type: 'VoteCast',
          pollId,
          member,
          option,
          weight,
          ballot: poll.ballot + 1,
          voters: poll.votes.size + (poll.votes.has(member) ? 0 : 1),
          totals: totalsAfter(poll, member, option, weight),
        },
      ],
      summary: {},
    }
  )
}

/** A vote that is changed counts no more where it was. */
const totalsAfter = ({ totals, votes }: Poll, member: string, option: number, weight: number): readonly number[] => {
  const before = votes.get(member)
  return totals.map(
    (total, index) => total + (index === option ? weight : 0) - (before?.option === index ? before.weight : 0),
  )
}

const ended = (poll: Poll, seq: number, cause: 'expired' | 'ended' | 'cancelled', actor: string | null) => ({
  type: 'PollEnded' as const,
  seq,
  pollId: poll.pollId,
  cause,
  actor,
  voters: poll.votes.size,
  totals: cause === 'cancelled' ? [] : poll.totals,
})

export const endPoll: Decide<ChannelCommandOf<'EndPoll'>> = ({ pollId, cancel, reason }, channel, context) => {
  const refused = unknown(channel) ?? notAllowed(channel, 'run_polls', context) ?? unfitReason(reason)
  if (refused) return refused
  const poll = runningPoll(channel, pollId, context.at)
  if ('kind' in poll) return poll
  const event = ended(poll, channel.seq + 1, cancel ? 'cancelled' : 'ended', context.principal)
  return acceptModeration(channel, context, event, { action: 'end_poll', reason })
}

/** The owner that decides may have a clock behind the one that sent, and a due command comes once. */
export const expirePoll: Decide<ChannelCommandOf<'ExpirePoll'>> = ({ dueAt }, channel, { principal, at }) => {
  const refused = notClock(principal) ?? unknown(channel)
  if (refused) return refused
  const { poll, seq } = channel
  return poll && poll.endsAt <= Math.max(at, dueAt)
    ? accept(channel, ended(poll, seq + 1, 'expired', null))
    : reject('channel.nothing_due')
}
