import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from 'node:crypto'
import type { Sealed } from '#libs/contracts/sealed.ts'

const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEADER_BYTES = 1 + NONCE_BYTES

/** What a field is bound to. The lengths stand first, so that no two triples read alike. */
const additionalData = (subject: string, eventId: string, field: string): Buffer =>
  Buffer.from(`${subject.length}.${eventId.length}.${subject}${eventId}${field}`)

const nonces = Buffer.alloc(NONCE_BYTES * 512)
let usedNonces = nonces.length

/** Writes 96 fresh random bits; they are drawn 512 at a time, since a draw costs more than its bytes. */
const writeNonce = (target: Buffer, at: number): void => {
  if (usedNonces === nonces.length) {
    randomFillSync(nonces)
    usedNonces = 0
  }
  nonces.copy(target, at, usedNonces, usedNonces + NONCE_BYTES)
  usedNonces += NONCE_BYTES
}

/**
 * Seals a text with a person's key: version (1 byte), nonce (12), AES-256-GCM ciphertext, tag (16). It opens only with
 * the same key, subject, event id and field.
 */
export const sealText = (key: KeyObject, subject: string, eventId: string, field: string, text: string): Sealed => {
  const header = Buffer.allocUnsafe(HEADER_BYTES)
  header[0] = VERSION
  writeNonce(header, 1)
  const cipher = createCipheriv('aes-256-gcm', key, header.subarray(1))
  cipher.setAAD(additionalData(subject, eventId, field))
  const body = cipher.update(text, 'utf8')
  cipher.final()
  return Buffer.concat([header, body, cipher.getAuthTag()]) as Sealed
}

/** Undefined where the bytes were not sealed by `sealText` with the same key, subject, event id and field. */
export const openText = (
  key: KeyObject,
  subject: string,
  eventId: string,
  field: string,
  sealed: Buffer,
): string | undefined => {
  const end = sealed.length - TAG_BYTES
  if (end < HEADER_BYTES || sealed[0] !== VERSION) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, HEADER_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(additionalData(subject, eventId, field))
  decipher.setAuthTag(sealed.subarray(end))
  const text = decipher.update(sealed.subarray(HEADER_BYTES, end))
  try {
    decipher.final()
  } catch {
    return undefined
  }
  return text.toString('utf8')
}
