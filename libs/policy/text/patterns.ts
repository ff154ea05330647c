import { RE2JS, RE2JSException, RE2Set } from 're2js'

/** Of all patterns of a policy together: a text of n characters takes at most n times so many steps. */
export const maxProgramSize = 1_000
/** What releases before took: what stands in a journal is read by it. */
export const keptProgramSize = 2_000
/** For the states that the engine remembers between texts. */
export const memoryBytes = 256 * 1024
/** Texts that find no room for the states that they need, until those that are remembered make room for others. */
export const renewedAfter = 1_000

/** A pattern is none, or all of a set are too long together. `index` says which it is, where it is one. */
export class PatternError extends Error {
  readonly index: number | undefined

  constructor(message: string, index?: number) {
    super(message)
    this.index = index
  }
}

/** Patterns that are looked for in one pass. */
export type PatternSet = {
  /** Whether one of them is in the text. */
  readonly isIn: (text: string) => boolean
  /** What each character of a text takes, at most. */
  readonly size: number
}

const sizeOf = (pattern: string, flags: number, index: number): number => {
  try {
    return RE2JS.compile(pattern, flags).programSize()
  } catch (error) {
    throw error instanceof RE2JSException ? new PatternError(error.message, index) : error
  }
}

/**
 * Where its memory is full, the engine would throw all states away and build others, up to one for each character of each
 * text, at ten times the cost of going without. Here states stay, and a text that needs more is looked through without
 * any; only seldom are they built anew, for what is said by then.
 */
const keepStates = ({ dfa }: RE2Set): void => {
  let without = 0
  dfa.resetCache = () => {
    without += 1
    if (without % renewedAfter === 0) dfa.clearCache()
    return null
  }
}

/**
 * Regular expressions of RE2, which never backtrack (Thompson, 1968; Cox, 2007), so that time is linear in the text.
 * @throws PatternError where one is none, or all together are over `maxSize`
 */
export const patternSetOf = (
  patterns: readonly string[],
  { caseSensitive = false, maxSize = maxProgramSize } = {},
): PatternSet => {
  if (patterns.length === 0) return { isIn: () => false, size: 0 }
  const flags = caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE
  const set = new RE2Set(RE2Set.UNANCHORED, flags, memoryBytes)
  let size = 0
  for (const [index, pattern] of patterns.entries()) {
    size += sizeOf(pattern, flags, index)
    if (size > maxSize) throw new PatternError(`the patterns are over ${maxSize} steps long`)
    set.add(pattern)
  }
  set.compile()
  keepStates(set)
  return { isIn: (text) => set.match(text).length > 0, size }
}
