import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import express, { type Express, type RequestHandler } from 'express'
import { isAccessRule, isOpen } from '#libs/access/rule.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import { beginStage } from '#libs/telemetry/trace.ts'
import { logAnswer } from './access-log.ts'
import type { ClientAddress } from './address.ts'
import { refuseAfter } from './allowance.ts'
import { answer, type Door } from './answer.ts'
import { answerCors } from './cors.ts'
import { createCrowd } from './crowd.ts'
import { withDeadline } from './deadline.ts'
import { CUT_OFF, type Exchange, sendProblem, sendReply } from './exchange.ts'
import { mayRead, type OriginCheck } from './origin.ts'
import { type ErrorTable, HttpProblem } from './problem.ts'
import { problemOf } from './problem-of.ts'
import type { BoundRoute } from './route.ts'
import { safeError } from './safe-error.ts'
import { apiHeaders } from './security-headers.ts'
import { verifyReply } from './verify.ts'

export type AppOptions = Door & {
  readonly routes: readonly BoundRoute[]
  readonly errors: ErrorTable
  readonly clientAddress: ClientAddress
  readonly originCheck: OriginCheck
  readonly logger: Logger
  /** Requests under way at once; more are refused with `platform.busy`. */
  readonly maxConcurrent?: number
  /** Of these, from one address; more are refused with `http.rate_limited`. */
  readonly maxOfAddress?: number
  /** For an answer, a command's 10 s included; the request itself has to have arrived before (`listen`). */
  readonly timeoutMs?: number
  /** Checks each answer against what is documented, for tests: an undocumented one is a 500. */
  readonly verifyReplies?: boolean
  /** Answers what is no route: the files of the web page. */
  readonly files?: RequestHandler
}

/** After so long an address with too many requests under way may ask again. */
const TOO_MANY_MS = 1000

const exchanges = new WeakMap<IncomingMessage, Exchange>()

const exchangeOf = (request: IncomingMessage): Exchange => {
  const exchange = exchanges.get(request)
  if (!exchange) throw new Error('the request has not come through the door')
  return exchange
}

/** The express application: routes of the kit and files of the page, nothing else. */
export const createApp = (options: AppOptions): Express => {
  const app = express()
  app.disable('x-powered-by').disable('etag').set('query parser', false).set('case sensitive routing', true)
  app.use(enter(options))
  for (const route of options.routes) assertRuled(route)
  const patterns = Map.groupBy(options.routes, ({ path }) => path)
  for (const route of options.routes) {
    app[route.method.toLowerCase() as 'get'](expressPath(route.path), serveRoute(route, options))
  }
  for (const [path, routes] of patterns) app.all(expressPath(path), refuseMethod(path, routes))
  if (options.files) app.use(options.files)
  app.use(() => {
    throw new HttpProblem('http.not_found')
  })
  app.use((error: unknown, request: IncomingMessage, _response: ServerResponse, _next: () => void) =>
    fail(error, exchangeOf(request), options),
  )
  return app
}

/** Deny by default: what nobody has said a rule for is not served, nor what is not for everybody and asks for no token. */
const assertRuled = ({ method, path, access, auth }: BoundRoute): void => {
  if (!isAccessRule(access)) throw new Error(`${method} ${path} has no access rule`)
  if (auth === 'none' && !isOpen(access))
    throw new Error(`${method} ${path} asks for no token, and is not for everybody`)
}

const expressPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1')

/** Of a header that came more than once all are one list (RFC 9110, section 5.3). */
const oneHeader = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.join(',')

/** The first thing that happens to a request: it gets an id, headers that every answer has, and a line in the log. */
const enter = (options: AppOptions): RequestHandler => {
  const { clientAddress, originCheck, logger, maxConcurrent = 2000, maxOfAddress = 250 } = options
  const crowd = createCrowd(maxConcurrent, maxOfAddress)
  return (request, response, next) => {
    const address = clientAddress(request.socket.remoteAddress, oneHeader(request.headers['x-forwarded-for']))
    const place = crowd.enter(address)
    let inside = true
    const exchange: Exchange = {
      request,
      response,
      requestId: randomUUID(),
      address,
      origin: originCheck(request.headers.origin, request.headers.host),
      startedAt: performance.now(),
      route: 'none',
      traceparent: undefined,
      code: undefined,
      streaming: false,
      leave: () => {
        if (inside) crowd.leave(address)
        inside = false
      },
    }
    exchanges.set(request, exchange)
    response.once('close', () => {
      exchange.leave()
      logAnswer(exchange, logger)
    })
    response.setHeader('X-Request-Id', exchange.requestId)
    apiHeaders(response)
    if (answerCors(request, response, mayRead(exchange.origin))) return
    if (place === 'address full') refuseAfter(TOO_MANY_MS)
    if (place === 'full') throw new HttpProblem('platform.busy')
    next()
  }
}

const serveRoute =
  (route: BoundRoute, options: AppOptions): RequestHandler =>
  async (request, response) => {
    const exchange = exchangeOf(request)
    exchange.route = route.path
    const stage = beginStage('http', oneHeader(request.headers.traceparent), {
      route: route.path,
      method: route.method,
    })
    exchange.traceparent = stage.traceparent
    response.once('close', () => stage.end({ status: response.statusCode }))
    const abort = new AbortController()
    response.once('close', () => abort.abort())
    const work = answer(route, exchange, request.params, options, abort.signal)
    const late = () =>
      (route.body || route.upload) && !request.complete
        ? new HttpProblem('http.body_timeout', { headers: { connection: 'close' } })
        : new HttpProblem('platform.timeout')
    const reply = await withDeadline(work, options.timeoutMs ?? 15_000, abort, late)
    const spec = route.responses[reply.status]
    if (options.verifyReplies) verifyReply(route, reply)
    sendReply(exchange, reply, spec, (error) =>
      options.logger.error(
        { requestId: exchange.requestId, route: route.path, code: CUT_OFF, error: safeError(error) },
        'an answer was cut off',
      ),
    )
  }

const refuseMethod = (path: string, routes: readonly BoundRoute[]): RequestHandler => {
  const methods = routes.map(({ method }) => method)
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')
  return (request, response) => {
    exchangeOf(request).route = path
    if (request.method !== 'OPTIONS') throw new HttpProblem('http.method_not_allowed', { headers: { Allow: allow } })
    response.setHeader('Allow', allow)
    response.writeHead(204).end()
  }
}

const fail = (error: unknown, exchange: Exchange, { errors, logger }: AppOptions): void => {
  // A client that has gone gets no answer, and its half a body is nobody's error.
  if (exchange.response.destroyed) return
  const problem = problemOf(error, errors)
  if (!(problem.code in errors) || problem.code === 'platform.internal') {
    logger.error({ requestId: exchange.requestId, route: exchange.route, error: safeError(error) }, 'request failed')
  }
  sendProblem(exchange, problem, errors)
}
