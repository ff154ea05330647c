import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { gcraLimiter } from './rate-limit.ts'

test('a burst passes at once, then one for each interval', () => {
  let at = 1_000_000
  const limiter = gcraLimiter({ now: () => at })
  const rate = { perMinute: 60, burst: 3 }
  assert.deepEqual(
    [1, 2, 3, 4].map(() => limiter.take('a', rate)),
    [0, 0, 0, 1000],
  )
  assert.equal(limiter.take('b', rate), 0)
  at += 999
  assert.equal(limiter.take('a', rate), 1)
  at += 1
  assert.equal(limiter.take('a', rate), 0)
  assert.equal(limiter.take('a', rate), 1000)
})

test('in no span of time does more pass than the burst and what has grown back', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 200 }), (pauses) => {
      let at = 0
      const limiter = gcraLimiter({ now: () => at })
      const passed: number[] = []
      for (const pause of pauses) {
        at += pause
        if (limiter.take('a', { perMinute: 60, burst: 5 }) === 0) passed.push(at)
      }
      for (const [i, from] of passed.entries())
        for (const [j, to] of passed.entries())
          if (j >= i) assert.ok(j - i + 1 <= 5 + (to - from) / 1000, `${j - i + 1} within ${to - from} ms`)
    }),
  )
})

test('memory is bounded: keys with a whole allowance go first, then the one longest unseen', () => {
  let at = 10_000
  const limiter = gcraLimiter({ capacity: 3, now: () => at })
  const rate = { perMinute: 1, burst: 1 }
  limiter.take('whole', { perMinute: 6000, burst: 1 })
  limiter.take('a', rate)
  limiter.take('b', rate)
  at += 100
  limiter.take('c', rate)
  assert.equal(limiter.size(), 3)
  assert.ok(limiter.take('a', rate) > 0)
  limiter.take('d', rate)
  assert.equal(limiter.size(), 3)
  assert.ok(limiter.take('b', rate) >= 0)
  assert.equal(limiter.take('a', rate), 0, 'the oldest was forgotten')
})
