import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freePortBeside } from './engine.ts'

test('a port that somebody will listen on later is not taken though it be free', async () => {
  const free = [41_000, 41_001, 41_002]
  const ask = async () => free.shift() ?? assert.fail('asked too often')
  assert.equal(await freePortBeside([41_001, 41_000], ask), 41_002)
})
