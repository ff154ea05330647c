import type { Offset } from './log.ts'
import type { Position } from './outcome.ts'

/**
 * What the validity of the next record depends on: the offset of the latest claim (-1 before the first) and `n` of
 * the last valid record (0 before the first).
 */
export type ValidityState = { readonly claim: Offset; readonly n: number }

/** The part of a journal record by which it is judged. `unreadable`: bytes that no writer of a journal made. */
export type EnvelopeHead =
  | { readonly kind: 'claim' }
  | { readonly kind: 'outcome' | 'attempt'; readonly claim: Offset; readonly n: number }
  | { readonly kind: 'unreadable' }

export type Verdict = 'claim' | 'valid' | 'void'

export type Judgement = { readonly verdict: Verdict; readonly state: ValidityState }

/** The two halves of the rule, apart so that a model check can show what each is for. */
export type ValidityRules = {
  readonly ofLatestClaim: (state: ValidityState, claim: Offset) => boolean
  readonly nextInOrder: (state: ValidityState, n: number) => boolean
}

export const validityRules: ValidityRules = {
  ofLatestClaim: (state, claim) => claim === state.claim,
  nextInOrder: (state, n) => n === state.n + 1,
}

export const beforeFirst: ValidityState = { claim: -1, n: 0 }

/**
 * Judges a record by those before it alone (I3), so every reader comes to the same verdict, for ever: a record is valid
 * when it names the latest claim and its `n` follows the last valid one's. A void record changes nothing.
 */
export const judge = (
  state: ValidityState,
  head: EnvelopeHead,
  offset: Offset,
  rules: ValidityRules = validityRules,
): Judgement => {
  if (head.kind === 'claim') return { verdict: 'claim', state: { claim: offset, n: state.n } }
  if (head.kind === 'unreadable') return { verdict: 'void', state }
  return rules.ofLatestClaim(state, head.claim) && rules.nextInOrder(state, head.n)
    ? { verdict: 'valid', state: { claim: state.claim, n: head.n } }
    : { verdict: 'void', state }
}

/**
 * Whether the record at `position.offset` is the one that the position names. A position names the last record that
 * counted (a claim or a valid record), so the record tells; void ones behind it are read again and judged the same.
 */
export const holdsAt = (position: Pick<Position, 'offset' | 'claim' | 'n'>, head: EnvelopeHead): boolean => {
  if (head.kind === 'claim') return position.claim === position.offset
  if (head.kind === 'unreadable') return false
  return head.claim === position.claim && head.n === position.n
}
