import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compactArray, compactReader, compactText, int8, int32, NO_TAGS, varint } from './compact.ts'

test('varints are as the specification of protocol buffers has them', () => {
  assert.deepEqual([...varint(1)], [0x01])
  assert.deepEqual([...varint(300)], [0xac, 0x02])
})

test('what was written is read back, tagged fields of a later Kafka skipped', () => {
  const entry = fc.tuple(fc.string({ maxLength: 300 }), fc.integer({ min: -128, max: 127 }), fc.maxSafeInteger())
  const tag = Buffer.concat([varint(1), varint(200), varint(3), Buffer.from('new')])
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 200 }), fc.boolean(), (entries, tagged) => {
      const end = tagged ? tag : NO_TAGS
      const written = entries.map(([text, small, large]) =>
        Buffer.concat([compactText(text), int8(small), int32(large | 0), end]),
      )
      const { array, text, int8: readInt8, int32: readInt32, tags } = compactReader(compactArray(written))
      const found = array(() => {
        const read = [text(), readInt8(), readInt32()]
        tags()
        return read
      })
      const wellFormed = entries.map(([each, small, large]) => [Buffer.from(each).toString(), small, large | 0])
      assert.deepEqual(found, wellFormed)
    }),
  )
})

test('what is cut short is an error, not less', () => {
  assert.throws(() => compactReader(compactText('cut short').subarray(0, 5)).text(), RangeError)
})
