import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerOf } from './outcome.ts'

const summary = { refused: 'channel.filtered', kind: 'terms', remainingMs: 5 }

test('what was done in the place of what was asked for is told as a rejection, also when it comes again', () => {
  const told = { kind: 'rejected', code: 'channel.filtered', detail: { kind: 'terms', remainingMs: 5 } }
  assert.deepEqual(answerOf({ kind: 'accepted', events: [], summary }), told)
  assert.deepEqual(answerOf({ kind: 'repeated', firstN: 3, summary: { kind: 'accepted', summary } }), told)
})

test('any other outcome is told as it is', () => {
  const rejected = { kind: 'rejected', code: 'channel.unknown', detail: {} } as const
  assert.deepEqual(answerOf(rejected), rejected)
  assert.deepEqual(answerOf({ kind: 'repeated', firstN: 3, summary: rejected }), rejected)
  const accepted = { kind: 'accepted', events: [], summary: { seq: 7 } } as const
  assert.deepEqual(answerOf(accepted), accepted)
})
