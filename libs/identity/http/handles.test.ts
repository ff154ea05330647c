import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Holder } from './edge.ts'
import { handleRoutes } from './handles.ts'

/** What is answered to who asks for a handle that account 7 holds, and goes by `goesBy`. */
const ask = async (handle: string, { retiredUntil = null as Holder['retiredUntil'], goesBy = 'ada' } = {}) => {
  const edge = {
    vault: { hashes: { compare: (_kind: string, text: string) => `key of ${text}` } },
    reads: {
      holder: async () => ({ kind: 'account', id: '7', retiredUntil }),
      account: async () => ({ state: 'open', handle: goesBy, handleKey: `key of ${goesBy}` }),
    },
  }
  const route = handleRoutes.find(({ id }) => id === 'getHandle')
  return route?.handler({ params: { handle } } as never, edge as never)
}

test('a handle leads to the account that goes by it', async () => {
  assert.deepEqual(await ask('Ada'), { status: 200, body: { kind: 'account', id: '7' } })
})

test('one that was left leads to the handle that took its place', async () => {
  assert.deepEqual(await ask('old', { retiredUntil: 1 }), { status: 308, headers: { Location: '/v1/handles/ada' } })
})

test('one that is taken, and that the account may still refuse, leads nowhere', async () => {
  await assert.rejects(ask('other'), { code: 'http.not_found' })
})
