import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { liveFirst } from './fleet.ts'

const entries = [{ name: 'projector' }, { name: 'decider', isLive: true }, { name: 'relay' }]

/** Starts that end when they are told to. */
const starts = () => {
  const begun: string[] = []
  const decider = Promise.withResolvers<void>()
  const run = async ({ name }: (typeof entries)[number]): Promise<void> => {
    begun.push(name)
    if (name === 'decider') await decider.promise
  }
  return { begun, decider, run }
}

const never = new Promise<void>(() => {})

test('live apps start ahead of the others', async () => {
  const { begun, decider, run } = starts()
  const all = liveFirst(entries, run, never)
  await turn()
  assert.deepEqual(begun, ['decider'])
  decider.resolve()
  assert.equal((await all).length, 3)
  assert.deepEqual(begun, ['decider', 'projector', 'relay'])
})

test('a live app that waits for another one keeps it from starting for no longer than its head start', async () => {
  const { begun, decider, run } = starts()
  const headStart = Promise.withResolvers<void>()
  const all = liveFirst(entries, run, headStart.promise)
  headStart.resolve()
  await turn()
  assert.deepEqual(begun, ['decider', 'projector', 'relay'])
  decider.resolve()
  assert.equal((await all).length, 3)
})

test('a live app that fails keeps no other from starting, and its failure is told', async () => {
  const { begun, decider, run } = starts()
  decider.reject(new Error('no room'))
  const results = await liveFirst(entries, run, never)
  assert.deepEqual(begun, ['decider', 'projector', 'relay'])
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'fulfilled', 'fulfilled'],
  )
})
