import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSamples } from '../load/samples.ts'
import { clientBooks, postBooks, type Tally } from './ledger.ts'

const empty = (): Tally => ({ deliveries: 0, duplicated: 0, outOfOrder: 0, gapFrames: 0, rejected: 0, closes: 0 })

test('a loss, a doubling and a swap are each told apart', () => {
  const tally = empty()
  const books = clientBooks(tally)
  for (const seq of [7, 8, 8, 11, 10]) books.take(seq)
  assert.equal(tally.duplicated, 1)
  assert.equal(tally.outOfOrder, 1)
  assert.equal(books.lost(), 1)
})

test('a post counts as delivered when its whole audience has it', () => {
  const samples = createSamples()
  const books = postBooks({ posts: 2, audience: 2, firstMeasured: 1, samples })
  books.due(0, 0)
  books.due(1, 10)
  books.delivered(0, 5)
  books.delivered(0, 5)
  books.delivered(1, 14)
  assert.equal(books.undelivered(), 1)
  assert.equal(samples.count(), 1)
  assert.equal(samples.percentile(95), 4)
})

test('percentiles are nearest-rank over all samples', () => {
  const samples = createSamples()
  for (let ms = 100; ms >= 1; ms--) samples.add(ms)
  assert.deepEqual([50, 95, 99].map(samples.percentile), [50, 95, 99])
})
