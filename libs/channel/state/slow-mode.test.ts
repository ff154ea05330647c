import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { noPosts, remainingSlowMs, rememberPost } from './slow-mode.ts'

const intervalMs = 10

test('what two generations remember is right for every member at every time', () => {
  const step = fc.record({ member: fc.constantFrom('1', '2', '3'), after: fc.integer({ min: 0, max: 25 }) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const last = new Map<string, number>()
      let posts = noPosts
      let at = 1_000
      for (const { member, after } of steps) {
        at += after
        for (const other of ['1', '2', '3']) {
          const expected = Math.max(0, (last.get(other) ?? 0) + intervalMs - at)
          assert.equal(Math.max(0, remainingSlowMs(posts, other, at, intervalMs)), expected)
        }
        posts = rememberPost(posts, member, at, intervalMs)
        last.set(member, at)
      }
    }),
  )
})

test('members that stay away are forgotten', () => {
  const posts = Array.from({ length: 1_000 }, (_, index) => index).reduce(
    (posts, index) => rememberPost(posts, `${index}`, index, intervalMs),
    noPosts,
  )
  assert.ok(posts.current.size + posts.previous.size <= 2 * intervalMs)
})
