import { hash } from 'node:crypto'
import { HttpProblem } from '#libs/http/problem.ts'
import type { Caller } from '#libs/http/route.ts'
import type { Instant } from '#libs/journal/log.ts'
import type { Revocations } from './revocations.ts'
import { accessTokenMs, accessTokenVerifier, type PublicKeys } from './tokens.ts'

export type VerificationOptions = {
  readonly jwks: () => Promise<PublicKeys>
  /** Whether the vault has the session: what was revoked before this edge read the journal is known there. */
  readonly isOpen: (sessionId: string) => Promise<boolean>
  readonly revocations: Pick<Revocations, 'refusal'>
  /**
   * For how long the account journal has been followed up to now without a gap, 0 while it is not: what was revoked
   * within that time `revocations` knows.
   */
  readonly followedMs: () => number
  /** Verified tokens that are kept, 50,000 by default, and as many refused; at the bound the first of them goes. */
  readonly capacity?: number
  readonly now?: () => number
}

/** Says whose a token is: the check within every edge. */
export type Verification = {
  /** What is known of a token that was verified before: without I/O and at once. Undefined where it has to be verified. */
  readonly known: (token: string) => Caller | undefined
  /**
   * Rejects with `identity.token_expired`, `identity.token_invalid`, and with `platform.unavailable` where that cannot be
   * told while an engine is away.
   */
  readonly verify: (token: string) => Promise<Caller>
}

/** A new key is served five minutes before it signs. */
const REREAD_MS = 60_000

/** An unknown key makes the keys be read again this often at most, however many tokens name one. */
const REREAD_UNKNOWN_MS = 5_000

/** While the journal cannot be read, what the vault said of a session counts for so long. */
const TRUST_MS = 60_000

type Kept = { readonly caller: Caller; readonly checkedAt: Instant }

/** The public keys, read again in the background while those known go on counting. */
const createKeys = (jwks: VerificationOptions['jwks'], now: () => Instant) => {
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

  return async (token: string) => {
    if (!verifier) await read()
    // With the vault away, the keys known go on counting: tokens hold for minutes only.
    else if (now() - readAt >= REREAD_MS) void read().catch(() => {})
    const first = await verifier?.(token, now())
    if (first?.kind !== 'unknown key' || now() - readAt < REREAD_UNKNOWN_MS) return first
    await read().catch(() => {})
    return verifier?.(token, now())
  }
}

const unavailable = () => new HttpProblem('platform.unavailable')

/**
 * Tokens are kept by their SHA-256, so that a dump of the process holds none. One that was verified holds until it expires
 * or is revoked: each use asks the revocations, which the account journal brings within a second.
 */
export const createVerification = (options: VerificationOptions): Verification => {
  const { jwks, isOpen, revocations, followedMs, capacity = 50_000, now = Date.now } = options
  const kept = new Map<string, Kept>()
  /** What is forged or has expired stays so: it is not verified again each time that it is sent. */
  const refused = new Map<string, 'identity.token_expired' | 'identity.token_invalid'>()
  const byKeys = createKeys(jwks, now)
  const keyOf = (token: string): string => hash('sha256', token, 'base64')

  /** Of a session nobody asks twice at once. */
  const asked = new Map<string, Promise<boolean>>()
  const ask = (sessionId: string): Promise<boolean> => {
    const known = asked.get(sessionId)
    if (known) return known
    const answer = isOpen(sessionId).finally(() => asked.delete(sessionId))
    asked.set(sessionId, answer)
    return answer
  }

  /** With the vault away the journal is enough, once it was followed for as long as any token holds. */
  const isSessionOpen = async (sessionId: string): Promise<boolean> => {
    try {
      return await ask(sessionId)
    } catch (error) {
      if (followedMs() > accessTokenMs) return true
      throw error
    }
  }

  const put = <Value>(map: Map<string, Value>, key: string, value: Value): void => {
    map.delete(key)
    map.set(key, value)
    if (map.size <= capacity) return
    const [oldest] = map.keys()
    if (oldest !== undefined) map.delete(oldest)
  }

  return {
    known: (token) => {
      const key = keyOf(token)
      const entry = kept.get(key)
      if (!entry) return undefined
      const isGood =
        entry.caller.expiresAt > now() &&
        revocations.refusal(entry.caller) === undefined &&
        (followedMs() > 0 || now() - entry.checkedAt < TRUST_MS)
      if (isGood) return entry.caller
      kept.delete(key)
      return undefined
    },
    verify: async (token) => {
      const key = keyOf(token)
      const before = refused.get(key)
      if (before) throw new HttpProblem(before)
      const verification = await byKeys(token)
      if (!verification) throw unavailable()
      if (verification.kind === 'unknown key') throw new HttpProblem('identity.token_invalid')
      if (verification.kind === 'refused') {
        put(refused, key, verification.code)
        throw new HttpProblem(verification.code)
      }
      const { claims, scopes, expiresAt } = verification
      const caller = { ...claims, scopes, expiresAt }
      const refusal = () => {
        const code = revocations.refusal(caller)
        return code && new HttpProblem(code)
      }
      const revoked = refusal()
      if (revoked) throw revoked
      if (!(await isSessionOpen(caller.sessionId))) throw new HttpProblem('identity.token_invalid')
      // It may have been revoked while the vault was asked.
      const since = refusal()
      if (since) throw since
      put(kept, key, { caller, checkedAt: now() })
      return caller
    },
  }
}
