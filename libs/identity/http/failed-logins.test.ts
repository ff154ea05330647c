import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFailedLogins } from './failed-logins.ts'

/** The clock of a test, and how long each failure was kept waiting. */
const setUp = (t: Parameters<NonNullable<Parameters<typeof test>[0]>>[0], bound?: number) => {
  let now = 0
  t.mock.timers.enable({ apis: ['setTimeout'] })
  t.mock.method(performance, 'now', () => now)
  const failures = createFailedLogins({ stepMs: 100, ...(bound !== undefined && { bound }) })
  const pass = async (ms: number) => {
    now += ms
    t.mock.timers.tick(ms)
    await new Promise(setImmediate)
  }
  return { failures, pass }
}

test('failures are answered at the end of a step, however long each took', async (t) => {
  const { failures, pass } = setUp(t)
  const answered: string[] = []
  await pass(30)
  void failures.wait(0).then(() => answered.push('quick'))
  await pass(60)
  void failures.wait(0).then(() => answered.push('slow'))
  await pass(9)
  assert.deepEqual(answered, [])
  await pass(1)
  assert.deepEqual(answered, ['quick', 'slow'])
})

test('what takes longer than a step is answered at the end of the next one', async (t) => {
  const { failures, pass } = setUp(t)
  const answered: string[] = []
  await pass(101)
  void failures.wait(0).then(() => answered.push('late'))
  await pass(98)
  assert.deepEqual(answered, [])
  await pass(1)
  assert.deepEqual(answered, ['late'])
})

test('a bounded number waits; who comes then is told so before anything is looked at', async (t) => {
  const { failures, pass } = setUp(t, 2)
  const waits = [failures.wait(0), failures.wait(0)]
  assert.throws(failures.admit, { code: 'auth.busy' })
  await pass(100)
  await Promise.all(waits)
  failures.admit()
})
