import type { Instant } from '#libs/journal/log.ts'
import { accessTokenVerifier, type PublicKeys, type TokenVerification } from './tokens.ts'

export type ReadKeys = () => Promise<PublicKeys>

/** A new key is served five minutes before it signs. */
const REREAD_MS = 60_000

/** An unknown key makes the keys be read again this often at most, however many tokens name one. */
const REREAD_UNKNOWN_MS = 5_000

/**
 * Verifies by the public keys, which are read again in the background while those known go on counting. Resolves with
 * undefined where there are none to verify by; rejects where they could never be read.
 */
export const verifyByKeys = (jwks: ReadKeys, now: () => Instant) => {
  let verifier: ReturnType<typeof accessTokenVerifier> | undefined
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | undefined

  const read = (): Promise<void> => {
    readAt = now()
    reading ??= jwks()
      .then((keys) => {
        verifier = accessTokenVerifier(keys)
      })
      .finally(() => {
        reading = undefined
      })
    return reading
  }

  return async (token: string): Promise<TokenVerification | undefined> => {
    if (!verifier) await read()
    // With the vault away, the keys known go on counting: tokens hold for minutes only.
    else if (now() - readAt >= REREAD_MS) void read().catch(() => {})
    const first = await verifier?.(token, now())
    if (first?.kind !== 'unknown key' || now() - readAt < REREAD_UNKNOWN_MS) return first
    await read().catch(() => {})
    return verifier?.(token, now())
  }
}
