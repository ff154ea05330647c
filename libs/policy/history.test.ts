import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { alikeIn, mostAuthors, noHistory, postedWithin, recentFrom, recentMessages, remember } from './history.ts'

const needs = { sketches: 3, floodWindowMs: 1_000 }
const sketch = Buffer.alloc(16, 7)
const words = [0x07070707, 0x07070707, 0x07070707, 0x07070707] as const

test('the last messages are remembered, twice as many as asked for at most', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 30 }), (count) => {
      let history = noHistory
      for (let at = 1; at <= count; at++) history = remember(history, { author: '1', at, sketch }, needs)
      const kept = recentMessages(history.recent)
        .flat()
        .map(({ at }) => at)
      assert.deepEqual(
        kept,
        Array.from({ length: kept.length }, (_, index) => count - index),
      )
      assert.ok(kept.length >= Math.min(count, 3) && kept.length <= 6)
      assert.equal(alikeIn(history, words, 0, 16, undefined), kept.length)
      assert.deepEqual(recentFrom(recentMessages(history.recent)), history.recent)
    }),
  )
})

test('nobody is counted for longer than a window and the one before', () => {
  let history = noHistory
  for (const at of [0, 1, 2]) history = remember(history, { author: '1', at, sketch: null }, needs)
  assert.equal(postedWithin(history, '1', 500, 1_000), 3)
  assert.equal(postedWithin(history, '2', 500, 1_000), 0)
  assert.equal(postedWithin(history, '1', 1_500, 1_000), 1.5)
  assert.equal(postedWithin(history, '1', 2_000, 1_000), 0)
  const later = remember(history, { author: '2', at: 1_500, sketch: null }, needs)
  assert.equal(postedWithin(later, '1', 1_500, 1_000), 3)
  assert.equal(postedWithin(later, '1', 2_250, 1_000), 0.75)
})

test('a crowd turns the count over before its time', () => {
  let history = noHistory
  for (let author = 0; author <= mostAuthors + 1; author++)
    history = remember(history, { author: String(author), at: 1, sketch: null }, needs)
  assert.ok(history.current.size <= mostAuthors && history.previous.size <= mostAuthors)
})

test('what no rule asks for is forgotten', () => {
  const history = remember(noHistory, { author: '1', at: 1, sketch }, needs)
  assert.equal(remember(history, { author: '1', at: 2, sketch }, { sketches: 0, floodWindowMs: 0 }), noHistory)
})
