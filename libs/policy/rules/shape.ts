import type { Compile } from '../check.ts'
import { profileIn } from '../subject.ts'

/** Shouting: mostly capitals. Letters of scripts without them do not count. */
export const compileCaps: Compile<'caps'> =
  ({ minLetters, share, verdict }) =>
  (subject) => {
    const { cased, upper } = profileIn(subject)
    return cased >= minLetters && upper >= cased * share ? verdict : undefined
  }

/** Pictures made of characters: blocks, lines and signs that no sentence has so many of. */
export const compileAsciiArt: Compile<'ascii_art'> =
  ({ minLength, share, verdict }) =>
  (subject) => {
    const { length, drawing, spaces } = profileIn(subject)
    return length >= minLength && drawing >= Math.max(1, (length - spaces) * share) ? verdict : undefined
  }

/** Letters buried under combining marks. */
export const compileZalgo: Compile<'zalgo'> =
  ({ marks, verdict }) =>
  (subject) =>
    profileIn(subject).marks >= marks ? verdict : undefined

/** Many people called at once. */
export const compileMentions: Compile<'mentions'> =
  ({ most, verdict }) =>
  (subject) =>
    profileIn(subject).mentions > most ? verdict : undefined
