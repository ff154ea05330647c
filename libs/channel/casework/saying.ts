import { keptProgramSize, PatternError, patternSetOf } from '#libs/policy/text/patterns.ts'
import { keptReady } from '../kept-ready.ts'
import { normalForm } from '../normal-form.ts'
import { type BlockedTerm, maxPatternSteps, type Term } from './blocked-terms.ts'

/** Whether a text says one of some terms. */
export type Saying = {
  readonly says: (text: string) => boolean
  /** Of the patterns among them: what each character of a text takes, at most. */
  readonly steps: number
}

const patternsAmong = (terms: readonly Term[]) =>
  terms.flatMap(({ term, match }) => (match === 'pattern' ? [term] : []))

/** @throws PatternError for a pattern that is none, or takes more steps than `maxSize` with the others */
const sayingOf = (terms: readonly Term[], maxSize: number): Saying => {
  const texts = terms.flatMap(({ term, match }) => (match === 'text' ? [term] : []))
  const { isIn, size } = patternSetOf(patternsAmong(terms), { maxSize })
  const isSaid = (text: string): boolean => {
    if (texts.length === 0) return false
    const said = normalForm(text)
    return texts.some((term) => said.includes(term))
  }
  return { says: (text) => isSaid(text) || isIn(text), steps: size }
}

/** Looks for one term. @throws PatternError as `patternProblem` tells */
export const sayingOfOne = (term: Term): Saying['says'] => sayingOf([term], maxPatternSteps).says

/** Of a pattern that is taken. */
export const stepsOf = (pattern: string): number =>
  sayingOf([{ term: pattern, match: 'pattern' }], maxPatternSteps).steps

/** Why a pattern is not taken; undefined where it is. One that is in the empty text is in every text. */
export const patternProblem = (pattern: string): string | undefined => {
  try {
    const isEverywhere = sayingOfOne({ term: pattern, match: 'pattern' })('')
    return isEverywhere ? 'it is in every message' : undefined
  } catch (error) {
    if (error instanceof PatternError) return error.message
    throw error
  }
}

/** What this release cannot read any more blocks nothing, so that a channel goes on rather than stop. */
const ofBlocked = (terms: readonly BlockedTerm[]): Saying => {
  try {
    return sayingOf(terms, keptProgramSize)
  } catch (error) {
    if (error instanceof PatternError)
      return sayingOf(
        terms.filter(({ match }) => match === 'text'),
        0,
      )
    throw error
  }
}

/** Of all channels that a process decides for, the blocked terms that are kept ready. */
export const blockedSaying = keptReady(500, ofBlocked)
