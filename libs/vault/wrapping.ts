import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { VaultError } from './errors.ts'

const VERSION = 1
/** Version (1 byte) and the number of the wrapping key (4, the highest first). */
const HEADER_BYTES = 5
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** The number of the key that wrapped what has no header, as everything was before keys had numbers. */
export const FIRST_KEY = 0

/** A key that wraps, and its number. */
export type WrappingKey = { readonly id: number; readonly key: Buffer }

/** Where wrapping keys come from. */
export type WrappingKeys = {
  /** The one that wraps from now on, never one that was followed by another more than a minute ago. */
  readonly newest: () => Promise<WrappingKey>
  /** Undefined where there is none of that number. */
  readonly find: (id: number) => Promise<Buffer | undefined>
}

/**
 * Secrets at rest: version (1 byte), number of the wrapping key (4), nonce (12), AES-256-GCM ciphertext, tag (16). Bound
 * to the name under which they are kept.
 */
export type Wrapping = {
  readonly wrap: (name: string, secret: Buffer) => Promise<Buffer>
  /** Rejects with VaultError `vault.secret_unreadable` where the bytes were changed, or belong to another name. */
  readonly unwrap: (name: string, wrapped: Buffer) => Promise<Buffer>
}

/** What stands in front of everything that a wrapping key wrapped. */
export const headerOf = (id: number): Buffer => {
  const header = Buffer.alloc(HEADER_BYTES)
  header[0] = VERSION
  header.writeUInt32BE(id, 1)
  return header
}

/** Nonce (12 bytes), AES-256-GCM ciphertext, tag (16). */
export const encrypt = (key: Buffer, additional: Buffer, secret: Buffer): Buffer => {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(additional)
  return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()])
}

/** Undefined where the bytes are not what `encrypt` made with the same key and additional data. */
export const decrypt = (key: Buffer, additional: Buffer, bytes: Buffer): Buffer | undefined => {
  const end = bytes.length - TAG_BYTES
  if (end < NONCE_BYTES) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(additional).setAuthTag(bytes.subarray(end))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, end)), decipher.final()])
  } catch {
    return undefined
  }
}

/** Keys that are at hand, in the order of their numbers. */
export const fixedKeys = (keys: readonly WrappingKey[]): WrappingKeys => ({
  newest: async () => {
    const newest = keys.at(-1)
    if (!newest) throw new Error('nothing wraps without a key')
    return newest
  },
  find: async (id) => keys.find((key) => key.id === id)?.key,
})

const withHeader = (header: Buffer, name: string): Buffer => Buffer.concat([header, Buffer.from(name)])

export const createWrapping = (keys: WrappingKeys): Wrapping => {
  const numbered = async (name: string, wrapped: Buffer): Promise<Buffer | undefined> => {
    if (wrapped.length < HEADER_BYTES || wrapped[0] !== VERSION) return undefined
    const key = await keys.find(wrapped.readUInt32BE(1))
    const header = wrapped.subarray(0, HEADER_BYTES)
    return key && decrypt(key, withHeader(header, name), wrapped.subarray(HEADER_BYTES))
  }

  /** A random nonce may begin like a header: so this is tried last, and the tag tells. */
  const unnumbered = async (name: string, wrapped: Buffer): Promise<Buffer | undefined> => {
    const key = await keys.find(FIRST_KEY)
    return key && decrypt(key, Buffer.from(name), wrapped)
  }

  return {
    wrap: async (name, secret) => {
      const { id, key } = await keys.newest()
      const header = headerOf(id)
      return Buffer.concat([header, encrypt(key, withHeader(header, name), secret)])
    },
    unwrap: async (name, wrapped) => {
      const secret = (await numbered(name, wrapped)) ?? (await unnumbered(name, wrapped))
      if (!secret) throw new VaultError('vault.secret_unreadable', `The vault's ${name} is not as it was written.`)
      return secret
    },
  }
}
