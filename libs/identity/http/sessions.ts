import { pendingReply, pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import type { Session } from '#libs/vault/vault.ts'
import { SESSION_COOKIE, SESSION_LIFETIME_MS } from '../session-cookie.ts'
import { type IdentityEdge, sendToIdentity } from './edge.ts'
import { checkCredentials, loggedIn, noSessionCookie, openAccount, sessionCookie } from './login.ts'
import { Credentials, LoggedIn } from './schemas.ts'

const route = routesOf<IdentityEdge>()
const tag = 'sessions'

const logIn = route({
  method: 'POST',
  path: '/v1/sessions',
  id: 'logIn',
  tag,
  summary: 'Logs in: a session as a cookie, and an access token for 15 min',
  auth: 'none',
  rate: 'credentials',
  cookie: true,
  reads: ['accounts'],
  body: Credentials,
  responses: {
    201: { description: 'Logged in', body: LoggedIn, headers: { 'Set-Cookie': 'The session' } },
  },
  errors: ['identity.invalid_credentials', 'auth.busy'],
  handler: async ({ body: { handle, password }, address, cookie }, edge) => {
    const from = { address, session: await sessionOf(edge, cookie(SESSION_COOKIE)) }
    const { account, credential } = await checkCredentials(edge, handle, password, from)
    const { session, secret } = await edge.vault.sessions.open(account.accountId, SESSION_LIFETIME_MS)
    return {
      status: 201,
      headers: { 'Set-Cookie': sessionCookie(edge, secret) },
      body: await loggedIn(edge, account, session.sessionId, credential.mustChange),
    }
  },
})

const renewToken = route({
  method: 'POST',
  path: '/v1/tokens',
  id: 'renewToken',
  tag,
  summary: 'A new access token, by the session’s cookie',
  auth: 'none',
  rate: 'write',
  cookie: true,
  responses: { 201: { description: 'Renewed', body: LoggedIn } },
  errors: ['identity.session_ended'],
  handler: async ({ cookie }, edge) => {
    const session = await sessionOf(edge, cookie(SESSION_COOKIE))
    if (!session) throw new HttpProblem('identity.session_ended', { headers: { 'Set-Cookie': noSessionCookie(edge) } })
    const account = await openAccount(edge, session.accountId).catch((error: unknown) => {
      // Of an erased account nothing is told, not even that there was one.
      throw error instanceof HttpProblem ? new HttpProblem('identity.session_ended') : error
    })
    const credential = await edge.vault.credentials.get(session.accountId)
    return {
      status: 201,
      body: await loggedIn(edge, account, session.sessionId, credential?.mustChange ?? false),
    }
  },
})

const logOut = route({
  method: 'DELETE',
  path: '/v1/sessions/current',
  id: 'logOut',
  tag,
  summary: 'Ends the session of the cookie: its tokens are refused, its sockets closed',
  auth: 'none',
  rate: 'write',
  cookie: true,
  command: true,
  responses: {
    204: { description: 'Ended, or there was none', headers: { 'Set-Cookie': 'Takes the cookie away' } },
    ...pendingResponse,
  },
  errors: [],
  handler: async ({ cookie, commandId, traceparent }, edge) => {
    const headers = { 'Set-Cookie': noSessionCookie(edge) }
    const session = await sessionOf(edge, cookie(SESSION_COOKIE))
    if (!session) return { status: 204, headers }
    const { sessionId, accountId } = session
    // The command first: where it cannot be sent the session is still there, and the caller may try again.
    const command = { type: 'RevokeSessions', sessionIds: [sessionId] } as const
    const submitted = await sendToIdentity(edge, command, {
      key: accountId,
      principal: accountId,
      commandId,
      traceparent,
    })
    await edge.vault.sessions.close(sessionId)
    if (submitted.kind === 'accepted') return { status: 204, headers: { ...headers, Position: submitted.position } }
    const reply = pendingReply(commandId)
    return { ...reply, headers: { ...reply.headers, ...headers } }
  },
})

const sessionOf = async (edge: IdentityEdge, secret: string | undefined): Promise<Session | undefined> => {
  if (secret === undefined || !/^[A-Za-z0-9_-]{16,128}$/.test(secret)) return undefined
  const session = await edge.vault.sessions.find(secret)
  return session && session.expiresAt > edge.now() ? session : undefined
}

export const sessionRoutes = [logIn, renewToken, logOut]
