import { foldCodePoint } from './fold.ts'

/**
 * A text as letters without their repeats: `codes` are code units, a space between words; `runs` how often each stood
 * in a row ("coool": c o l, 1 3 1); `spelled` marks letters of a word that was spelled out ("c o o l").
 */
export type Letters = {
  readonly codes: Uint16Array
  readonly runs: Uint16Array
  readonly spelled: Uint8Array
  readonly length: number
}

export const SPACE = 0x20
const EXCLAMATION = 0x21

/**
 * Folds a text to letters, in one pass. Signs part words (`words`), or stand for letters and are left out of words
 * otherwise (`skeleton`: "f@.ke" is one word); a phrase is looked for in both. Words of one letter that follow each
 * other become one.
 */
export const lettersOf = (text: string, form: 'words' | 'skeleton'): Letters => {
  const most = text.length * 4 + 1
  const codes = new Uint16Array(most)
  const runs = new Uint16Array(most)
  const spelled = new Uint8Array(most)
  let length = 0
  let wordStart = 0
  let afterSingle = false
  /** Behind the last letter of the word that is no exclamation mark: those at its end are what they look like. */
  let solid = 0

  /** The word that has just ended, of one letter after another of one letter, moves up to it. */
  const endWord = (): void => {
    if (solid > wordStart) length = solid
    const letters = length - wordStart
    if (letters === 0) return
    if (letters === 1 && afterSingle) {
      const code = codes[wordStart] ?? 0
      const before = wordStart - 2
      if (codes[before] === code) {
        runs[before] = (runs[before] ?? 0) + (runs[wordStart] ?? 0)
        length = wordStart - 1
      } else {
        codes[wordStart - 1] = code
        runs[wordStart - 1] = runs[wordStart] ?? 1
        spelled[wordStart - 1] = 1
        length = wordStart
      }
      spelled[before] = 1
    }
    afterSingle = letters === 1
    codes[length] = SPACE
    runs[length] = 1
    spelled[length] = 0
    length++
    wordStart = length
  }

  for (let at = 0; at < text.length; at++) {
    const codePoint = text.codePointAt(at) ?? 0
    if (codePoint > 0xffff) at++
    const { units, sign, space } = foldCodePoint(codePoint)
    if (space || (sign && form === 'words')) {
      endWord()
      continue
    }
    for (const unit of units) {
      if (length > wordStart && codes[length - 1] === unit) runs[length - 1] = (runs[length - 1] ?? 0) + 1
      else {
        codes[length] = unit
        runs[length] = 1
        spelled[length] = 0
        length++
      }
    }
    if (codePoint !== EXCLAMATION) solid = length
  }
  endWord()
  return { codes, runs, spelled, length: length > 0 ? length - 1 : 0 }
}
