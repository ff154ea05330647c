import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '#libs/testing/until.ts'
import { createLane, type LaneOptions } from './lane.ts'

/** A lane of letters, capitals in a hurry, that keeps what it handled. */
const setUp = (options: Partial<LaneOptions<string>> = {}) => {
  const handled: string[] = []
  const closing = new AbortController()
  const lane = createLane<string>({
    handle: async (batch) => void handled.push(batch.join('')),
    sizeOf: () => 1,
    batchSize: 5,
    paceMs: () => 20,
    patience: 1_000_000,
    isPatient: (letter) => letter === letter.toLowerCase(),
    onError: (error) => assert.fail(String(error)),
    signal: closing.signal,
    ...options,
  })
  return { lane, handled, closing }
}

test('the first go at once, even the patient; later ones that are patient wait until one in a hurry comes', async () => {
  const { lane, handled } = setUp()
  await lane.push('a')
  await lane.idle()
  assert.deepEqual(handled, ['a'])
  await lane.push('b')
  await sleep(60)
  assert.deepEqual(handled, ['a'])
  await lane.push('C')
  await lane.idle()
  assert.deepEqual(handled, ['a', 'bC'])
})

test('a full batch waits for nobody, however patient', async () => {
  const { lane, handled } = setUp()
  await lane.push('a')
  await lane.idle()
  for (const letter of 'bcdef') await lane.push(letter)
  await until(() => handled.join() === 'a,bcdef')
})

test('a lane that ends leaves what waits, and keeps nobody', async () => {
  const { lane, handled, closing } = setUp()
  await lane.push('a')
  await lane.idle()
  await lane.push('b')
  closing.abort()
  await lane.idle()
  assert.deepEqual(handled, ['a'])
})
