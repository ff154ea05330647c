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
