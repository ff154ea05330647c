import type { Instant } from '#libs/journal/log.ts'
import { policyLimits } from '#libs/policy/policy.ts'
import type { termMatches } from '#libs/protocols/native/nukes.ts'
import type { ChannelEventOf } from '../events.ts'

export type TermMatch = (typeof termMatches)[number]

/** What messages are looked through for. */
export type Term = { readonly term: string; readonly match: TermMatch }

/** What nobody but moderators says: since a nuke, and until a moderator has decided on it, or for good. */
export type BlockedTerm = Term & {
  readonly id: string
  readonly actor: string
  readonly since: Instant
  /** Whether a moderator has decided that it stays blocked. */
  readonly kept: boolean
}

/** Each is looked for in every message. */
export const maxBlockedTerms = 50
/** Code points of a term. */
export const minTermLength = 2
export const maxTermLength = 128
/** Characters of a pattern, as in policies. */
export const maxPatternLength = policyLimits.patternLength
/** Steps of one pattern, and of all that are blocked in a channel: what a character of a message takes, at most. */
export const maxPatternSteps = 250
export const maxBlockedSteps = 500

export const blockTerm = (
  terms: readonly BlockedTerm[],
  { actor, term, match }: ChannelEventOf<'TermBlocked'>,
  id: string,
  since: Instant,
): readonly BlockedTerm[] => [...terms, { id, term, match: match ?? 'text', actor, since, kept: false }]

export const decideTerm = (
  terms: readonly BlockedTerm[],
  { termId, kept }: ChannelEventOf<'TermDecided'>,
): readonly BlockedTerm[] =>
  kept ? terms.map((each) => (each.id === termId ? { ...each, kept } : each)) : terms.filter(({ id }) => id !== termId)
