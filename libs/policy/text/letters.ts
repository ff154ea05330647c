import { foldCodePoint } from './fold.ts'

/**
 * A text as letters without their repeats: `codes` are code units, a space between words; `runs` how often each stood
 * in a row ("coool": c o l, 1 3 1), empty where none is repeated; `spelled` marks letters of a word that was spelled out
 * ("c o o l"), empty where none was.
 */
export type Letters = {
  readonly codes: Uint16Array
  readonly runs: Uint16Array
  readonly spelled: Uint8Array
  readonly length: number
  /** Whether the text may be another one in the other form. */
  readonly formsDiffer: boolean
}

export const SPACE = 0x20
const EXCLAMATION = 0x21
const ASCII = 128

/** What an ASCII character folds to, looked up: a code unit (0: none), and whether it parts words. */
const asciiUnits = Uint16Array.from({ length: ASCII }, (_, code) => foldCodePoint(code).units[0] ?? 0)
const asciiSigns = Uint8Array.from({ length: ASCII }, (_, code) => (foldCodePoint(code).sign ? 1 : 0))
const asciiSpaces = Uint8Array.from({ length: ASCII }, (_, code) => (foldCodePoint(code).space ? 1 : 0))

/** Filled within one call alone, and copied from at its end. A code point folds to at most four units. */
let scratch = { codes: new Uint16Array(4_096), runs: new Uint16Array(4_096), spelled: new Uint8Array(4_096) }

const roomFor = (text: string): typeof scratch => {
  const room = 4 * text.length + 2
  if (room > scratch.codes.length)
    scratch = { codes: new Uint16Array(room), runs: new Uint16Array(room), spelled: new Uint8Array(room) }
  return scratch
}

const noUnits: readonly number[] = []
/** Where nothing is repeated, or spelled out, there is nothing to say. */
const noRuns = new Uint16Array(0)
const noSpelling = new Uint8Array(0)

/**
 * Folds a text to letters, in one pass. Signs part words (`words`), or stand for letters and are left out of words
 * otherwise (`skeleton`: "f@.ke" is one word); a phrase is looked for in both. Words of one letter that follow each
 * other become one. Every message comes through here, so that it is one loop over arrays, without calls.
 */
export const lettersOf = (text: string, form: 'words' | 'skeleton'): Letters => {
  const partsAtSigns = form === 'words'
  const { codes, runs, spelled } = roomFor(text)
  let length = 0
  let wordStart = 0
  /** Behind the last letter of the word that is no exclamation mark: those at its end are what they look like. */
  let solid = 0
  let afterSingle = false
  let isRepeated = false
  let isSpelled = false
  /** Whether, since the last space, there was a letter, and a sign behind it or an exclamation mark. */
  let lettersBefore = false
  let signInWord = false
  let formsDiffer = false

  for (let at = 0; at <= text.length; at++) {
    // A space behind the end is the end of the last word.
    const code = at < text.length ? text.charCodeAt(at) : SPACE
    let unit = 0
    let units = noUnits
    let isSign: boolean
    let isSpace: boolean
    if (code < ASCII) {
      unit = asciiUnits[code] as number
      isSign = asciiSigns[code] === 1
      isSpace = asciiSpaces[code] === 1
    } else {
      const codePoint = text.codePointAt(at) as number
      if (codePoint > 0xffff) at++
      const folded = foldCodePoint(codePoint)
      units = folded.units
      isSign = folded.sign
      isSpace = folded.space
    }

    if (isSign) {
      if ((unit !== 0 || units.length > 0) && code !== EXCLAMATION) formsDiffer = true
      if (lettersBefore || code === EXCLAMATION) signInWord = true
    }

    if (isSpace || (isSign && partsAtSigns)) {
      if (isSpace) {
        lettersBefore = false
        signInWord = false
      }
      length = Math.max(solid, wordStart)
      if (length === wordStart) continue
      const isSingle = length === wordStart + 1
      if (isSingle && afterSingle) {
        // The letter moves up to the one before it, over the space.
        const last = wordStart - 2
        if (codes[last] === codes[wordStart]) {
          runs[last] = (runs[last] as number) + (runs[wordStart] as number)
          isRepeated = true
          length = wordStart - 1
        } else {
          codes[wordStart - 1] = codes[wordStart] as number
          runs[wordStart - 1] = runs[wordStart] as number
          spelled[wordStart - 1] = 1
          length = wordStart
        }
        spelled[last] = 1
        isSpelled = true
      }
      afterSingle = isSingle
      codes[length] = SPACE
      runs[length] = 1
      spelled[length] = 0
      length++
      wordStart = length
      solid = length
      continue
    }

    const count = unit !== 0 ? 1 : units.length
    if (count === 0) continue
    if (!isSign) {
      if (signInWord) formsDiffer = true
      lettersBefore = true
    }
    for (let index = 0; index < count; index++) {
      const letter = unit !== 0 ? unit : (units[index] as number)
      if (length > wordStart && codes[length - 1] === letter) {
        runs[length - 1] = (runs[length - 1] as number) + 1
        isRepeated = true
      } else {
        codes[length] = letter
        runs[length] = 1
        spelled[length] = 0
        length++
      }
    }
    if (code !== EXCLAMATION) solid = length
  }

  const end = length > 0 ? length - 1 : 0
  return {
    codes: codes.slice(0, end),
    runs: isRepeated ? runs.slice(0, end) : noRuns,
    spelled: isSpelled ? spelled.slice(0, end) : noSpelling,
    length: end,
    formsDiffer,
  }
}
