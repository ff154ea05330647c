import { RE2JS, RE2JSException, RE2Set } from 're2js'
import { type Compile, RuleError } from '../check.ts'
import { count } from '../subject.ts'

/** Of all patterns of a rule together: a text of n characters takes at most n times so many steps. */
export const maxProgramSize = 2_000
/** For the states that the engine remembers between texts. */
const memoryBytes = 1024 * 1024

/**
 * Blocked patterns: regular expressions of RE2, which never backtrack (Thompson, 1968; Cox, 2007), so that time is
 * linear in the text. All of a rule run in one pass.
 */
export const compilePatterns: Compile<'patterns'> = ({ patterns, caseSensitive, verdict }) => {
  if (patterns.length === 0) return () => undefined
  const flags = caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE
  const set = new RE2Set(RE2Set.UNANCHORED, flags, memoryBytes)
  let size = 0
  for (const [index, pattern] of patterns.entries()) {
    try {
      size += RE2JS.compile(pattern, flags).programSize()
      if (size > maxProgramSize) throw new RuleError('patterns', `the patterns are over ${maxProgramSize} steps long`)
      set.add(pattern)
    } catch (error) {
      if (!(error instanceof RE2JSException)) throw error
      throw new RuleError(`patterns.${index}`, error.message)
    }
  }
  set.compile()
  return (subject) => {
    const { text } = subject.message
    count(subject, text.length * size)
    return set.match(text).length > 0 ? verdict : undefined
  }
}
