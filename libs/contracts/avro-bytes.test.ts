import assert from 'node:assert/strict'
import { test } from 'node:test'
import avsc from 'avsc'
import fc from 'fast-check'
import { avroBytes } from './avro-bytes.ts'

const type = avsc.Type.forSchema({
  type: 'record',
  name: 'Sample',
  fields: [
    { name: 'text', type: 'string' },
    { name: 'bytes', type: ['null', 'bytes'] },
    { name: 'numbers', type: { type: 'array', items: 'long' } },
  ],
})

test('bytes are those of avsc, behind their prefix', () => {
  const value = fc.record({
    text: fc.string({ unit: 'binary', maxLength: 200 }).filter((text) => text.isWellFormed()),
    bytes: fc.option(fc.uint8Array().map((array) => Buffer.from(array))),
    numbers: fc.array(fc.integer({ min: -(2 ** 52), max: 2 ** 52 })),
  })
  const prefix = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 3 })
  fc.assert(
    fc.property(value, prefix, (sample, before) => {
      assert.deepEqual(avroBytes(type, sample, before), Buffer.concat([Buffer.from(before), type.toBuffer(sample)]))
    }),
  )
})

test('a value of any size is written, and what was written before stays as it was', () => {
  const sizes = [0, 65_000, 65_536, 70_000, 1_000_000]
  const samples = sizes.map((size) => ({ text: 'x'.repeat(size), bytes: Buffer.alloc(size, 7), numbers: [size] }))
  const written = samples.map((sample) => avroBytes(type, sample, [1]))
  for (const [index, sample] of samples.entries()) {
    assert.equal(written[index]?.[0], 1)
    assert.deepEqual({ ...type.fromBuffer((written[index] as Buffer).subarray(1)) }, sample)
  }
})
