import assert from 'node:assert/strict'
import { test } from 'node:test'
import { someWords } from './word-lists.ts'

test('a list has a word, and no more than a policy holds', () => {
  const words = Array.from({ length: 5_001 }, (_, index) => `w${index}`)
  const unfit = { code: 'channel.word_list_unfit' }
  assert.throws(() => someWords([]), unfit)
  assert.throws(() => someWords(words), unfit)
  assert.doesNotThrow(() => someWords(words.slice(1)))
})
