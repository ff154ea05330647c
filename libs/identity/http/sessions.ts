import { z } from 'zod'
import { Timestamp, timestamp } from '#libs/http/ids.ts'
import { pendingReply, pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { Session } from '#libs/vault/vault.ts'
import { deviceOf } from './devices.ts'
import { sentReply } from './done.ts'
import { type IdentityEdge, sendToIdentity } from './edge.ts'
import { SecondFactorAsked } from './factor-schemas.ts'
import { checkCredentials, loggedIn, openAccount, returning } from './login.ts'
import { Credentials, LoggedIn } from './schemas.ts'
import { askSecondFactor } from './second-factor.ts'
import { checkCsrf, noSessionCookie, openSession, secretIn, sessionCookie, sessionOf } from './session.ts'

const route = routesOf<IdentityEdge>()
const tag = 'sessions'

const logIn = route({
  method: 'POST',
  path: '/v1/sessions',
  id: 'logIn',
  tag,
  summary: 'Logs in: a session as a cookie, and an access token for 15 min',
  description: 'By the handle that the account goes by now: one that it went by before is nobody’s here.',
  auth: 'none',
  access: 'public',
  rate: 'credentials',
  cookie: true,
  reads: ['accounts'],
  body: Credentials,
  responses: {
    200: {
      description: 'The password is right, and a code is wanted: POST /v1/sessions/second-factor',
      body: SecondFactorAsked,
    },
    201: { description: 'Logged in', body: LoggedIn, headers: { 'Set-Cookie': 'The session, and the device' } },
  },
  errors: ['identity.invalid_credentials', 'identity.account_suspended', 'auth.busy'],
  handler: async (request, edge) => {
    const { body, address, header, traceparent } = request
    const { handle, password } = body
    const from = { address, session: await sessionOf(edge, header('cookie')) }
    const { account, credential } = await checkCredentials(edge, handle, password, from)
    const { mustChange: mustChangePassword, passwordId } = credential
    const asked = await askSecondFactor(edge, account, credential)
    if (asked) return { status: 200, body: asked }
    const opened = await openSession(edge, {
      account: await returning(edge, account),
      method: 'password',
      mustChangePassword,
      passwordId,
      secondFactor: false,
      device: deviceOf(edge, request),
      traceparent,
      cookie: request.header('cookie'),
    })
    return { status: 201, ...opened }
  },
})

const ended = (edge: IdentityEdge, code: 'identity.session_ended' | 'identity.session_reused') =>
  new HttpProblem(code, { headers: { 'Set-Cookie': noSessionCookie(edge) } })

/** Whoever has a secret that was used may be the owner or a thief: the session ends for both. */
const endReused = async (edge: IdentityEdge, { sessionId, accountId }: Session, traceparent: string | undefined) => {
  const command = { type: 'RecordTokenReuse', sessionId } as const
  await sendToIdentity(edge, command, { key: accountId, principal: accountId, commandId: uuidv7(), traceparent })
  await edge.vault.sessions.close(sessionId)
}

const renewToken = route({
  method: 'POST',
  path: '/v1/tokens',
  id: 'renewToken',
  tag,
  summary: 'A new access token, by the session’s cookie, which is renewed with it',
  description:
    'Each cookie is good once. Within a minute the last one may come once more, where its answer was lost; any other ' +
    'that comes again ends the session. A page sends the `csrfToken` of its login in `X-CSRF-Token`.',
  auth: 'none',
  access: 'public',
  rate: 'write',
  cookie: true,
  responses: {
    201: { description: 'Renewed', body: LoggedIn, headers: { 'Set-Cookie': 'The session’s next secret' } },
  },
  errors: ['identity.session_ended', 'identity.session_reused', 'identity.csrf_refused'],
  handler: async ({ header, traceparent }, edge) => {
    const secret = secretIn(edge, header('cookie'))
    const found = await sessionOf(edge, header('cookie'))
    if (found) checkCsrf(edge, header, found.sessionId)
    const renewal = secret === undefined ? undefined : await edge.vault.sessions.renew(secret)
    if (!renewal) throw ended(edge, 'identity.session_ended')
    const { session } = renewal
    if (renewal.kind === 'reused') {
      await endReused(edge, session, traceparent)
      throw ended(edge, 'identity.session_reused')
    }
    const account = await openAccount(edge, session.accountId).catch((error: unknown) => {
      // Of an erased account nothing is told, not even that there was one.
      throw error instanceof HttpProblem ? new HttpProblem('identity.session_ended') : error
    })
    const credential = await edge.vault.credentials.get(session.accountId)
    return {
      status: 201,
      headers: { 'Set-Cookie': sessionCookie(edge, renewal.secret) },
      body: await loggedIn(edge, account, session, credential?.mustChange ?? false),
    }
  },
})

type Revoking = {
  readonly accountId: string
  readonly sessionIds: readonly string[]
  readonly commandId: string
  readonly traceparent: string | undefined
}

/** The command first: where it cannot be sent the sessions are still there, and the caller may try again. */
const revoke = async (edge: IdentityEdge, { accountId, sessionIds, commandId, traceparent }: Revoking) => {
  const sent = { key: accountId, principal: accountId, commandId, traceparent }
  const submitted = await sendToIdentity(edge, { type: 'RevokeSessions', sessionIds }, sent)
  for (const sessionId of sessionIds) await edge.vault.sessions.close(sessionId)
  return submitted
}

const logOut = route({
  method: 'DELETE',
  path: '/v1/sessions/current',
  id: 'logOut',
  tag,
  summary: 'Ends the session of the cookie: its tokens are refused, its sockets closed',
  auth: 'none',
  access: 'public',
  rate: 'write',
  cookie: true,
  command: true,
  responses: {
    204: { description: 'Ended, or there was none', headers: { 'Set-Cookie': 'Takes the cookie away' } },
    ...pendingResponse,
  },
  errors: ['identity.csrf_refused'],
  handler: async ({ header, commandId, traceparent }, edge) => {
    const headers = { 'Set-Cookie': noSessionCookie(edge) }
    const session = await sessionOf(edge, header('cookie'))
    if (!session) return { status: 204, headers }
    const { sessionId, accountId } = session
    checkCsrf(edge, header, sessionId)
    const submitted = await revoke(edge, { accountId, sessionIds: [sessionId], commandId, traceparent })
    if (submitted.kind === 'accepted') return { status: 204, headers: { ...headers, Position: submitted.position } }
    const reply = pendingReply(commandId)
    return { ...reply, headers: { ...reply.headers, ...headers } }
  },
})

const ListedSession = z
  .strictObject({
    sessionId: z.string(),
    current: z.boolean().meta({ description: 'Whether it is the one that asks' }),
    device: z.string().nullable().meta({ description: 'What the device said of itself at login' }),
    createdAt: Timestamp,
    lastUsedAt: Timestamp.meta({ description: 'When its token was renewed last' }),
    expiresAt: Timestamp,
  })
  .meta({ id: 'Session' })

const listSessions = route({
  method: 'GET',
  path: '/v1/accounts/me/sessions',
  id: 'listSessions',
  tag,
  summary: 'One’s own sessions, with their devices, the one used last first',
  auth: 'account',
  access: 'signed in',
  rate: 'read',
  responses: {
    200: { description: 'All that are open', body: z.strictObject({ sessions: z.array(ListedSession) }) },
  },
  errors: [],
  handler: async ({ caller }, edge) => {
    const sessions = await edge.vault.sessions.listOf(caller.accountId)
    return {
      status: 200,
      body: {
        sessions: sessions.map(({ sessionId, device, createdAt, lastUsedAt, expiresAt }) => ({
          sessionId,
          current: sessionId === caller.sessionId,
          device,
          createdAt: timestamp(createdAt),
          lastUsedAt: timestamp(lastUsedAt),
          expiresAt: timestamp(expiresAt),
        })),
      },
    }
  },
})

const revoked = {
  204: {
    description: 'Ended: their tokens are refused, their sockets closed',
    headers: { Position: 'For min-position' },
  },
  ...pendingResponse,
} as const

type RevokingFound = Pick<Revoking, 'commandId' | 'traceparent'> & { readonly caller: Pick<Revoking, 'accountId'> }

/** Ends those that `which` chooses of the sessions that are open when the request comes first. */
const revokeFound = (
  edge: IdentityEdge,
  request: RevokingFound,
  asked: readonly string[],
  which: (open: readonly string[]) => readonly string[],
) => {
  const { caller, commandId, traceparent } = request
  const { accountId } = caller
  return edge.once(
    request,
    asked,
    async () => ({ sessionIds: which(await edge.vault.sessions.idsOf(accountId)) }),
    async ({ sessionIds }) =>
      sentReply(await revoke(edge, { accountId, sessionIds, commandId, traceparent }), commandId),
  )
}

const revokeSession = route({
  method: 'DELETE',
  path: '/v1/accounts/me/sessions/{sessionId}',
  id: 'revokeSession',
  tag,
  summary: 'Ends one of one’s own sessions',
  auth: 'account',
  access: 'signed in',
  rate: 'write',
  command: true,
  params: z.strictObject({ sessionId: z.uuid() }),
  responses: revoked,
  errors: ['http.not_found'],
  handler: (request, edge) => {
    const { sessionId } = request.params
    return revokeFound(edge, request, ['revokeSession', sessionId], (open) => {
      // Another's session is as little there as one that never was.
      if (!open.includes(sessionId)) throw new HttpProblem('http.not_found')
      return [sessionId]
    })
  },
})

const revokeSessions = route({
  method: 'DELETE',
  path: '/v1/accounts/me/sessions',
  id: 'revokeSessions',
  tag,
  summary: 'Ends all of one’s own sessions, the one that asks too',
  auth: 'account',
  access: 'signed in',
  fresh: true,
  rate: 'write',
  command: true,
  responses: revoked,
  errors: ['identity.too_many_sessions'],
  handler: (request, edge) => revokeFound(edge, request, ['revokeSessions'], (open) => open),
})

export const sessionRoutes = [logIn, renewToken, logOut, listSessions, revokeSession, revokeSessions]
