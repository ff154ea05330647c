import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countVoid } from './void-records.ts'

const record = (offset: number, partition = 0, logId = 'log') =>
  ({ logId, family: 'channel', partition, offset }) as const

test('whoever of a process reads a void record, it counts once, and the past is not counted again', () => {
  assert.deepEqual(
    [record(7), record(7), record(3), record(9)].map((each) => countVoid(each)),
    [true, false, false, true],
  )
})

test('each partition of each log is counted by itself', () => {
  assert.ok(countVoid(record(1, 1)))
  assert.ok(countVoid(record(1, 0, 'other')))
})
