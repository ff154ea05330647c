import { timingSafeEqual } from 'node:crypto'
import { readCookie, writeCookie } from '#libs/http/cookie.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { Session } from '#libs/vault/vault.ts'
import type { AccountView } from '../account-view.ts'
import type { IdentityCommandOf } from '../commands.ts'
import { SESSION_LIFETIME_MS, sessionCookieName } from '../session-cookie.ts'
import { type Device, deviceCookie, meetDevice } from './devices.ts'
import { csrfTokenOf, type IdentityEdge, sendToIdentity } from './edge.ts'
import { loggedIn } from './login.ts'

type CookieEdge = Pick<IdentityEdge, 'secureCookies'>

/** Ports do not separate cookies, so both edges get it; a link from elsewhere finds a person logged in (Lax). */
const cookie = ({ secureCookies: secure }: CookieEdge, secret: string, maxAgeSeconds: number): string =>
  writeCookie(sessionCookieName(secure), secret, { maxAgeSeconds, secure, path: '/', sameSite: 'Lax' })

export const sessionCookie = (edge: CookieEdge, secret: string): string =>
  cookie(edge, secret, SESSION_LIFETIME_MS / 1000)

export const noSessionCookie = (edge: CookieEdge): string => cookie(edge, '', 0)

/** The secret in the cookie; undefined where there is none, or nothing that could be one. */
export const secretIn = ({ secureCookies }: CookieEdge, header: string | undefined): string | undefined => {
  const secret = readCookie(header, sessionCookieName(secureCookies))
  return secret !== undefined && /^[A-Za-z0-9_-]{16,128}$/.test(secret) ? secret : undefined
}

export const sessionOf = async (edge: IdentityEdge, header: string | undefined): Promise<Session | undefined> => {
  const secret = secretIn(edge, header)
  const session = secret === undefined ? undefined : await edge.vault.sessions.find(secret)
  return session && session.expiresAt > edge.now() ? session : undefined
}

/**
 * A browser sends a cookie along whatever page asks, so a write by cookie has to show besides what only this page knows.
 * What is no browser sends neither `Origin` nor `Sec-Fetch-Site`, and no cookie that it was not given. Throws
 * `identity.csrf_refused`.
 */
export const checkCsrf = (
  edge: Pick<IdentityEdge, 'vault'>,
  header: (name: string) => string | undefined,
  sessionId: string,
): void => {
  if (header('origin') === undefined && header('sec-fetch-site') === undefined) return
  const given = Buffer.from(header('x-csrf-token') ?? '')
  const wanted = Buffer.from(csrfTokenOf(edge, sessionId))
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw new HttpProblem('identity.csrf_refused')
}

type Opening = {
  readonly account: AccountView
  readonly method: IdentityCommandOf<'OpenSession'>['method']
  readonly mustChangePassword: boolean
  /** The password by which somebody logs in; left out where they log in by something else. */
  readonly passwordId?: string
  /** Whether two factors were shown. */
  readonly secondFactor: boolean
  readonly device: Device
  readonly traceparent: string | undefined
  /** What came with the login: the session that the next cookie takes the place of ends. */
  readonly cookie: string | undefined
}

/** Nobody has its secret any more. Where that fails it ends by its time. */
const endFormer = async (edge: IdentityEdge, header: string | undefined): Promise<void> => {
  const former = await sessionOf(edge, header)
  if (!former) return
  const { sessionId, accountId } = former
  const sent = { key: accountId, principal: accountId, commandId: uuidv7() }
  await sendToIdentity(edge, { type: 'RevokeSessions', sessionIds: [sessionId] }, sent)
  await edge.vault.sessions.close(sessionId)
}

/**
 * Whoever changes the password meanwhile ends the sessions that they see, and may not have seen this one. Throws
 * `identity.invalid_credentials`.
 */
const checkStillHolds = async (
  edge: IdentityEdge,
  { accountId, sessionId }: Session,
  passwordId: string,
): Promise<void> => {
  const current = await edge.vault.credentials.get(accountId)
  if (current?.passwordId === passwordId) return
  const sent = { key: accountId, principal: accountId, commandId: uuidv7() }
  await sendToIdentity(edge, { type: 'RevokeSessions', sessionIds: [sessionId] }, sent)
  throw new HttpProblem('identity.invalid_credentials')
}

/**
 * Opens a session: its secret into the vault first, then the command, which a suspended account is refused. Throws what
 * comes of the command, and then leaves nothing in the vault.
 */
export const openSession = async (edge: IdentityEdge, opening: Opening) => {
  const { account, method, mustChangePassword, passwordId, secondFactor, device, traceparent, cookie: given } = opening
  const { accountId } = account
  const { agent } = device
  await edge.together()
  const { session, secret } = await edge.vault.sessions.open(accountId, SESSION_LIFETIME_MS, {
    device: agent,
    secondFactor,
  })
  const { sessionId } = session
  try {
    const command = { type: 'OpenSession', sessionId, method, device: agent?.slice(0, 200) ?? null } as const
    // The room that is kept free is there for what must still be done: whoever is to make more of it has to log in.
    const evenWhenFull = { ...edge, diskFull: () => false }
    const submitted = await sendToIdentity(evenWhenFull, command, {
      key: accountId,
      principal: accountId,
      commandId: uuidv7(),
      traceparent,
    })
    // Whether the account may log in the journal says; while it does not, nobody does.
    if (submitted.kind === 'pending') throw new HttpProblem('platform.unavailable')
    if (passwordId !== undefined) await checkStillHolds(edge, session, passwordId)
  } catch (error) {
    await edge.vault.sessions.close(sessionId)
    throw error
  }
  if (secretIn(edge, given) !== undefined) edge.behind(() => endFormer(edge, given))
  const known = deviceCookie(edge, device)
  edge.behind(() => meetDevice(edge, account, { ...device, secret: known.secret }))
  return {
    headers: { 'Set-Cookie': [sessionCookie(edge, secret), known.cookie] },
    body: await loggedIn(edge, account, session, mustChangePassword),
  }
}
