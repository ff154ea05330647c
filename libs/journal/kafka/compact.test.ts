import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compactReader, compactWriter } from './compact.ts'

const fields = fc.record({
  short: fc.integer({ min: -0x8000, max: 0x7fff }),
  int: fc.integer(),
  long: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  text: fc.option(fc.string({ unit: 'binary', maxLength: 300 })),
  numbers: fc.array(fc.integer(), { maxLength: 200 }),
})

test('what is written is read again', () => {
  fc.assert(
    fc.property(fields, ({ short, int, long, text, numbers }) => {
      const writer = compactWriter().int16(short).int32(int).int64(long).text(text)
      const reader = compactReader(writer.array(numbers, writer.int32).end().buffer())
      assert.deepEqual(
        { short: reader.int16(), int: reader.int32(), long: reader.int64(), text: reader.text() },
        { short, int, long, text },
      )
      assert.deepEqual(reader.array(reader.int32), numbers)
      assert.deepEqual(reader.end(), new Map())
    }),
  )
})

test('lengths are varints of one more than they are', () => {
  assert.equal(compactWriter().text('ab').buffer().toString('hex'), '00036162')
  assert.equal(compactWriter().text(null).text('').buffer().toString('hex'), '000001')
  const long = compactWriter().bytes(Buffer.alloc(300)).buffer()
  // 301 is 10 0101101: the lower seven bits come first, with a sign that more follow.
  assert.equal(long.subarray(0, 3).toString('hex'), '00ad02')
})

test('tagged fields are read by their tags', () => {
  const reader = compactReader(Buffer.from('0002000101020203040005', 'hex'))
  assert.deepEqual(
    [...reader.end()].map(([tag, bytes]) => [tag, bytes.toString('hex')]),
    [
      [0, '01'],
      [2, '0304'],
    ],
  )
  assert.equal(reader.int16(), 5)
})

test('bytes that end early are an error, whatever they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      const reader = (): unknown => {
        const { array, end, text } = compactReader(Buffer.from(bytes))
        return [array(text), end()]
      }
      try {
        reader()
      } catch (error) {
        assert.ok(error instanceof RangeError, String(error))
      }
    }),
  )
})
