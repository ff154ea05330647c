import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clockGuard } from './clock.ts'

/** A wall clock, a monotonic one, and a broker's, all of them to be set. */
const clocks = () => {
  const time = { wall: 1_000_000, monotonic: 0, broker: 0, asked: 0 }
  const pass = (ms: number) => {
    time.wall += ms
    time.monotonic += ms
  }
  return {
    time,
    pass,
    guard: clockGuard(
      () => time.wall,
      async () => {
        time.asked++
        if (time.broker === 0) throw new Error('away')
        return time.broker
      },
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

const answered = () => new Promise(setImmediate)

test('where the broker has jumped too, or the machine has slept, it says so when it is asked', async () => {
  const { guard, time } = clocks()
  guard.sent('0.1')
  guard.observe('0.1', time.wall)
  time.wall += 3_600_000
  assert.equal(guard.aheadMs(), 3_600_000)
  time.broker = time.wall - 20
  guard.ask()
  await answered()
  assert.equal(guard.aheadMs(), 0)
})

test('where the broker has not jumped, asking changes nothing', async () => {
  const { guard, pass, time } = clocks()
  guard.sent('0.1')
  guard.observe('0.1', time.wall)
  pass(60_000)
  time.broker = time.wall
  time.wall += 6_000
  guard.ask()
  await answered()
  assert.equal(guard.aheadMs(), 6_000)
})

test('a broker that is away is asked again, once a second at most', async () => {
  const { guard, pass, time } = clocks()
  for (let look = 0; look < 9; look++) {
    guard.ask()
    await answered()
    pass(250)
  }
  assert.equal(time.asked, 3)
})
