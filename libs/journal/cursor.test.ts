import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { takeContiguous } from './cursor.ts'
import type { StoredRecord } from './log.ts'

const recordsAt = (offsets: readonly number[]): readonly StoredRecord[] =>
  offsets.map((offset) => ({ offset, timestamp: 0, key: null, value: Buffer.alloc(0), headers: {} }))

const taken = (expected: number, offsets: readonly number[]) => {
  const { records, again } = takeContiguous(expected, recordsAt(offsets))
  return { offsets: records.map(({ offset }) => offset), again }
}

test('a run that begins where it is expected is taken whole', () => {
  assert.deepEqual(taken(4, [4, 5, 6]), { offsets: [4, 5, 6], again: false })
})

test('what was handed over before is dropped', () => {
  assert.deepEqual(taken(4, [2, 3, 4, 5]), { offsets: [4, 5], again: false })
  assert.deepEqual(taken(4, [2, 3]), { offsets: [], again: false })
})

test('a run that begins too late is read again', () => {
  assert.deepEqual(taken(4, [5, 6]), { offsets: [], again: true })
})

test('at a hole the run ends, and the rest is read again', () => {
  assert.deepEqual(taken(4, [3, 4, 5, 7, 8]), { offsets: [4, 5], again: true })
})

test('nothing is nothing', () => {
  assert.deepEqual(taken(4, []), { offsets: [], again: false })
})

test('whatever comes, what is taken continues where the reader is', () => {
  fc.assert(
    fc.property(fc.nat(20), fc.uniqueArray(fc.nat(30)), (expected, fetched) => {
      const { offsets } = taken(
        expected,
        fetched.toSorted((a, b) => a - b),
      )
      assert.deepEqual(
        offsets,
        offsets.map((_, index) => expected + index),
      )
    }),
  )
})
