import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pauses, withBackoff } from './backoff.ts'

test('each pause is twice as long as the one before, up to a bound', () => {
  const { next } = pauses({ firstMs: 20, mostMs: 100 }, () => 0)
  assert.deepEqual([next(), next(), next(), next(), next()], [20, 40, 80, 100, 100])
})

test('what has got on, or went well for long enough, begins again with the shortest', () => {
  let now = 0
  const { next, reset } = pauses({ firstMs: 20, mostMs: 100, steadyMs: 1_000 }, () => now)
  next()
  next()
  reset()
  assert.deepEqual([next(), next()], [20, 40])
  now += 1_040
  assert.equal(next(), 80, 'a second counts from the end of the pause')
  now += 1_081
  assert.equal(next(), 20)
})

test('an attempt is repeated until it succeeds, what is hopeless is thrown at once', async () => {
  const { signal } = new AbortController()
  const delays: number[] = []
  let failures = 2
  const attempt = async () => {
    if (failures-- > 0) throw new Error('away')
    return 'done'
  }
  const onRetry = (_error: unknown, delayMs: number) => void delays.push(delayMs)
  assert.equal(await withBackoff(attempt, { retryable: () => true, onRetry, firstMs: 1, signal }), 'done')
  assert.deepEqual(delays, [1, 2])
  failures = 1
  await assert.rejects(withBackoff(attempt, { retryable: () => false, signal }), /away/)
})
