import { randomFillSync } from 'node:crypto'
import type { Instant } from './log.ts'

/** UUID version 7 (RFC 9562, section 5.7), lower case: the form of command and message ids. */
export const uuidv7Pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

export const isUuidv7 = (text: string): boolean => uuidv7Pattern.test(text)

/** The time in a UUIDv7, ms since the epoch. The caller has checked the form. */
export const uuidv7Time = (id: string): Instant => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)

const pool = Buffer.alloc(1024)
let used = pool.length

/** A new UUIDv7; all bits that are not time, version or variant are random. */
export const uuidv7 = (at: Instant = Date.now()): string => {
  if (used + 10 > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const bytes = Buffer.allocUnsafe(16)
  bytes.writeUIntBE(at, 0, 6)
  pool.copy(bytes, 6, used, used + 10)
  used += 10
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
