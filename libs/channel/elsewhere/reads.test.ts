import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Sql } from 'postgres'
import { readElsewhere } from './reads.ts'

/** Answers one query after the other, the last one over and over. */
const answering = (...answers: readonly (readonly object[])[]) => {
  let asked = 0
  const sql = Object.assign(async () => answers[Math.min(asked++, answers.length - 1)], {
    json: (value: unknown) => value,
  })
  return { read: readElsewhere(sql as unknown as Sql, 1), asked: () => asked }
}

test('what was done a moment ago is looked for again, and what is not there only so often', async () => {
  const late = answering([], [], [{}])
  assert.deepEqual([await late.read({ publishes: '7' }), late.asked()], [{ publishes: 'true' }, 3])
  const never = answering([])
  assert.deepEqual([await never.read({ publishes: '7' }), never.asked()], [{ publishes: 'false' }, 4])
  const one = { channel: '7', owner: '1' }
  const opened = answering([one], [one, { channel: '8', owner: '1' }])
  assert.deepEqual(await opened.read({ ownersOf: ['7', '8'] }), { owners: '7:1 8:1' })
  const there = answering([one])
  assert.deepEqual([await there.read({ ownersOf: ['7'] }), there.asked()], [{ owners: '7:1' }, 1])
})
