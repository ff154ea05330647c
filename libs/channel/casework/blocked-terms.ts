import type { Instant } from '#libs/journal/log.ts'
import type { ChannelEventOf } from '../events.ts'

/** What nobody but moderators says: since a nuke, and until a moderator has decided on it, or for good. */
export type BlockedTerm = {
  readonly id: string
  /** In its normal form. */
  readonly term: string
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

export const blockTerm = (
  terms: readonly BlockedTerm[],
  { actor, term }: ChannelEventOf<'TermBlocked'>,
  id: string,
  since: Instant,
): readonly BlockedTerm[] => [...terms, { id, term, actor, since, kept: false }]

export const decideTerm = (
  terms: readonly BlockedTerm[],
  { termId, kept }: ChannelEventOf<'TermDecided'>,
): readonly BlockedTerm[] =>
  kept ? terms.map((each) => (each.id === termId ? { ...each, kept } : each)) : terms.filter(({ id }) => id !== termId)
