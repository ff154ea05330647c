import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Instant } from '#libs/journal/log.ts'

/** As long as the hash, as RFC 4226, section 4, asks. */
export const totpSecretBytes = 20

const STEP_MS = 30_000
const DIGITS = 6

/** A code may be typed when its time is over, and clocks differ: one step to either side is taken (RFC 6238, section 5.2). */
const DRIFT = 1

/** The time step of an instant (RFC 6238, section 4.2). */
export const stepAt = (at: Instant): number => Math.floor(at / STEP_MS)

/** The code of a time step: HOTP with HMAC-SHA-1, six digits, which is what every app can do (RFC 4226, section 5.3). */
export const totpCode = (secret: Buffer, step: number): string => {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const hash = createHmac('sha1', secret).update(counter).digest()
  const offset = hash.readUInt8(hash.length - 1) & 0xf
  const number = hash.readUInt32BE(offset) & 0x7fffffff
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0')
}

/**
 * Of which step a code is, of those that count at an instant; undefined where it is of none. Whether it was used before,
 * the caller knows.
 */
export const stepOfCode = (secret: Buffer, code: string, at: Instant): number | undefined => {
  const given = Buffer.from(code)
  let found: number | undefined
  for (let step = stepAt(at) - DRIFT; step <= stepAt(at) + DRIFT; step++) {
    const wanted = Buffer.from(totpCode(secret, step))
    if (given.length === wanted.length && timingSafeEqual(given, wanted)) found = step
  }
  return found
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Base32 without padding (RFC 4648, section 6), as apps take secrets that are typed. */
export const base32 = (bytes: Buffer): string => {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map((group) => alphabet[Number.parseInt(group.padEnd(5, '0'), 2)]).join('')
}

/** What apps read from a QR code (the key URI format). Their defaults are left out: SHA-1, six digits, 30 seconds. */
export const otpauthUri = (issuer: string, account: string, secret: Buffer): string => {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=${encodeURIComponent(issuer)}`
}
