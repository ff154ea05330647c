import { may } from '#libs/access/permissions.ts'
import { codePoints } from '#libs/contracts/text.ts'
import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import { type BlockedTerm, maxBlockedTerms, maxTermLength, minTermLength } from '../casework/blocked-terms.ts'
import { reject } from '../errors.ts'
import { normalForm } from '../normal-form.ts'
import type { Channel } from '../state.ts'
import { actorRole } from './ranks.ts'

/** What a nuke has blocked is said by moderators alone; where nothing is blocked, no text is looked at. */
export const blockedTerm = (text: string, channel: Channel, context: DecideContext): Rejection | undefined => {
  const { terms } = channel.casework
  if (terms.length === 0 || may(actorRole(channel, context), 'nuke')) return undefined
  const said = normalForm(text)
  return terms.some(({ term }) => said.includes(term))
    ? reject('channel.filtered', { kind: 'blocked_term' })
    : undefined
}

export const termUnfit = (term: string | null): Rejection | undefined => {
  if (term === null) return undefined
  const length = codePoints(term)
  return term === normalForm(term) && length >= minTermLength && length <= maxTermLength
    ? undefined
    : reject('channel.term_unfit', { min: minTermLength, max: maxTermLength })
}

export const tooManyTerms = ({ casework }: Channel, term: string | null): Rejection | undefined =>
  term !== null && casework.terms.length >= maxBlockedTerms && !casework.terms.some((each) => each.term === term)
    ? reject('channel.too_many_terms', { max: maxBlockedTerms })
    : undefined

export const knownTerm = ({ casework }: Channel, termId: string): BlockedTerm | Rejection =>
  casework.terms.find(({ id }) => id === termId) ?? reject('channel.term_unknown')
