import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lettersOf } from './letters.ts'

const read = (text: string, form: 'words' | 'skeleton' = 'skeleton'): string => {
  const { codes, length } = lettersOf(text, form)
  return String.fromCharCode(...codes.subarray(0, length))
}

test('what looks alike reads alike', () => {
  const plain = read('badword')
  for (const dressed of [
    ...['BADWORD', 'b4dw0rd', 'b@dw0rd', 'bädwörd', 'bаdwоrd', 'ｂａｄｗｏｒｄ', '𝐛𝐚𝐝𝐰𝐨𝐫𝐝', 'ⓑⓐⓓⓦⓞⓡⓓ', 'ʙᴀᴅᴡᴏʀᴅ'],
    ...[
      'b\u200bad\u200dword',
      'b̷a̷d̷w̷o̷r̷d̷',
      'bad.word',
      'b-a-d-w-o-r-d',
      'b a d w o r d',
      'baaaddword',
      'badword!!!',
      '🅱🅰🅳🆆🅾🆁🅳',
    ],
  ])
    assert.equal(read(dressed), plain, dressed)
})

test('repeats are told apart by their runs', () => {
  assert.deepEqual([...lettersOf('cooool', 'words').runs.subarray(0, 3)], [1, 4, 1])
})

test('signs part words in one form, and stand for letters or nothing in the other', () => {
  assert.equal(read('well,sh@t', 'words'), 'wei sh t')
  assert.equal(read('well,sh@t', 'skeleton'), 'weishat')
})

test('letters of other scripts stay, each word by itself', () => {
  assert.equal(read('日本 語', 'words'), '日本 語')
})

test('what is spelled out is one word, whose letters are marked', () => {
  const { codes, spelled, length } = lettersOf('so b a d man', 'words')
  assert.equal(String.fromCharCode(...codes.subarray(0, length)), 'so bad man')
  assert.deepEqual([...spelled.subarray(0, length)].join(''), '0001110000')
})

test('the forms are told to differ wherever they do', () => {
  const unit = fc.constantFrom('a', 'b', 'l', '!', '.', '@', ' ', '😀', 'é', '\u0301', '1', '-')
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 30 }), (text) => {
      if (read(text, 'words') !== read(text, 'skeleton')) assert.ok(lettersOf(text, 'words').formsDiffer)
    }),
    { numRuns: 2_000 },
  )
  assert.equal(lettersOf('well, that is (almost) all!', 'words').formsDiffer, false)
})

test('of any text the letters are no more than four for each of its code units', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), fc.constantFrom('words', 'skeleton'), (text, form) => {
      const { codes, runs, length } = lettersOf(text, form)
      assert.ok(length <= text.length * 4)
      for (let at = 0; at < length; at++) assert.ok((codes[at] ?? 0) > 0 && (runs[at] ?? 1) > 0)
    }),
  )
})
