import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import fc from 'fast-check'
import type { PublishedRecord } from '../publisher.ts'
import { crc32C, type WireMessage } from './internals.ts'
import { encodeRecordBatch } from './record-batch.ts'
import { storedRecord } from './wire.ts'

const load = createRequire(import.meta.url)
const Decoder = load('kafkajs/src/protocol/decoder')
const decodeBatch: (decoder: unknown) => Promise<{
  readonly records: readonly WireMessage[]
  readonly firstSequence: number
  readonly producerEpoch: number
  readonly producerId: string
  readonly inTransaction: boolean
  readonly maxTimestamp: string
}> = load('kafkajs/src/protocol/recordBatch/v0/decoder')

const producer = { producerId: 2n ** 40n, producerEpoch: 3, firstSequence: 2 ** 31 - 1 }

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array))
const record: fc.Arbitrary<PublishedRecord> = fc.record({
  key: fc.option(bytes),
  value: bytes,
  headers: fc.dictionary(fc.stringMatching(/^[a-z_]{1,20}$/), fc.string({ unit: 'grapheme' })),
  timestamp: fc.integer({ min: 0, max: 2 ** 43 }),
})

test('a batch is read by another decoder as it was written', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 200 }), async (records) => {
      const read = await decodeBatch(new Decoder(encodeRecordBatch(records, producer)))
      assert.deepEqual(
        [read.producerId, read.producerEpoch, read.firstSequence, read.inTransaction],
        [String(2 ** 40), 3, 2 ** 31 - 1, true],
      )
      assert.equal(Number(read.maxTimestamp), Math.max(...records.map(({ timestamp = 0 }) => timestamp)))
      assert.deepEqual(
        read.records.map((message) => ({ ...storedRecord(message), headers: { ...storedRecord(message).headers } })),
        records.map(({ headers, ...rest }, offset) => ({ offset, ...rest, headers: { ...headers } })),
      )
    }),
    { numRuns: 50 },
  )
})

test('a batch of nobody in particular is part of no transaction', async () => {
  const read = await decodeBatch(new Decoder(encodeRecordBatch([{ key: null, value: Buffer.from('a') }])))
  assert.deepEqual([read.producerId, read.producerEpoch, read.firstSequence, read.inTransaction], ['-1', -1, -1, false])
})

test('the checksum covers all from the attributes on, and the length all behind itself', () => {
  const batch = encodeRecordBatch([{ key: null, value: Buffer.from('a') }], producer)
  assert.equal(batch.readUInt32BE(17), crc32C(batch.subarray(21)))
  assert.equal(batch.readInt32BE(8), batch.length - 12)
})
