import assert from 'node:assert/strict'
import { test } from 'node:test'
import { moderationCalls } from './public/moderation/calls.js'

const banned = Array.from({ length: 1234 }, (_, index) => ({ memberId: String(index + 1) }))

/** A channel of so many bans, as the API has it: 500 at once, from a member on. */
const read = async (_path, { limit, after = '0' }) => {
  assert.ok(limit >= 1 && limit <= 500)
  const found = banned.filter(({ memberId }) => Number(memberId) > Number(after))
  const marks = found.slice(0, limit)
  return { marks, after: found.length > limit ? marks.at(-1).memberId : null }
}

test('bans are read as far as they are asked for, however many there are', async () => {
  const { bans } = moderationCalls({ read })
  for (const [most, count, more] of [
    [100, 100, true],
    [600, 600, true],
    [1233, 1233, true],
    [1234, 1234, false],
    [5000, 1234, false],
  ]) {
    const page = await bans('7', undefined, most)
    assert.deepEqual([page.bans.length, page.more], [count, more])
    assert.deepEqual(page.bans, banned.slice(0, count))
  }
})

test('a message around a deleted one whose author is erased has words for them', async () => {
  const at = '2026-01-02T03:04:05Z'
  const messages = [
    { id: 'a', author: { id: '1', name: null }, text: null, at, deleted: true },
    { id: 'b', author: { id: '2', name: 'ada' }, text: 'hi', at, deleted: false, attachments: [] },
  ]
  const { aroundDeleted } = moderationCalls({ read: async () => ({ messages }) })
  assert.deepEqual(await aroundDeleted('7', 'a', 1), [
    { id: 'a', author: { id: '1', name: 'somebody who is erased' }, text: '…', at: Date.parse(at), state: 'deleted' },
    { id: 'b', author: { id: '2', name: 'ada' }, text: 'hi', at: Date.parse(at), attachments: [] },
  ])
})

test('there is nobody by a handle where the server says so, and not where it cannot be asked', async () => {
  const answered = (answer) => moderationCalls({ read: async () => answer() }).accountOf('@ada')
  const refused = (status) => () => {
    throw Object.assign(new Error(`answered ${status}`), { status })
  }
  assert.equal(await answered(() => ({ kind: 'account', id: '7' })), '7')
  const nobody = { message: 'There is nobody who goes by @ada.' }
  await assert.rejects(answered(refused(404)), nobody)
  await assert.rejects(
    answered(() => ({ kind: 'retired' })),
    nobody,
  )
  for (const status of [401, 429, 503]) await assert.rejects(answered(refused(status)), { status })
  await assert.rejects(
    answered(() => {
      throw new TypeError('Failed to fetch')
    }),
    TypeError,
  )
})
