import { may } from '#libs/access/permissions.ts'
import { codePoints } from '#libs/contracts/text.ts'
import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import {
  type BlockedTerm,
  maxBlockedSteps,
  maxBlockedTerms,
  maxPatternLength,
  maxPatternSteps,
  maxTermLength,
  minTermLength,
  type Term,
} from '../casework/blocked-terms.ts'
import { blockedSaying, patternProblem, stepsOf } from '../casework/saying.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'
import { normalForm } from '../normal-form.ts'
import type { Channel } from '../state.ts'
import { actorRole } from './ranks.ts'

/** What a nuke has blocked is said by moderators alone; where nothing is blocked, no text is looked at. */
export const blockedTerm = (text: string, channel: Channel, context: DecideContext): Rejection | undefined => {
  const { terms } = channel.casework
  if (terms.length === 0 || may(actorRole(channel, context), 'nuke')) return undefined
  return blockedSaying(terms).says(text) ? reject('channel.filtered', { kind: 'blocked_term' }) : undefined
}

/** What a nuke is to block; null where nothing is. */
export const termOf = ({ term, match }: ChannelCommandOf<'NukeMessages'>): Term | null =>
  term === null ? null : { term, match: match ?? 'text' }

export const isBlocked = ({ casework }: Channel, { term, match }: Term): boolean =>
  casework.terms.some((each) => each.term === term && each.match === match)

const patternUnfit = (pattern: string): Rejection | undefined => {
  const max = maxPatternLength
  const problem = pattern.length > max ? `it is over ${max} characters long` : patternProblem(pattern)
  return problem === undefined
    ? undefined
    : reject('channel.pattern_unfit', { problem, max, maxSteps: maxPatternSteps })
}

const textUnfit = (term: string): Rejection | undefined => {
  const length = codePoints(term)
  return term === normalForm(term) && length >= minTermLength && length <= maxTermLength
    ? undefined
    : reject('channel.term_unfit', { min: minTermLength, max: maxTermLength })
}

export const termUnfit = (wanted: Term | null): Rejection | undefined => {
  if (wanted === null) return undefined
  return wanted.match === 'pattern' ? patternUnfit(wanted.term) : textUnfit(wanted.term)
}

/** So many, and all patterns of them together so long, since each message is looked through for all. */
export const tooManyTerms = (channel: Channel, wanted: Term | null): Rejection | undefined => {
  if (wanted === null || isBlocked(channel, wanted)) return undefined
  const { terms } = channel.casework
  const isTooLong = wanted.match === 'pattern' && blockedSaying(terms).steps + stepsOf(wanted.term) > maxBlockedSteps
  return terms.length >= maxBlockedTerms || isTooLong
    ? reject('channel.too_many_terms', { max: maxBlockedTerms, maxSteps: maxBlockedSteps })
    : undefined
}

export const knownTerm = ({ casework }: Channel, termId: string): BlockedTerm | Rejection =>
  casework.terms.find(({ id }) => id === termId) ?? reject('channel.term_unknown')
