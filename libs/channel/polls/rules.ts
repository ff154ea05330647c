import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'
import { unfitLine } from '../rules/text.ts'
import { holds, marksOf } from '../state/marks.ts'
import type { Channel } from '../state.ts'
import type { Poll } from './state.ts'

export const minOptions = 2
export const maxOptions = 10
export const maxQuestionLength = 200
export const maxOptionLength = 100
export const minPollMs = 5_000
export const maxPollMs = 7 * 86_400_000
/** Every owner of the channel has them in memory, and in snapshots. */
export const maxVoters = 100_000

const unfit = reject('channel.poll_unfit', { minOptions, maxOptions, minMs: minPollMs, maxMs: maxPollMs })

export const unfitPoll = ({ question, options, durationMs }: ChannelCommandOf<'StartPoll'>): Rejection | undefined => {
  const isFit =
    options.length >= minOptions &&
    options.length <= maxOptions &&
    new Set(options.map((option) => option.normalize('NFC'))).size === options.length &&
    Number.isInteger(durationMs) &&
    durationMs >= minPollMs &&
    durationMs <= maxPollMs
  if (!isFit) return unfit
  return [question, ...options].reduce<Rejection | undefined>(
    (found, text, index) =>
      found ??
      (index === 0 ? unfitLine('question', text, maxQuestionLength) : unfitLine('options', text, maxOptionLength)),
    undefined,
  )
}

export const pollRunning = ({ poll }: Channel): Rejection | undefined =>
  poll ? reject('channel.poll_running') : undefined

/** The poll of that id, while it takes votes; over at its moment, whether its end has been announced yet or not. */
export const runningPoll = ({ poll }: Channel, pollId: string, at: number): Poll | Rejection =>
  poll?.pollId === pollId && at < poll.endsAt ? poll : reject('channel.poll_over')

export const optionUnknown = ({ optionCount }: Poll, option: number): Rejection | undefined =>
  Number.isInteger(option) && option >= 0 && option < optionCount
    ? undefined
    : reject('channel.option_unknown', { max: optionCount - 1 })

export const votedAlready = (
  { votes, changeable }: Poll,
  option: number,
  { principal }: DecideContext,
): Rejection | undefined => {
  const vote = votes.get(principal)
  return vote && (!changeable || vote.option === option) ? reject('channel.voted_already') : undefined
}

export const pollFull = ({ votes }: Poll, { principal }: DecideContext): Rejection | undefined =>
  votes.size >= maxVoters && !votes.has(principal) ? reject('channel.poll_full', { max: maxVoters }) : undefined

/** One, and one more for each tier of the voter's subscription where the poll weighs votes. */
export const weightOf = ({ marks }: Channel, { weighted }: Poll, { principal, at }: DecideContext): number => {
  const { subscription } = marksOf(marks, principal)
  return weighted && holds(subscription, at) ? 1 + (subscription.value ?? 0) : 1
}
