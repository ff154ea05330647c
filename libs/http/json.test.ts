import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseStrictJson } from './json.ts'

const parse = (text: string) => parseStrictJson(Buffer.from(text))
const refused = (text: string | Uint8Array, message: RegExp) =>
  assert.throws(() => parseStrictJson(Buffer.from(text as string)), { code: 'http.malformed_json', message })

test('what JSON.stringify writes reads back as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: 'grapheme' }), (value) => {
      const text = JSON.stringify(value)
      assert.deepEqual(parse(text), JSON.parse(text))
    }),
  )
})

test('a member name that stands there twice is refused, however it is written', () => {
  refused('{"a":1,"a":2}', /twice/)
  refused('{"a":1,"\\u0061":2}', /twice/)
  refused('{"x":[{"a":{},"b":"a","a":1}]}', /twice/)
  assert.deepEqual(parse('{"a":{"a":["a","a"]},"b":"a:"}'), { a: { a: ['a', 'a'] }, b: 'a:' })
})

test('what parsers read in different ways is refused', () => {
  refused('{"text":"\\ud800"}', /surrogate/)
  refused('{"\\udc00":1}', /surrogate/)
  refused(`${'['.repeat(33)}${']'.repeat(33)}`, /deeper/)
  refused(Uint8Array.of(0x22, 0xff, 0x22), /UTF-8/)
  refused('{"a":1', /not valid JSON/)
  refused('', /not valid JSON/)
  assert.equal(parse('"\\"\\\\"'), '"\\')
})
