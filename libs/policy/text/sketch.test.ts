import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lettersOf } from './letters.ts'
import { bytesFor, resemblanceOf, type Sketch, sameBytes, sketchKeyOf, sketchOf, wordsOfSketch } from './sketch.ts'

const key = sketchKeyOf((text) => `one ${text}`)
const sketch = (text: string, by = key) => sketchOf(lettersOf(text, 'words'), by)

const resemblance = (one: Sketch, other: Sketch) => resemblanceOf(sameBytes(wordsOfSketch(one), wordsOfSketch(other)))

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

test('bytes in common are counted as one by one', () => {
  const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 })
  const likely = fc.array(fc.constantFrom(0, 1, 0x80, 0xff), { minLength: 16, maxLength: 16 })
  fc.assert(
    fc.property(fc.oneof(bytes, likely), fc.oneof(bytes, likely), (one, other) => {
      const counted = Array.from(one).filter((byte, at) => byte === other[at]).length
      assert.equal(sameBytes(wordsOfSketch(Buffer.from(one)), wordsOfSketch(Buffer.from(other))), counted)
    }),
  )
})

test('a resemblance asks for the least number of bytes that reaches it', () => {
  assert.equal(bytesFor(0), 0)
  assert.equal(bytesFor(1), 16)
  assert.ok(resemblanceOf(bytesFor(0.8)) >= 0.8 && resemblanceOf(bytesFor(0.8) - 1) < 0.8)
})
