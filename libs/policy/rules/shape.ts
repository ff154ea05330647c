import type { Compile } from '../check.ts'

/** Shouting: mostly capitals. Letters of scripts without them do not count. */
export const compileCaps: Compile<'caps'> =
  ({ minLetters, share, verdict }) =>
  ({ profile }) => {
    const { cased, upper } = profile()
    return cased >= minLetters && upper >= cased * share ? verdict : undefined
  }

/** Pictures made of characters: blocks, lines and signs that no sentence has so many of. */
export const compileAsciiArt: Compile<'ascii_art'> =
  ({ minLength, share, verdict }) =>
  ({ profile }) => {
    const { length, drawing, spaces } = profile()
    return length >= minLength && drawing >= Math.max(1, (length - spaces) * share) ? verdict : undefined
  }

/** Letters buried under combining marks. */
export const compileZalgo: Compile<'zalgo'> =
  ({ marks, verdict }) =>
  ({ profile }) =>
    profile().marks >= marks ? verdict : undefined

/** Many people called at once. */
export const compileMentions: Compile<'mentions'> =
  ({ most, verdict }) =>
  ({ profile }) =>
    profile().mentions > most ? verdict : undefined
