import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { StoredRecord } from '../log.ts'
import { recentRecords } from './recent.ts'

/** Records of 3 bytes each, as they are cut out of a fetched answer. */
const cutOut = (answer: Buffer, first: number, count: number): readonly StoredRecord[] =>
  Array.from({ length: count }, (_, at) => ({
    offset: first + at,
    timestamp: 0,
    key: at % 2 === 0 ? answer.subarray(at * 3, at * 3 + 1) : null,
    value: answer.subarray(at * 3 + 1, at * 3 + 3),
    headers: {},
  }))

describe('the latest records of a partition', () => {
  test('keep no more of a fetched answer than they are', () => {
    const recent = recentRecords(0, 0)
    const given = cutOut(Buffer.alloc(1024 * 1024, 'abcdefg'), 0, 4)
    recent.add(given)
    const kept = recent.from(0)
    assert.deepEqual(kept, given)
    for (const { key, value } of kept) {
      assert.ok(value.buffer.byteLength < 100)
      assert.ok(!key || key.buffer === value.buffer)
    }
  })

  test('begin and end where reading did', () => {
    const recent = recentRecords(7, 9)
    assert.deepEqual([6, 7, 9, 10].map(recent.holds), [false, true, true, false])
    recent.add(cutOut(Buffer.alloc(30), 7, 5))
    assert.deepEqual([6, 7, 12, 13].map(recent.holds), [false, true, true, false])
    assert.deepEqual(
      [7, 10, 12].map((from) => recent.from(from).map(({ offset }) => offset)),
      [[7, 8, 9, 10, 11], [10, 11], []],
    )
  })
})
