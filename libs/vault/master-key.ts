import { createHmac, hkdfSync } from 'node:crypto'
import { VaultError } from './errors.ts'

const KEY_BYTES = 32

/**
 * Purposes that the master key is put to, each by a key of its own derived from it: `keys` wraps wrapping keys; `wrap` is
 * the first of those, `check` tells a master key from others.
 */
export type MasterPurpose = 'keys' | 'wrap' | 'check'

export type MasterKey = { readonly derive: (purpose: MasterPurpose) => Buffer }

/** Reads 32 bytes in base64. @throws VaultError `vault.master_key_missing`, `vault.master_key_malformed` */
export const masterKeyOf = (base64: string): MasterKey => {
  const text = base64.trim()
  if (text === '')
    throw new VaultError(
      'vault.master_key_missing',
      'The master key of the vault is missing. Set WHIPLY_MASTER_KEY, or put its file back from your backup.',
    )
  const key = Buffer.from(text, 'base64')
  if (key.length !== KEY_BYTES || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text))
    throw new VaultError(
      'vault.master_key_malformed',
      `The master key of the vault must be ${KEY_BYTES} bytes in base64.`,
    )
  return { derive: (purpose) => Buffer.from(hkdfSync('sha256', key, '', `whiply vault ${purpose}`, KEY_BYTES)) }
}

/** By which a vault knows its master keys, and which tells nothing about them. */
export const checkValueOf = (masterKey: MasterKey): Buffer =>
  createHmac('sha256', masterKey.derive('check')).update('master key check value').digest()
