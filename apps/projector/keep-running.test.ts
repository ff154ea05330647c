import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { quiet } from '#libs/readmodel/readmodel.fixtures.ts'
import { until } from '#libs/testing/until.ts'
import { keepRunning, type Running } from './keep-running.ts'

const running = () => {
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>()
  ended.catch(() => {})
  const state = { closed: 0 }
  const run: Running = {
    ended,
    close: async () => {
      state.closed++
      resolve()
    },
  }
  return { run, state, fail: reject }
}

test('what fails is closed and started again, and what runs beside it is left alone', async (t) => {
  const started: ReturnType<typeof running>[] = []
  const failing = keepRunning(
    'failing',
    async () => {
      const next = running()
      started.push(next)
      return next.run
    },
    quiet,
  )
  const steady = running()
  const other = keepRunning('steady', async () => steady.run, quiet)
  t.after(() => Promise.all([failing.close(), other.close()]))
  await until(() => failing.up() && other.up())
  started[0]?.fail(new Error('broken'))
  await until(() => started.length === 2 && failing.up())
  assert.ok((started[0]?.state.closed ?? 0) >= 1)
  assert.ok(other.up())
  assert.equal(steady.state.closed, 0)
})

test('a start that fails is tried again until it succeeds', async (t) => {
  let attempts = 0
  const kept = keepRunning(
    'late',
    async () => {
      attempts++
      if (attempts === 1) throw new Error('not yet')
      return running().run
    },
    quiet,
  )
  t.after(kept.close)
  await until(kept.up)
  assert.equal(attempts, 2)
})

test('that an engine is away is told, and is no failure', async (t) => {
  const told: { readonly level: number; readonly msg: string }[] = []
  const logger = pino({}, { write: (line) => void told.push(JSON.parse(line)) })
  const errors = [Object.assign(new Error('away'), { code: 'CONNECT_TIMEOUT' }), new Error('broken')]
  const kept = keepRunning(
    'waiting',
    async () => {
      const error = errors.shift()
      if (error) throw error
      return running().run
    },
    logger,
  )
  t.after(kept.close)
  await until(kept.up)
  assert.deepEqual(
    told.map(({ level, msg }) => [pino.levels.labels[level], msg]),
    [
      ['warn', 'an engine is away; it is started again'],
      ['error', 'failed; it is started again'],
    ],
  )
})

test('a restart ends what runs and starts it anew; after a close nothing is started', async () => {
  let starts = 0
  const kept = keepRunning(
    'restarted',
    async () => {
      starts++
      return running().run
    },
    quiet,
  )
  await until(kept.up)
  await kept.restart()
  await until(() => starts === 2 && kept.up())
  await kept.close()
  assert.equal(starts, 2)
  assert.equal(kept.up(), false)
})

test('what ends well, and soon after each start, is started later and later', async (t) => {
  const starts: number[] = []
  const kept = keepRunning(
    'brief',
    async () => {
      starts.push(performance.now())
      return { ended: Promise.resolve(), close: async () => {} }
    },
    quiet,
  )
  t.after(kept.close)
  await until(() => starts.length === 3)
  const [first = 0, second = 0, third = 0] = starts
  assert.ok(second - first > 190 && third - second > 390, `${second - first} ms, then ${third - second} ms`)
})
