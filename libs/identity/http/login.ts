import { refuseAfter } from '#libs/http/allowance.ts'
import { writeCookie } from '#libs/http/cookie.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import type { Credential } from '#libs/vault/vault.ts'
import { SESSION_COOKIE, SESSION_LIFETIME_MS } from '../session-cookie.ts'
import { accessTokenMs, signAccessToken } from '../tokens.ts'
import type { AccountView, IdentityEdge } from './edge.ts'
import { handleKey } from './edge.ts'

/** Guesses at one handle's password, from wherever they come. */
const loginRate = { perMinute: 10, burst: 20 }

/** The cookie goes to the API and the live socket alone. Ports do not separate cookies, so both edges get it. */
export const sessionCookie = (edge: IdentityEdge, secret: string): string =>
  writeCookie(SESSION_COOKIE, secret, {
    maxAgeSeconds: SESSION_LIFETIME_MS / 1000,
    secure: edge.secureCookies,
    path: '/v1',
  })

export const noSessionCookie = (edge: IdentityEdge): string =>
  writeCookie(SESSION_COOKIE, '', { maxAgeSeconds: 0, secure: edge.secureCookies, path: '/v1' })

/** The account of a handle and its password. Takes the same time, and fails alike, whatever of the two is wrong. */
export const checkCredentials = async (
  edge: IdentityEdge,
  handle: string,
  password: string,
): Promise<{ readonly account: AccountView; readonly credential: Credential }> => {
  const hash = handleKey(edge.vault, handle)
  refuseAfter(edge.limiter.take(`login ${hash}`, loginRate))
  const holder = await edge.reads.holder(hash)
  const id = holder?.kind === 'account' ? holder.id : undefined
  const credential = id === undefined ? undefined : await edge.vault.credentials.get(id)
  const matches = await edge.passwords.verify(credential?.passwordHash, password)
  const account = id === undefined ? undefined : await edge.reads.account(id)
  if (!matches || !credential || account?.state !== 'open') throw new HttpProblem('identity.invalid_credentials')
  return { account, credential }
}

/** Throws `identity.wrong_password` where it is not the password of who is logged in. */
export const checkOwnPassword = async (
  edge: IdentityEdge,
  accountId: string,
  password: string,
): Promise<Credential> => {
  refuseAfter(edge.limiter.take(`password ${accountId}`, loginRate))
  const credential = await edge.vault.credentials.get(accountId)
  if (!(await edge.passwords.verify(credential?.passwordHash, password)) || !credential) {
    throw new HttpProblem('identity.wrong_password')
  }
  return credential
}

/** What a client gets that is logged in: a token, and whose it is. */
export const loggedIn = async (
  edge: IdentityEdge,
  account: AccountView,
  sessionId: string,
  mustChangePassword: boolean,
) => {
  const { accountId, platformRole } = account
  const handle = account.handle ?? accountId
  const displayName = account.displayName ?? handle
  const claims = { accountId, sessionId, handle, displayName, platformRole, mustChangePassword }
  return {
    accessToken: await signAccessToken(claims, await edge.vault.signing.current(), edge.now()),
    expiresInSeconds: accessTokenMs / 1000,
    mustChangePassword,
    account: { id: accountId, handle, name: displayName },
  }
}

/** The account, while it is open. */
export const openAccount = async (edge: IdentityEdge, accountId: string): Promise<AccountView> => {
  const account = await edge.reads.account(accountId)
  if (!account) throw new HttpProblem('identity.account_unknown')
  if (account.state === 'erased') throw new HttpProblem('identity.account_erased')
  return account
}
