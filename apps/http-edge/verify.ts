import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { platformRoles } from '#libs/access/platform.ts'
import { scopes } from '#libs/access/scopes.ts'
import { corsFields } from '#libs/http/cors.ts'
import { NumericId, Timestamp, timestamp } from '#libs/http/ids.ts'
import { mayRead, type OriginCheck } from '#libs/http/origin.ts'
import type { PlainAnswer, PlainAnswers, PlainRequest } from '#libs/http/plain-request.ts'
import { HttpProblem, problemDocument } from '#libs/http/problem.ts'
import { type Caller, routesOf } from '#libs/http/route.ts'
import { apiHeaderFields } from '#libs/http/security-headers.ts'
import type { Verification } from '#libs/identity/verification.ts'
import { meters } from '#libs/telemetry/instruments.ts'
import { errors } from './errors.ts'
import type { PlatformEdge } from './platform-routes.ts'

const route = routesOf<PlatformEdge>()

/** Both are answered before express by `verificationAnswers` where they are asked in the plainest way. */
const common = { method: 'GET', tag: 'sessions', access: 'signed in', rate: 'read', errors: [] } as const

/** What a proxy hands on to whatever stands behind it. */
const headersOf = ({ accountId, sessionId, platformRole, scopes }: Caller): Readonly<Record<string, string>> => ({
  'Whiply-Account': accountId,
  'Whiply-Session': sessionId,
  'Whiply-Role': platformRole,
  'Whiply-Scopes': scopes.join(' '),
})

const verifyRoute = route({
  ...common,
  path: '/v1/verify',
  id: 'verify',
  summary: 'Whether an access token holds, for a proxy that asks before it lets a request pass',
  description: 'Asked for each request (nginx: `auth_request`), so without allowances for tokens that hold.',
  auth: 'account',
  scopes: scopes,
  responses: {
    204: {
      description: 'It holds',
      headers: {
        'Whiply-Account': 'Whose it is: the id of the account',
        'Whiply-Session': 'The session that it came of',
        'Whiply-Role': 'What it is on the platform: `user`, `moderator`, `admin`, `owner` …',
        'Whiply-Scopes': 'What the token may be used for, separated by spaces; that of a login for all',
      },
    },
  },
  handler: ({ caller }) => ({ status: 204, headers: headersOf(caller) }),
})

const CurrentSession = z
  .strictObject({
    account: z.strictObject({ id: NumericId, handle: z.string(), name: z.string() }),
    sessionId: z.string().meta({ description: 'Or the id of the token, where its owner made it for a program' }),
    platformRole: z.enum(platformRoles),
    scopes: z.array(z.enum(scopes)).meta({ description: 'What the token may be used for' }),
    mustChangePassword: z.boolean().meta({ description: 'Until it is changed the token opens nothing else' }),
    expiresAt: Timestamp.nullable().meta({ description: 'When the token that was sent ends by itself; null: never' }),
  })
  .meta({ id: 'CurrentSession' })

const bodyOf = (caller: Caller): z.input<typeof CurrentSession> => ({
  account: { id: caller.accountId, handle: caller.handle, name: caller.displayName },
  sessionId: caller.sessionId,
  platformRole: caller.platformRole,
  scopes: [...caller.scopes],
  mustChangePassword: caller.mustChangePassword,
  expiresAt: Number.isFinite(caller.expiresAt) ? timestamp(caller.expiresAt) : null,
})

const sessionRoute = route({
  ...common,
  path: '/v1/session',
  id: 'getSession',
  summary: 'Whose an access token is, and for how long it holds',
  description: 'For services that are sent tokens of whiply; without allowances for tokens that hold.',
  auth: 'restricted',
  scopes: scopes,
  responses: { 200: { description: 'It holds', body: CurrentSession } },
  handler: ({ caller }) => ({ status: 200, body: bodyOf(caller) }),
})

export const verificationRoutes = [verifyRoute, sessionRoute]

type Answer = (caller: Caller) => PlainAnswer

const always = ['Cache-Control', 'no-store', 'Vary', 'Origin', 'X-Content-Type-Options', 'nosniff'] as const

const answers: Readonly<Record<string, Answer>> = {
  [verifyRoute.path]: (caller) => {
    if (caller.mustChangePassword) throw new HttpProblem('http.password_change_required')
    return { status: 204, headers: [...always, ...Object.entries(headersOf(caller)).flat()], body: '' }
  },
  [sessionRoute.path]: (caller) => {
    const body = JSON.stringify(bodyOf(caller))
    const length = String(Buffer.byteLength(body))
    return { status: 200, headers: [...always, 'Content-Type', 'application/json', 'Content-Length', length], body }
  },
}

/** Keeps what was written for a caller for as long as the caller is kept. */
const written = (answer: Answer): Answer => {
  const made = new WeakMap<Caller, PlainAnswer>()
  return (caller) => {
    const known = made.get(caller)
    if (known) return known
    const fresh = answer(caller)
    made.set(caller, fresh)
    return fresh
  }
}

export type VerificationOptions = {
  readonly verification: Verification
  /** Takes a refused token from the allowance of its address; throws once that is used up. */
  readonly limit: (remoteAddress: string | undefined, forwardedFor: string | undefined) => void
  readonly originCheck: OriginCheck
}

/** Counts here first: an instrument looks its attributes up for each call, which costs as much as the answer. */
const createCount = () => {
  const counts = new Map<string, Map<number, number>>()
  const flush = (): void => {
    for (const [route, ofRoute] of counts)
      for (const [status, times] of ofRoute) meters().requests.add(times, { route, method: 'GET', status })
    counts.clear()
  }
  return (route: string, status: number): void => {
    const ofRoute = counts.get(route)
    // Nothing is counted before the first, so a timer is due only while requests come in.
    if (counts.size === 0) setTimeout(flush, COUNT_MS).unref()
    if (ofRoute) ofRoute.set(status, (ofRoute.get(status) ?? 0) + 1)
    else counts.set(route, new Map([[status, 1]]))
  }
}

const COUNT_MS = 1000

const bearer = /^Bearer ([A-Za-z0-9._~+/-]{1,4096}=*)$/i

/**
 * What answers `GET /v1/session` and `GET /v1/verify` before express sees them: no middleware, no line in the log, no stage
 * of a trace, and of a token that is known no promise either.
 */
export const verificationAnswers = ({ verification, limit, originCheck }: VerificationOptions): PlainAnswers => {
  const known = new Map(Object.entries(answers).map(([path, answer]) => [path, written(answer)]))
  const count = createCount()

  const verify = async (request: PlainRequest, answer: Answer, token?: string): Promise<PlainAnswer> => {
    try {
      if (token === undefined) throw new HttpProblem('http.unauthenticated')
      return answer(await verification.verify(token))
    } catch (error) {
      return refusal(limited(request, error))
    }
  }

  /** What is guessed counts; what was found good does not, whatever else is wrong with it. */
  const limited = ({ remoteAddress, forwardedFor }: PlainRequest, error: unknown): unknown => {
    try {
      limit(remoteAddress, forwardedFor)
      return error
    } catch (tooMany) {
      return tooMany
    }
  }

  /** Counted, and for the page that asks, if one does. */
  const finished = ({ path, origin, host }: PlainRequest, answer: PlainAnswer): PlainAnswer => {
    count(path, answer.status)
    if (origin === undefined || !mayRead(originCheck(origin, host))) return answer
    return { ...answer, headers: [...answer.headers, ...Object.entries(corsFields(origin)).flat()] }
  }

  return {
    paths: [...known.keys()],
    answer: (request) => {
      const { path, authorization = '' } = request
      const answer = known.get(path) as Answer
      const token = bearer.exec(authorization)?.[1]
      const caller = token === undefined ? undefined : verification.known(token)
      return caller && !caller.mustChangePassword
        ? finished(request, answer(caller))
        : verify(request, answer, token).then((later) => finished(request, later))
    },
  }
}

const refusal = (error: unknown): PlainAnswer => {
  const problem = error instanceof HttpProblem ? error : new HttpProblem('platform.internal', { cause: error })
  const document = problemDocument(problem, errors, randomUUID())
  const body = JSON.stringify(document)
  const headers = {
    ...apiHeaderFields,
    Vary: 'Origin',
    ...(document.status === 401 && { 'WWW-Authenticate': 'Bearer' }),
    ...(document.status === 503 && { 'Retry-After': '1' }),
    ...problem.headers,
    'Content-Type': 'application/problem+json',
    'Content-Length': String(Buffer.byteLength(body)),
  }
  return { status: document.status, headers: Object.entries(headers).flat(), body }
}
