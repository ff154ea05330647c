import type { Sql } from 'postgres'
import { readCookie } from '#libs/http/cookie.ts'
import { accountById } from '#libs/identity/queries.ts'
import { SESSION_COOKIE } from '#libs/identity/session-cookie.ts'
import { accessTokenVerifier } from '#libs/identity/tokens.ts'
import type { Vault } from '#libs/vault/vault.ts'
import type { Authentication } from './session.ts'

export type AuthenticationOptions = {
  readonly vault: Pick<Vault, 'signing' | 'sessions' | 'credentials'>
  readonly sql: Sql
  readonly now: () => number
}

/** Public keys are fetched again at most this often, however many tokens name a key that is not known. */
const REFRESH_MS = 5000

/**
 * Says who a client is. A token counts only while its session is in the vault: what was revoked before this edge began to
 * read the journal is known there.
 */
export const createAuthentication = ({ vault, sql, now }: AuthenticationOptions): Authentication => {
  let verifier: ReturnType<typeof accessTokenVerifier> | undefined
  let fetchedAt = 0

  const verify = async (token: string) => {
    if (verifier) {
      const verified = await verifier(token, now())
      const keysMayHaveChanged = verified.kind === 'refused' && verified.code === 'identity.token_invalid'
      if (!keysMayHaveChanged || now() - fetchedAt < REFRESH_MS) return verified
    }
    fetchedAt = now()
    verifier = accessTokenVerifier(await vault.signing.jwks())
    return verifier(token, now())
  }

  return {
    byToken: async (token) => {
      const verified = await verify(token)
      if (verified.kind === 'refused') return undefined
      const { accountId, sessionId, displayName, platformRole, mustChangePassword } = verified.claims
      if (!(await vault.sessions.isOpen(sessionId))) return undefined
      return { accountId, sessionId, name: displayName, platformRole, mustChangePassword }
    },
    byCookie: async (header) => {
      const secret = readCookie(header, SESSION_COOKIE)
      const session = secret === undefined ? undefined : await vault.sessions.find(secret)
      if (!session) return undefined
      const { accountId, sessionId } = session
      const [account, credential] = await Promise.all([accountById(sql, accountId), vault.credentials.get(accountId)])
      if (account?.state !== 'open') return undefined
      return {
        accountId,
        sessionId,
        name: account.displayName ?? account.handle ?? accountId,
        platformRole: account.platformRole,
        mustChangePassword: credential?.mustChange ?? false,
      }
    },
  }
}
