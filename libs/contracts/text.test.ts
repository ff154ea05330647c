import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { codePoints, hasDirectionControls, isBlank, isDisfigured, isLine } from './text.ts'

test('code points are counted as an iterator counts them', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => assert.equal(codePoints(text), [...text].length)))
})

test('a line has no lone surrogates, control characters or breaks; joined emoji and any script are fine', () => {
  for (const text of ['', 'hi', 'a\u{1f468}\u200d\u{1f469}', 'שלום \u200f', 'e\u0301', '\ufeffx'])
    assert.ok(isLine(text))
  for (const text of ['\ud800', '\udc00a', 'a\nb', 'a\tb', '\0', '\u007f', '\u0085', '\u2028', '\u2029'])
    assert.ok(!isLine(text), JSON.stringify(text))
})

test('what shows nothing is blank', () => {
  for (const text of ['', ' ', '\u00a0\u3000', '\u200b\u2060\ufeff', '\u3164', '\u2800', '\u200d\ufe0f'])
    assert.ok(isBlank(text), JSON.stringify(text))
  for (const text of ['.', ' a ', '\u200b!']) assert.ok(!isBlank(text))
})

test('controls of writing direction are told from marks', () => {
  assert.ok(hasDirectionControls('a\u202eb') && hasDirectionControls('\u2067x'))
  assert.ok(!hasDirectionControls('שלום\u200f'))
})

test('directions that end where they began are left alone, and all others turn the letters around', () => {
  for (const text of ['a\u2067\u05d0\u2069b', '\u202b\u2066+1\u2069 \u05d0\u202c', '\u05d0\u200f'])
    assert.ok(!isDisfigured(text), JSON.stringify(text))
  for (const text of ['a\u202eb\u202c', '\u202d1\u202c', 'a\u2067b', 'a\u202c', '\u2069', '\u202a\u2066\u202c\u2069'])
    assert.ok(isDisfigured(text), JSON.stringify(text))
})
