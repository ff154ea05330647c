import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFor } from './public/answers.js'

test('a line is for whom it answers, live or read later, and for whom it mentions', () => {
  const ada = { id: '7', handle: 'Ada' }
  const author = { id: '8', name: 'bob' }
  const mention = { kind: 'mention', from: 0, to: 4, name: 'ada' }
  for (const [line, expected] of [
    [{ author, replyTo: { id: 'm', author: '7' } }, true],
    [{ author, replyTo: { id: 'm', authorId: '7' } }, true],
    [{ author, entities: [mention] }, true],
    [{ author }, false],
    [{ author, replyTo: { id: 'm', author: '9' } }, false],
    [{ author, entities: [{ ...mention, name: 'bob' }] }, false],
    [{ author, entities: [{ ...mention, kind: 'emote' }] }, false],
    [{ author: { id: '7', name: 'Ada' }, replyTo: { id: 'm', author: '7' }, entities: [mention] }, false],
  ])
    assert.equal(isFor(ada, line), expected, JSON.stringify(line))
})
