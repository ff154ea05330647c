import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBehind } from './behind.ts'

test('work behind an answer is done in its order, whatever fails; too much is refused', async () => {
  const done: string[] = []
  const behind = createBehind((error) => done.push((error as Error).message), 3)
  behind.run(async () => void done.push('one'))
  behind.run(async () => Promise.reject(new Error('two fails')))
  behind.run(async () => void done.push('three'))
  assert.throws(() => behind.run(async () => {}), { code: 'platform.busy' })
  assert.equal(done.length, 0, 'nobody waits for it')
  await behind.close()
  behind.run(async () => void done.push('four'))
  await behind.close()
  assert.deepEqual(done, ['one', 'two fails', 'three', 'four'])
})
