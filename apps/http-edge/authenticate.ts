import { HttpProblem } from '#libs/http/problem.ts'
import type { Caller } from '#libs/http/route.ts'
import { accessTokenVerifier, type PublicKeys } from '#libs/identity/tokens.ts'
import type { Revocations } from './revocations.ts'
import { shortMemory } from './short-memory.ts'

export type AuthenticationOptions = {
  readonly jwks: () => Promise<PublicKeys>
  /** Whether the vault has the session: what was revoked before this edge read the journal is known there. */
  readonly isOpen: (sessionId: string) => Promise<boolean>
  readonly revocations: Pick<Revocations, 'isRevoked'>
  readonly now?: () => number
}

/** A new key signs only after every process has had five minutes to read it. */
const REFRESH_MS = 60_000

/**
 * Tells who an access token is; throws `identity.token_expired` or `identity.token_invalid`. The vault is asked about a
 * session once a minute; between, the account journal tells of revocations within a second.
 */
export const createAuthenticate = ({ jwks, isOpen, revocations, now = Date.now }: AuthenticationOptions) => {
  const sessions = shortMemory(isOpen, { keptMs: 60_000, capacity: 100_000, now })
  let verifier: ReturnType<typeof accessTokenVerifier> | undefined
  let freshUntil = 0
  let fetching: Promise<void> | undefined

  const refresh = async (): Promise<void> => {
    try {
      verifier = accessTokenVerifier(await jwks())
      freshUntil = now() + REFRESH_MS
    } catch (error) {
      // With the vault away, the keys known go on counting: tokens hold for minutes only.
      if (!verifier) throw error
      freshUntil = now() + REFRESH_MS / 10
    } finally {
      fetching = undefined
    }
  }

  return async (token: string): Promise<Caller> => {
    if (now() >= freshUntil) {
      fetching ??= refresh()
      await fetching
    }
    const verification = await verifier?.(token, now())
    if (!verification) throw new HttpProblem('platform.unavailable')
    if (verification.kind === 'refused') throw new HttpProblem(verification.code)
    const { claims } = verification
    if (revocations.isRevoked(claims) || !(await sessions.get(claims.sessionId))) {
      throw new HttpProblem('identity.token_invalid')
    }
    return claims
  }
}
