import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { askedBytes } from './byte-range.ts'

const BYTES = 1_000
const TAG = '"v1"'
const asked = (range: string, condition?: string) => askedBytes({ range, 'if-range': condition }, BYTES, TAG)

/** As RFC 9110 has it: what is asked for, and what it is. */
const table: readonly (readonly [range: string, expected: ReturnType<typeof askedBytes>])[] = [
  ['bytes=0-0', { from: 0, to: 1 }],
  ['bytes=0-499', { from: 0, to: 500 }],
  ['bytes=500-', { from: 500, to: BYTES }],
  ['bytes=-1', { from: 999, to: BYTES }],
  ['bytes=-5000', { from: 0, to: BYTES }],
  ['bytes=999-5000', { from: 999, to: BYTES }],
  ['bytes=1000-', 'unsatisfiable'],
  ['bytes=1000-2000', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=500-499', 'whole'],
  ['bytes=0-1,5-6', 'whole'],
  ['bytes=-', 'whole'],
  ['bytes=a-b', 'whole'],
  ['items=0-1', 'whole'],
  ['', 'whole'],
]
for (const [range, expected] of table)
  test(`a request for ${range || 'no range'}`, () => assert.deepEqual(asked(range), expected))

test('a range of another version is as if none had been asked for', () => {
  assert.deepEqual(asked('bytes=0-1', TAG), { from: 0, to: 2 })
  for (const condition of ['"v2"', 'W/"v1"', 'Tue, 03 Nov 2026 08:00:00 GMT', ''])
    assert.equal(asked('bytes=0-1', condition), 'whole')
  assert.equal(askedBytes({}, BYTES, TAG), 'whole')
})

test('whatever is asked for lies within what there is', () => {
  fc.assert(
    fc.property(fc.nat(50), fc.option(fc.nat(60)), fc.option(fc.nat(60)), (bytes, first, last) => {
      const range = askedBytes({ range: `bytes=${first ?? ''}-${last ?? ''}` }, bytes, TAG)
      if (typeof range === 'object') assert.ok(0 <= range.from && range.from < range.to && range.to <= bytes)
    }),
  )
})
