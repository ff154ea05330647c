import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clockGuard } from './clock.ts'

/** A wall clock, a monotonic one, and a broker's, all of them to be set. */
const clocks = () => {
  const time = { wall: 1_000_000, monotonic: 0 }
  const pass = (ms: number) => {
    time.wall += ms
    time.monotonic += ms
  }
  return {
    time,
    pass,
    guard: clockGuard(
      () => time.wall,
      () => time.monotonic,
    ),
  }
}

test('a record that is read back late does not make the clock seem ahead', () => {
  const { pass, guard, time } = clocks()
  guard.sent('0.1')
  const written = time.wall
  pass(17_000)
  guard.observe('0.1', written)
  assert.equal(guard.aheadMs(), 0)
})

test('a wall clock that jumps ahead of the broker is seen at once', () => {
  const { guard, time } = clocks()
  guard.sent('0.1')
  guard.observe('0.1', time.wall)
  time.wall += 6_000
  assert.equal(guard.aheadMs(), 6_000)
})

test('before anything was read back nothing is known of the broker', () => {
  const { guard, time } = clocks()
  guard.observe('unknown', time.wall - 60_000)
  assert.equal(guard.aheadMs(), 0)
})

test('where the broker has jumped too, or the machine has slept, the next record read says so', () => {
  const { guard, time } = clocks()
  guard.sent('0.1')
  guard.observe('0.1', time.wall)
  time.wall += 3_600_000
  assert.equal(guard.aheadMs(), 3_600_000)
  guard.heard(time.wall - 20)
  assert.equal(guard.aheadMs(), 0)
})

test('a record written long ago says nothing of where the broker is now', () => {
  const { guard, pass, time } = clocks()
  guard.sent('0.1')
  guard.observe('0.1', time.wall)
  pass(60_000)
  time.wall += 6_000
  guard.heard(time.wall - 30_000)
  assert.equal(guard.aheadMs(), 6_000)
})
