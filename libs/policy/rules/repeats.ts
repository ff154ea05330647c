import type { Compile } from '../check.ts'
import { count, profileIn, wordsIn } from '../subject.ts'
import { type Letters, SPACE } from '../text/letters.ts'

/** The most often that one word stands in a row: each word is compared with the one before it alone. */
export const longestWordRow = ({ codes, length }: Letters): number => {
  let longest = 0
  let row = 0
  let before = { start: 0, end: 0 }
  let start = 0
  for (let at = 0; at <= length; at++) {
    if (at < length && codes[at] !== SPACE) continue
    const size = at - start
    let same = size > 0 && size === before.end - before.start
    for (let index = 0; same && index < size; index++) same = codes[start + index] === codes[before.start + index]
    row = same ? row + 1 : 1
    if (size > 0) longest = Math.max(longest, row)
    before = { start, end: at }
    start = at + 1
  }
  return longest
}

/** One character, or one word, again and again. */
export const compileRepeats: Compile<'repeats'> =
  ({ character, word, verdict }) =>
  (subject) => {
    if (profileIn(subject).sameRow >= character) return verdict
    const words = wordsIn(subject)
    count(subject, words.length)
    return longestWordRow(words) >= word ? verdict : undefined
  }
