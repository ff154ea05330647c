import type { Sql } from 'postgres'
import { scopes } from '#libs/access/scopes.ts'
import { readCookie } from '#libs/http/cookie.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import type { Caller } from '#libs/http/route.ts'
import { loginKeyIn } from '#libs/identity/login-key.ts'
import { accountById } from '#libs/identity/queries.ts'
import { sessionCookieName } from '#libs/identity/session-cookie.ts'
import type { StaffRule } from '#libs/identity/standing.ts'
import type { Verification } from '#libs/identity/verification.ts'
import type { Vault } from '#libs/vault/vault.ts'
import type { Authentication } from './session.ts'

export type AuthenticationOptions = {
  readonly verification: Verification
  readonly vault: Pick<Vault, 'sessions' | 'credentials'>
  readonly sql: Sql
  /** Whether people reach the page over TLS. */
  readonly secureCookies: boolean
  /** Whose role on the platform counts. */
  readonly staff: StaffRule
}

/** Who a token is; undefined where it does not hold. Rejects while that cannot be told. */
const callerOf = async (verification: Verification, token: string): Promise<Caller | undefined> => {
  try {
    return verification.known(token) ?? (await verification.verify(token))
  } catch (error) {
    if (error instanceof HttpProblem && error.code.startsWith('identity.')) return undefined
    throw error
  }
}

/** Says who a client is: by a token, by the cookie of the page, or by that of an older bot, which holds its login key. */
export const createAuthentication = ({
  verification,
  vault,
  sql,
  secureCookies,
  staff,
}: AuthenticationOptions): Authentication => {
  const byToken: Authentication['byToken'] = async (token) => {
    const caller = await callerOf(verification, token)
    // Who acts as another does so over HTTP, where every record says it.
    if (!caller || caller.impersonator !== undefined) return undefined
    const { accountId, sessionId, handle, displayName, platformRole, heldBackRole, scopes, mustChangePassword } = caller
    const role = { platformRole, ...(heldBackRole !== undefined && { heldBackRole }) }
    return { accountId, sessionId, handle, name: displayName, ...role, scopes, mustChangePassword }
  }
  return {
    byToken,
    byCookie: async (header) => {
      const secret = readCookie(header, sessionCookieName(secureCookies))
      const session = secret === undefined ? undefined : await vault.sessions.find(secret)
      if (!session) {
        const key = loginKeyIn(header)
        return key === undefined ? undefined : await byToken(key)
      }
      const { accountId, sessionId } = session
      const [account, credential] = await Promise.all([accountById(sql, accountId), vault.credentials.get(accountId)])
      if (account?.state !== 'open') return undefined
      return {
        accountId,
        sessionId,
        handle: account.handle ?? accountId,
        name: account.displayName ?? account.handle ?? accountId,
        ...staff({ platformRole: account.platformRole, secondFactor: session.secondFactor }),
        scopes,
        mustChangePassword: credential?.mustChange ?? false,
      }
    },
  }
}
