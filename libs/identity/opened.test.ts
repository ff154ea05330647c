import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { untilOpen } from './opened.ts'

const found = { kind: 'opened', position: 'account.0.1' } as const
const told = { kind: 'released', position: 'account.2.7' } as const
const never = new Promise<undefined>(() => {})
const asked = new AbortController().signal

test('of a claim that comes again the read model tells what the journal said before', async () => {
  const isOpen = async () => true
  assert.deepEqual(await untilOpen(never, { isRepeat: true, isOpen, found, signal: asked }), found)
})

test('what the journal says of it now goes before the next look', async () => {
  let looks = 0
  const isOpen = async () => {
    looks += 1
    return false
  }
  assert.deepEqual(await untilOpen(Promise.resolve(told), { isRepeat: true, isOpen, found, signal: asked }), told)
  assert.equal(looks, 1)
})

test('it is looked up again while the journal says nothing, until nobody asks any more', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const given = new AbortController()
  let looks = 0
  const isOpen = async () => {
    looks += 1
    if (looks === 3) given.abort()
    return false
  }
  const waiting = untilOpen(never, { isRepeat: true, isOpen, found, signal: given.signal })
  for (let round = 0; round < 3; round++) {
    await turn()
    t.mock.timers.tick(500)
  }
  assert.equal(await waiting, undefined)
  assert.equal(looks, 3)
})
