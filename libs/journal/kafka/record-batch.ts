import type { PublishedRecord } from '../publisher.ts'
import { crc32C } from './internals.ts'

/** Who writes a batch in a transaction, and the number of its first record in that producer's order. */
export type BatchProducer = {
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly firstSequence: number
}

const MAGIC = 2
/** Bit 4 of the attributes: part of a transaction. No compression, timestamps as given (CreateTime). */
const TRANSACTIONAL = 0x10
/** Of a producer that neither takes part in transactions nor is idempotent. */
const nobody: BatchProducer = { producerId: -1n, producerEpoch: -1, firstSequence: -1 }
const HEADER_BYTES = 61
/** The checksum covers all that comes behind it, from the attributes on. */
const CRC_AT = 17
const ATTRIBUTES_AT = 21

/** ZigZag, so that small negative numbers are short. Within 2^52, which times in milliseconds are. */
const zigzag = (value: number): number => (value >= 0 ? value * 2 : value * -2 - 1)

const varintBytes = (value: number): number => {
  let rest = zigzag(value)
  let bytes = 1
  for (; rest >= 0x80; bytes++) rest = Math.floor(rest / 0x80)
  return bytes
}

const lengthOf = (bytes: Buffer | null): number =>
  bytes === null ? varintBytes(-1) : varintBytes(bytes.length) + bytes.length

/** A record whose lengths are known. */
type Measured = {
  readonly record: PublishedRecord
  readonly headers: readonly (readonly [name: string, nameBytes: number, value: string, valueBytes: number])[]
  readonly timestampDelta: number
  readonly bytes: number
}

const measured = (record: PublishedRecord, index: number, firstTimestamp: number, now: number): Measured => {
  const headers = Object.entries(record.headers ?? {}).map(
    ([name, value]) => [name, Buffer.byteLength(name), value, Buffer.byteLength(value)] as const,
  )
  const timestampDelta = (record.timestamp ?? now) - firstTimestamp
  let bytes = 1 + varintBytes(timestampDelta) + varintBytes(index) + lengthOf(record.key) + lengthOf(record.value)
  bytes += varintBytes(headers.length)
  for (const [, nameBytes, , valueBytes] of headers)
    bytes += varintBytes(nameBytes) + nameBytes + varintBytes(valueBytes) + valueBytes
  return { record, headers, timestampDelta, bytes }
}

/**
 * Records as one batch (Kafka protocol, "Record Batch", magic 2), written into one buffer of the right
 * size: kafkajs makes a buffer for each part of each header, which with a CloudEvent's headers costs more than all else
 * that is done for a record.
 */
export const encodeRecordBatch = (
  records: readonly PublishedRecord[],
  producer?: BatchProducer,
  now: number = Date.now(),
): Buffer => {
  const { producerId, producerEpoch, firstSequence } = producer ?? nobody
  const times = records.map(({ timestamp = now }) => timestamp)
  const firstTimestamp = times[0] ?? now
  const parts = records.map((record, index) => measured(record, index, firstTimestamp, now))
  const size = parts.reduce((sum, { bytes }) => sum + varintBytes(bytes) + bytes, HEADER_BYTES)
  const batch = Buffer.allocUnsafe(size)
  batch.writeBigInt64BE(0n, 0)
  batch.writeInt32BE(size - 12, 8)
  batch.writeInt32BE(-1, 12)
  batch.writeInt8(MAGIC, 16)
  batch.writeInt16BE(producer ? TRANSACTIONAL : 0, ATTRIBUTES_AT)
  batch.writeInt32BE(records.length - 1, 23)
  batch.writeBigInt64BE(BigInt(firstTimestamp), 27)
  batch.writeBigInt64BE(BigInt(times.reduce((most, time) => Math.max(most, time), firstTimestamp)), 35)
  batch.writeBigInt64BE(producerId, 43)
  batch.writeInt16BE(producerEpoch, 51)
  batch.writeInt32BE(firstSequence, 53)
  batch.writeInt32BE(records.length, 57)
  writeRecords(batch, parts)
  batch.writeUInt32BE(crc32C(batch.subarray(ATTRIBUTES_AT)), CRC_AT)
  return batch
}

const writeRecords = (batch: Buffer, parts: readonly Measured[]): void => {
  let at = HEADER_BYTES
  const varint = (value: number): void => {
    let rest = zigzag(value)
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) batch[at++] = (rest % 0x80) | 0x80
    batch[at++] = rest
  }
  const bytes = (value: Buffer | null): void => {
    varint(value === null ? -1 : value.length)
    if (value) at += value.copy(batch, at)
  }
  const text = (value: string, length: number): void => {
    varint(length)
    at += batch.write(value, at, length, 'utf8')
  }
  for (const [index, { record, headers, timestampDelta, bytes: length }] of parts.entries()) {
    varint(length)
    batch[at++] = 0
    varint(timestampDelta)
    varint(index)
    bytes(record.key)
    bytes(record.value)
    varint(headers.length)
    for (const [name, nameBytes, value, valueBytes] of headers) {
      text(name, nameBytes)
      text(value, valueBytes)
    }
  }
}
