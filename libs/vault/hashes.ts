import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import type { Hashes } from './vault.ts'

type Kind = Parameters<Hashes['compare']>[0] | 'fingerprint' | 'playback' | 'attachment'

/** HMACs with a key for each kind, derived from the pepper, so that equal values of two kinds have nothing in common. */
export const createHashes = (pepper: Buffer): Hashes => {
  const keyOf = (kind: Kind): KeyObject =>
    createSecretKey(Buffer.from(hkdfSync('sha256', pepper, '', `whiply hash ${kind}`, 32)))
  const keys = { handle: keyOf('handle'), email: keyOf('email'), address: keyOf('address'), name: keyOf('name') }
  const playbackKey = keyOf('playback')
  const attachmentKey = keyOf('attachment')
  const fingerprintKey = keyOf('fingerprint')
  const hash = (key: KeyObject, value: string | Buffer): string =>
    createHmac('sha256', key).update(value).digest('base64url')
  return {
    compare: (kind, value) => hash(keys[kind], value),
    playback: (text) => hash(playbackKey, text),
    attachment: (text) => hash(attachmentKey, text),
    fingerprint: (value) => hash(fingerprintKey, value),
  }
}
