import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dependency } from './dependency.ts'

const away = () => Promise.reject(new Error('connection refused'))
const isAway = (error: unknown) => error instanceof Error && error.message === 'connection refused'

test('after failures in a row nothing is tried until the rest is over', async () => {
  let at = 0
  const postgres = dependency({ name: 'postgres', isAway, failures: 2, restMs: 1000, now: () => at })
  for (const _ of [1, 2]) await assert.rejects(postgres.call(away), { code: 'platform.unavailable' })
  assert.equal(postgres.state(), 'open')
  await assert.rejects(
    postgres.call(() => assert.fail('tried although the circuit is open')),
    { code: 'platform.unavailable' },
  )
  at = 1000
  assert.equal(postgres.state(), 'trying')
  await assert.rejects(postgres.call(away), { code: 'platform.unavailable' })
  assert.equal(postgres.state(), 'open')
  at = 2000
  assert.equal(await postgres.call(async () => 42), 42)
  assert.equal(postgres.state(), 'closed')
})

test('an error of the question itself passes, and opens nothing', async () => {
  const postgres = dependency({ name: 'postgres', isAway, failures: 1 })
  await assert.rejects(
    postgres.call(() => Promise.reject(new RangeError('no such row'))),
    RangeError,
  )
  assert.equal(postgres.state(), 'closed')
})

test('what never answers counts as away', async () => {
  const postgres = dependency({ name: 'postgres', isAway, timeoutMs: 5 })
  await assert.rejects(
    postgres.call(() => new Promise(() => {})),
    { code: 'platform.unavailable' },
  )
})

test('more than can wait are refused at once, and seats are handed on', async () => {
  const postgres = dependency({ name: 'postgres', isAway, concurrency: 1, queue: 1 })
  const { promise, resolve } = Promise.withResolvers<string>()
  const first = postgres.call(() => promise)
  const second = postgres.call(async () => 'second')
  await assert.rejects(
    postgres.call(async () => 'third'),
    { code: 'platform.busy' },
  )
  resolve('first')
  assert.deepEqual(await Promise.all([first, second]), ['first', 'second'])
  assert.equal(await postgres.call(async () => 'fourth'), 'fourth')
})
