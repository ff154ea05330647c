import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoredRecord } from '#libs/journal/log.ts'
import { type Batch, batchesOf, newTo } from './batch.ts'
import { everything } from './filter.ts'
import { type Offsets, positionCodec } from './position.ts'
import { createRing } from './ring.ts'

const positions = positionCodec('log', 'topic', 2)

const recordAt = (offset: number): StoredRecord => ({
  offset,
  timestamp: 0,
  key: null,
  value: Buffer.alloc(0),
  headers: {},
})

/** Batches of what a read brought: records at these offsets of a partition, and where it goes on. */
const read = (from: Offsets, partition: number, offsets: readonly number[], next: number): readonly Batch[] => {
  const run = { records: offsets.map(recordAt), next, stable: next, end: next }
  return batchesOf(new Map([[partition, run]]), from, positions, ({ offset }) => ({
    ...{ channel: '', type: '', at: 0, partition, offset },
    json: `{"at":"${partition}/${offset}"}`,
  }))
}

const events = (batch: Batch) =>
  [
    ...batch
      .encoded('ndjson', everything)
      .toString()
      .matchAll(/"at":"([^"]+)","position":"([^"]+)"/g),
  ].map(([, at, position = '']) => [at, positions.decode(position)])

test('each event has the position behind it, the last one that behind all that was read', () => {
  const [batch, ...none] = read([5, 7], 0, [5, 6], 9)
  assert.ok(batch)
  assert.deepEqual(none, [])
  assert.deepEqual(events(batch), [
    ['0/5', [6, 7]],
    ['0/6', [9, 7]],
  ])
})

test('what was read of ends of transactions alone is a batch without events', () => {
  const [batch] = read([5, 7], 1, [], 8)
  assert.deepEqual([batch?.entries, batch?.before, batch?.after], [[], [5, 7], [5, 8]])
  assert.deepEqual(read([5, 7], 1, [], 7), [])
})

test('who has read a partition further than the ring gets nothing twice, and no position that goes back', () => {
  const [batch] = read([0, 0], 0, [0, 1, 2], 3)
  assert.ok(batch)
  const own = newTo(batch, [2, 4], positions)
  assert.deepEqual(events(own), [['0/2', [3, 4]]])
  assert.deepEqual(own.after, [3, 4])
  assert.deepEqual(newTo(batch, [9, 4], positions).after, [9, 4])
  assert.equal(newTo(batch, [0, 0], positions), batch)
})

test('a ring takes whoever misses nothing by it, and drops the oldest beyond its bound', () => {
  const ring = createRing([0, 0], 30)
  assert.equal(ring.join([0, 0]), 0)
  for (let offset = 0; offset < 4; offset++)
    for (const batch of read(ring.head(), 0, [offset], offset + 1)) ring.push(batch)
  assert.deepEqual([ring.first(), ring.next(), ring.head()], [2, 4, [4, 0]])
  assert.equal(ring.join([4, 0]), 4)
  assert.equal(ring.join([3, 5]), 3)
  assert.equal(ring.join([2, 0]), 2)
  assert.equal(ring.join([1, 0]), undefined)
  assert.equal(ring.at(1), undefined)
})
