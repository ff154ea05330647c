import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { automatonOf } from './automaton.ts'

const unitsOf = (text: string): number[] => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at))

const found = (terms: readonly string[], text: string): readonly string[] => {
  const hits: string[] = []
  const codes = Uint16Array.from(unitsOf(text))
  automatonOf(terms.map(unitsOf)).scan(codes, codes.length, (term, end) => {
    hits.push(`${terms[term]}@${end}`)
    return false
  })
  return hits.sort()
}

const foundBySearch = (terms: readonly string[], text: string): readonly string[] =>
  terms
    .flatMap((term) =>
      Array.from({ length: text.length + 1 }, (_, at) => at)
        .filter((at) => text.startsWith(term, at))
        .map((at) => `${term}@${at + term.length}`),
    )
    .sort()

test('terms within terms are found, each at each place', () => {
  assert.deepEqual(found(['he', 'she', 'his', 'hers'], 'ushers'), ['he@4', 'hers@6', 'she@4'])
})

test('it finds what a search for each term finds', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'ß', '語'), maxLength: 60 })
  const term = fc.string({ unit: fc.constantFrom('a', 'b', 'ß', '語'), minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(fc.uniqueArray(term, { minLength: 1, maxLength: 20 }), letters, (terms, text) => {
      assert.deepEqual(found(terms, text), foundBySearch(terms, text))
    }),
  )
})

test('the search ends where it is told to', () => {
  const codes = Uint16Array.from(unitsOf('aaaa'))
  let told = 0
  automatonOf([unitsOf('a')]).scan(codes, codes.length, () => ++told === 2)
  assert.equal(told, 2)
})

test('more terms than states can be told apart are refused', () => {
  const long = Array.from({ length: 66_000 }, (_, at) => (at % 60_000) + 1)
  assert.throws(() => automatonOf([long]), RangeError)
})
