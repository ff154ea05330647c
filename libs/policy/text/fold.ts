import unhomoglyph from 'unhomoglyph'

/**
 * Folding: what looks alike becomes alike, so that a phrase is found however it is dressed up. Compatibility
 * decomposition (Unicode's NFKD) takes off accents, full width, mathematical and circled letters; the table below adds
 * letters of other scripts that people write for Latin ones, and Unicode's confusables (TR39) those that look the same;
 * digits and signs that stand for letters follow.
 */

/** Letters drawn like a Latin one, by that letter. */
const drawnLike: Readonly<Record<string, string>> = {
  a: 'аɑαᴀ',
  b: 'вβʙьЬ',
  c: 'сᴄϲ',
  d: 'ԁᴅđժ',
  e: 'еєεᴇҽ',
  f: 'ꜰғƒ',
  g: 'ɡɢց',
  h: 'һнʜħհ',
  i: 'іιıɪӏʟłⅼljǀ',
  j: 'јᴊϳ',
  k: 'кκᴋ',
  m: 'мᴍ',
  n: 'ηɴոп',
  o: 'оοσөᴏօø๐०',
  p: 'рρᴘþ',
  q: 'ԛǫ',
  r: 'ʀгᴦ',
  s: 'ѕꜱʂ',
  t: 'тτᴛŧ',
  u: 'υսᴜц',
  v: 'νᴠѵ',
  w: 'ԝωᴡшա',
  x: 'хχ×',
  y: 'уγʏү',
  z: 'ᴢȥ',
  ae: 'æ',
  oe: 'œ',
  ss: 'ß',
}

/** Digits and signs that stand for a letter; `l` is one of those that look like `i`. */
const standsFor: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'i',
  '+': 't',
  '€': 'e',
  '£': 'i',
  '¡': 'i',
  l: 'i',
}

const latinOf = new Map(
  Object.entries(drawnLike).flatMap(([latin, letters]) => [...letters].map((letter) => [letter, latin] as const)),
)

/** Words of Latin letters are dressed up with letters of these; those of other scripts mean themselves. */
const dressing =
  /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}\p{Script=Tifinagh}\p{Script=Canadian_Aboriginal}]$/u

const lookOf = (letter: string): string => {
  const known = latinOf.get(letter)
  if (known !== undefined || letter.charCodeAt(0) < 128 || !dressing.test(letter)) return known ?? letter
  const look = unhomoglyph(letter)
  return /^[a-z]{1,2}$/i.test(look) ? look.toLowerCase() : letter
}

/** What a code point folds to: code units; a sign keeps its place only where signs are kept. */
export type Folded = {
  readonly units: readonly number[]
  readonly sign: boolean
  readonly space: boolean
}

const nothing: Folded = { units: [], sign: false, space: false }
const signOnly: Folded = { units: [], sign: true, space: false }
const space: Folded = { units: [], sign: false, space: true }

const ignorable = /[\p{M}\p{Default_Ignorable_Code_Point}\p{Cc}]/gu
const wordLetter = /^[\p{L}\p{N}]$/u
const whiteSpace = /^[\p{White_Space}\u2800]$/u

/** Ligatures of whole phrases are signs like others. */
const longestExpansion = 4

const latinLetter = (codePoint: number): string | undefined => {
  // Regional indicators, and letters in dark circles and squares, which Unicode does not take apart.
  if (codePoint >= 0x1f1e6 && codePoint <= 0x1f1ff) return String.fromCharCode(0x61 + codePoint - 0x1f1e6)
  if (codePoint >= 0x1f150 && codePoint <= 0x1f169) return String.fromCharCode(0x61 + codePoint - 0x1f150)
  if (codePoint >= 0x1f170 && codePoint <= 0x1f189) return String.fromCharCode(0x61 + codePoint - 0x1f170)
  return undefined
}

const unitsOf = (text: string): readonly number[] => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at))

const foldAnew = (codePoint: number): Folded => {
  const char = String.fromCodePoint(codePoint)
  if (whiteSpace.test(char)) return space
  const bare = (latinLetter(codePoint) ?? char).normalize('NFKD').replace(ignorable, '').toLowerCase()
  if (bare === '') return nothing
  const alike = [...bare].map(lookOf).join('')
  const folded = [...alike].map((letter) => standsFor[letter] ?? letter).join('')
  const sign = ![...alike].every((letter) => wordLetter.test(letter))
  const readable = [...folded].every((letter) => wordLetter.test(letter))
  return { units: readable && folded.length <= longestExpansion ? unitsOf(folded) : [], sign, space: false }
}

/** Beyond the first plane, by ranges: letters that decompose, signs and pictures, what is not shown; the rest is letters. */
const foldAstral = (codePoint: number): Folded => {
  if (codePoint >= 0xe0000) return nothing
  const isStyled = (codePoint >= 0x1d400 && codePoint <= 0x1d7ff) || (codePoint >= 0x1f100 && codePoint <= 0x1f1ff)
  if (isStyled) return foldAnew(codePoint)
  if (codePoint >= 0x1d000 && codePoint <= 0x1fbff) return signOnly
  return { units: unitsOf(String.fromCodePoint(codePoint)), sign: false, space: false }
}

/** What is known of the first plane, so that no text costs more than the first ones of its kind did. */
const known: (Folded | undefined)[] = new Array(0x10000)

/** What a code point folds to. The same for ever; what it remembers only makes it faster. */
export const foldCodePoint = (codePoint: number): Folded => {
  if (codePoint > 0xffff) return foldAstral(codePoint)
  const before = known[codePoint]
  if (before) return before
  const folded = foldAnew(codePoint)
  known[codePoint] = folded
  return folded
}
