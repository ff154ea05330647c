import { type Compile, RuleError } from '../check.ts'
import { count } from '../subject.ts'
import { maxProgramSize, PatternError, type PatternSet, patternSetOf } from '../text/patterns.ts'

const setOf = (patterns: readonly string[], caseSensitive: boolean, maxSize: number): PatternSet => {
  try {
    return patternSetOf(patterns, { caseSensitive, maxSize })
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    if (error.index !== undefined) throw new RuleError(`patterns.${error.index}`, error.message)
    throw new RuleError('patterns', `all patterns of the policy are over ${maxProgramSize} steps long`)
  }
}

/** Blocked patterns: regular expressions in linear time. All of a rule run in one pass. */
export const compilePatterns: Compile<'patterns'> = ({ patterns, caseSensitive, verdict }, _lists, room) => {
  const { isIn, size } = setOf(patterns, caseSensitive, room.steps)
  room.steps -= size
  return (subject) => {
    const { text } = subject.message
    count(subject, text.length * size)
    return isIn(text) ? verdict : undefined
  }
}
