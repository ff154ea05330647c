import { randomUUID } from 'node:crypto'
import type { RequestListener, ServerResponse } from 'node:http'
import type { Door } from '#libs/http/answer.ts'
import { HttpProblem, problemDocument } from '#libs/http/problem.ts'
import { type Caller, routesOf } from '#libs/http/route.ts'
import { apiHeaders } from '#libs/http/security-headers.ts'
import { meters } from '#libs/telemetry/instruments.ts'
import { errors } from './errors.ts'
import type { PlatformEdge } from './platform-routes.ts'

const path = '/v1/verify'

/** What a proxy hands on to whatever stands behind it. */
const headersOf = ({ accountId, sessionId, platformRole }: Caller): Readonly<Record<string, string>> => ({
  'Whiply-Account': accountId,
  'Whiply-Session': sessionId,
  'Whiply-Role': platformRole,
})

const route = routesOf<PlatformEdge>()

/** As any other route; what asks in the plainest way is answered before by `answerVerification`. */
export const verifyRoute = route({
  method: 'GET',
  path,
  id: 'verify',
  tag: 'sessions',
  summary: 'Whether an access token holds, for a proxy that asks before it lets a request pass',
  description: 'Asked for each request (nginx: `auth_request`), so without allowances for tokens that hold.',
  auth: 'account',
  rate: 'read',
  responses: {
    204: {
      description: 'It holds',
      headers: {
        'Whiply-Account': 'Whose it is: the id of the account',
        'Whiply-Session': 'The session that it came of',
        'Whiply-Role': '`user` or `admin`, on the platform',
      },
    },
  },
  errors: [],
  handler: ({ caller }) => ({ status: 204, headers: headersOf(caller) }),
})

export type VerificationOptions = Pick<Door, 'authenticate'> & {
  /** Takes a refused token from the allowance of its address; throws once that is used up. */
  readonly limit: (remoteAddress: string | undefined, forwardedFor: string | undefined) => void
}

const bearer = /^Bearer ([A-Za-z0-9._~+/-]{1,4096}=*)$/i

/**
 * Answers `GET /v1/verify` before express sees it: no middleware, no line in the log, no stage of a trace. Everything
 * else goes on to the application.
 */
export const answerVerification =
  ({ authenticate, limit }: VerificationOptions, application: RequestListener): RequestListener =>
  (request, response) => {
    if (request.method !== 'GET' || request.url !== path) {
      application(request, response)
      return
    }
    const { authorization, 'x-forwarded-for': forwarded } = request.headers
    const forwardedFor = Array.isArray(forwarded) ? forwarded.join(',') : forwarded
    verify(authenticate, authorization)
      .catch((error: unknown) => {
        limit(request.socket.remoteAddress, forwardedFor)
        throw error
      })
      .then(
        (caller) => void response.writeHead(204, { ...headersOf(caller), 'Cache-Control': 'no-store' }).end(),
        (error: unknown) => refuse(response, error),
      )
      .finally(() => meters().requests.add(1, { route: path, method: 'GET', status: response.statusCode }))
  }

const verify = async (authenticate: Door['authenticate'], authorization = ''): Promise<Caller> => {
  const token = bearer.exec(authorization)?.[1]
  if (token === undefined) throw new HttpProblem('http.unauthenticated')
  const caller = await authenticate(token)
  if (caller.mustChangePassword) throw new HttpProblem('http.password_change_required')
  return caller
}

const refuse = (response: ServerResponse, error: unknown): void => {
  const problem = error instanceof HttpProblem ? error : new HttpProblem('platform.internal', { cause: error })
  const document = problemDocument(problem, errors, randomUUID())
  apiHeaders(response)
  if (document.status === 401) response.setHeader('WWW-Authenticate', 'Bearer')
  if (document.status === 503) response.setHeader('Retry-After', '1')
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value)
  response.writeHead(document.status, { 'Content-Type': 'application/problem+json' }).end(JSON.stringify(document))
}
