import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import { pacedWriter } from './paced.ts'

/** Takes a chunk only when a test says so. */
const slow = () => {
  const waiting: (() => void)[] = []
  const target = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => void waiting.push(done) })
  return { target, take: () => waiting.shift()?.() }
}

test('what is written waits for who takes it, and leaves nothing behind', async () => {
  const { target, take } = slow()
  const write = pacedWriter(target)
  const before = target.listenerCount('close')
  for (let times = 0; times < 20; times++) {
    let isTaken = false
    const writing = write('x').then(() => {
      isTaken = true
    })
    await Promise.resolve()
    assert.equal(isTaken, false)
    take()
    await writing
  }
  assert.deepEqual([target.listenerCount('close'), target.listenerCount('drain')], [before, 0])
})

test('the waiting ends with who has gone', async () => {
  const { target } = slow()
  const write = pacedWriter(target)
  const writing = write('x')
  target.destroy()
  await writing
  await write('more')
  assert.equal(target.destroyed, true)
})

test('who takes nothing is cut off', async () => {
  const { target } = slow()
  await pacedWriter(target, 1)('x')
  assert.equal(target.destroyed, true)
})
