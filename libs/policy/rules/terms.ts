import { type Compile, termsOfLists } from '../check.ts'
import { count, plainIn, type Subject } from '../subject.ts'
import { automatonOf } from '../text/automaton.ts'
import { disguisedIn } from './disguises.ts'

/** A letter, a digit or a mark: what a word is made of. Surrogates count, so that no letter is taken for an end. */
const wordUnit = /^[\p{L}\p{N}\p{M}_\ud800-\udfff]$/u

const isWordUnit = (code: number | undefined): boolean => {
  if (code === undefined) return false
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 95
  return (code >= 0xd800 && code <= 0xdfff) || wordUnit.test(String.fromCharCode(code))
}

/** Finds the very words, whatever their case and width. */
const plainlyIn = (terms: readonly string[], match: 'word' | 'anywhere'): ((subject: Subject) => boolean) => {
  const plain = new Set(terms.map((term) => term.normalize('NFKC').toLowerCase().trim()))
  plain.delete('')
  const units = [...plain].map((term) => Array.from({ length: term.length }, (_, at) => term.charCodeAt(at)))
  const automaton = automatonOf(units)
  const lengths = units.map(({ length }) => length)
  return (subject) => {
    const codes = plainIn(subject)
    let hit = false
    const steps = automaton.scan(codes, codes.length, (term, end) => {
      const start = end - (lengths[term] ?? 0)
      hit = match === 'anywhere' || (!isWordUnit(codes[start - 1]) && !isWordUnit(codes[end]))
      return hit
    })
    count(subject, steps)
    return hit
  }
}

/** Blocked terms, and what looks like them where the rule asks for it. */
export const compileTerms: Compile<'terms'> = ({ terms, lists: names, match, lookalikes, verdict }, lists) => {
  const all = [...terms, ...termsOfLists(names, lists)]
  const isPlain = plainlyIn(all, match)
  const severityIn = lookalikes
    ? disguisedIn(
        all.map((text) => ({ text, severity: 1 })),
        match,
      )
    : () => 0
  return (subject) => (isPlain(subject) || severityIn(subject) > 0 ? verdict : undefined)
}
