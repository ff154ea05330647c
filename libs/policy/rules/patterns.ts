import { type Compile, RuleError } from '../check.ts'
import { count } from '../subject.ts'
import { PatternError, type PatternSet, patternSetOf } from '../text/patterns.ts'

const setOf = (patterns: readonly string[], caseSensitive: boolean): PatternSet => {
  try {
    return patternSetOf(patterns, { caseSensitive })
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    throw new RuleError(error.index === undefined ? 'patterns' : `patterns.${error.index}`, error.message)
  }
}

/** Blocked patterns: regular expressions in linear time. All of a rule run in one pass. */
export const compilePatterns: Compile<'patterns'> = ({ patterns, caseSensitive, verdict }) => {
  const { isIn, size } = setOf(patterns, caseSensitive)
  return (subject) => {
    const { text } = subject.message
    count(subject, text.length * size)
    return isIn(text) ? verdict : undefined
  }
}
