import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lettersOf } from './letters.ts'
import { resemblance, sketchKeyOf, sketchOf } from './sketch.ts'

const key = sketchKeyOf((text) => `one ${text}`)
const sketch = (text: string, by = key) => sketchOf(lettersOf(text, 'words'), by)

const spam = 'free followers for everybody who visits my new channel today, come and see it'

test('a text resembles itself however it is written', () => {
  assert.equal(resemblance(sketch(spam), sketch(spam.toUpperCase().replaceAll(' ', '   '))), 1)
})

test('small changes leave most of it, and another text shares next to nothing', () => {
  assert.ok(resemblance(sketch(spam), sketch(`${spam} x9q`)) > 0.7)
  const other = 'has anybody found out where the second key of the northern tower is hidden yet?'
  assert.ok(resemblance(sketch(spam), sketch(other)) < 0.3)
})

test('sketches of another key tell nothing', () => {
  assert.ok(
    resemblance(
      sketch(spam),
      sketch(
        spam,
        sketchKeyOf((text) => `other ${text}`),
      ),
    ) < 0.3,
  )
})

test('any text has a sketch, the empty one too', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      assert.equal(sketch(text).length, 16)
      assert.equal(resemblance(sketch(text), sketch(text)), 1)
    }),
  )
})
