import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { VaultError } from './errors.ts'
import type { MasterKey } from './master-key.ts'

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Secrets at rest: nonce (12 bytes), AES-256-GCM ciphertext, tag (16). Bound to the name under which they are kept. */
export type Wrapping = {
  readonly wrap: (name: string, secret: Buffer) => Buffer
  /** @throws VaultError `vault.secret_unreadable` where the bytes were changed, or belong to another name. */
  readonly unwrap: (name: string, wrapped: Buffer) => Buffer
  /** Tells a master key from others, and nothing about it. */
  readonly checkValue: Buffer
  readonly isOwnCheckValue: (value: Buffer) => boolean
}

export const createWrapping = (masterKey: MasterKey): Wrapping => {
  const key = masterKey.derive('wrap')
  const checkValue = createHmac('sha256', masterKey.derive('check')).update('master key check value').digest()
  return {
    checkValue,
    isOwnCheckValue: (value) => value.length === checkValue.length && timingSafeEqual(value, checkValue),
    wrap: (name, secret) => {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name))
      return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()])
    },
    unwrap: (name, wrapped) => {
      try {
        const end = wrapped.length - TAG_BYTES
        const nonce = wrapped.subarray(0, NONCE_BYTES)
        const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
        decipher.setAAD(Buffer.from(name)).setAuthTag(wrapped.subarray(end))
        return Buffer.concat([decipher.update(wrapped.subarray(NONCE_BYTES, end)), decipher.final()])
      } catch {
        throw new VaultError('vault.secret_unreadable', `The vault's ${name} is not as it was written.`)
      }
    },
  }
}
