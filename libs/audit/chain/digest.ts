import { createHash } from 'node:crypto'
import type { Offset, StoredRecord } from '#libs/journal/log.ts'

/**
 * What a partition comes to up to a record. `chain` depends on every byte of every record and on their order. `sum` does
 * not depend on the order, so that records in another one are told from other records.
 */
export type Digest = {
  /** The last record that is in it; -1 before the first. */
  readonly offset: Offset
  readonly chain: Buffer
  readonly sum: Buffer
}

const BYTES = 32
const MODULUS = 1n << 256n

export const noRecords: Digest = { offset: -1, chain: Buffer.alloc(BYTES), sum: Buffer.alloc(BYTES) }

const lengthOf = (bytes: Buffer | null): Buffer => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes?.length ?? 0xffff_ffff)
  return length
}

const framed = (...fields: readonly (Buffer | null)[]): Buffer =>
  Buffer.concat(fields.flatMap((field) => [lengthOf(field), field ?? Buffer.alloc(0)]))

/** Key, value and headers, each behind its length, so that no two records have the same bytes here. */
export const recordBytes = ({ key, value, headers }: Omit<StoredRecord, 'offset' | 'timestamp'>): Buffer => {
  const names = Object.keys(headers).sort()
  return framed(key, value, ...names.flatMap((name) => [Buffer.from(name), Buffer.from(headers[name] ?? '')]))
}

const sha256 = (...parts: readonly Buffer[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

const bigOf = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`)

const added = (one: Buffer, other: Buffer): Buffer =>
  Buffer.from(((bigOf(one) + bigOf(other)) % MODULUS).toString(16).padStart(2 * BYTES, '0'), 'hex')

/** With the record behind it: `chain` is SHA-256 of the chain before, the offset (64 bits) and the record's own hash. */
export const withRecord = ({ chain, sum }: Digest, record: StoredRecord): Digest => {
  const own = sha256(recordBytes(record))
  const offset = Buffer.alloc(8)
  offset.writeBigUInt64BE(BigInt(record.offset))
  return { offset: record.offset, chain: sha256(chain, offset, own), sum: added(sum, own) }
}
