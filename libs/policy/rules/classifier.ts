import type { Compile } from '../check.ts'

/** What an outside model said; where it did not answer, the rule lets pass or holds. Not asked at all, it says nothing. */
export const compileClassifier: Compile<'classifier'> =
  ({ label, score, unavailable, verdict }) =>
  ({ message: { classification } }) => {
    if (!classification) return undefined
    if (classification.kind === 'unavailable') return unavailable === 'hold' ? 'hold' : undefined
    return (label === undefined || classification.label === label) && classification.score >= score
      ? verdict
      : undefined
  }
