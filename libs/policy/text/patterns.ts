import { RE2JS, RE2JSException, RE2Set } from 're2js'

/** Of all patterns of a set together: a text of n characters takes at most n times so many steps. */
export const maxProgramSize = 2_000
/** For the states that the engine remembers between texts. */
const memoryBytes = 1024 * 1024

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
  return { isIn: (text) => set.match(text).length > 0, size }
}
