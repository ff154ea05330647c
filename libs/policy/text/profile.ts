/** What a text is made of, counted in one pass by code points. */
export type Profile = {
  readonly length: number
  /** Letters that have an upper and a lower case, and how many of them are upper. */
  readonly cased: number
  readonly upper: number
  /** Neither letters, digits, spaces, punctuation of sentences, nor pictures of emoji. */
  readonly drawing: number
  readonly spaces: number
  /** The longest row of one character, whatever its case. */
  readonly sameRow: number
  /** The most combining marks on one character. */
  readonly marks: number
  /** Words that begin with an at sign. */
  readonly mentions: number
}

type Class = 'upper' | 'lower' | 'plain' | 'space' | 'mark' | 'drawing' | 'ignorable'

const upperCase = /^\p{Lu}$/u
const lowerCase = /^\p{Ll}$/u
const letterOrDigit = /^[\p{L}\p{N}]$/u
const whiteSpace = /^\p{White_Space}$/u
const mark = /^\p{M}$/u
const ignorable = /^\p{Default_Ignorable_Code_Point}$/u
const emoji = /^[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}]$/u
const sentence = new Set([...'.,;:!?\'"()@#&%-–—…’‘“”¿¡$€£、。！？'])

const classAnew = (codePoint: number): Class => {
  const char = String.fromCodePoint(codePoint)
  if (upperCase.test(char)) return 'upper'
  if (lowerCase.test(char)) return 'lower'
  if (whiteSpace.test(char)) return 'space'
  if (mark.test(char)) return ignorable.test(char) ? 'ignorable' : 'mark'
  if (ignorable.test(char)) return 'ignorable'
  if (letterOrDigit.test(char) || sentence.has(char)) return 'plain'
  return emoji.test(char) ? 'plain' : 'drawing'
}

/** Beyond the first plane, by ranges: emoji and letters are plain, blocks for drawing are not. */
const classOfAstral = (codePoint: number): Class => {
  if (codePoint >= 0xe0000) return 'ignorable'
  return codePoint >= 0x1fb00 && codePoint <= 0x1fbff ? 'drawing' : 'plain'
}

/** What is known of the first plane, so that no text costs more than the first ones of its kind did. */
const known: (Class | undefined)[] = new Array(0x10000)

const classOf = (codePoint: number): Class => {
  if (codePoint > 0xffff) return classOfAstral(codePoint)
  const before = known[codePoint]
  if (before) return before
  const found = classAnew(codePoint)
  known[codePoint] = found
  return found
}

const AT_SIGN = 0x40

const lowerOf = (codePoint: number, isUpper: boolean): number =>
  isUpper && codePoint < 128 ? codePoint + 0x20 : codePoint

export const profileOf = (text: string): Profile => {
  let length = 0
  let upper = 0
  let lower = 0
  let drawing = 0
  let spaces = 0
  let mentions = 0
  let marks = 0
  let marksHere = 0
  let sameRow = 0
  let rowHere = 0
  let previous = -1
  let atStart = true
  for (let at = 0; at < text.length; at++) {
    const codePoint = text.codePointAt(at) ?? 0
    if (codePoint > 0xffff) at++
    length++
    const kind = classOf(codePoint)
    if (kind === 'ignorable') continue
    if (kind === 'mark') {
      marks = Math.max(marks, ++marksHere)
      continue
    }
    marksHere = 0
    if (kind === 'upper') upper++
    else if (kind === 'lower') lower++
    else if (kind === 'drawing') drawing++
    else if (kind === 'space') spaces++
    else if (codePoint === AT_SIGN && atStart) mentions++
    const same = lowerOf(codePoint, kind === 'upper')
    rowHere = same === previous ? rowHere + 1 : 1
    if (kind !== 'space') sameRow = Math.max(sameRow, rowHere)
    previous = same
    atStart = kind === 'space'
  }
  return { length, cased: upper + lower, upper, drawing, spaces, sameRow, marks, mentions }
}
