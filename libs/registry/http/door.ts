import { randomUUID } from 'node:crypto'
import type { RequestListener } from 'node:http'
import type { Sql } from 'postgres'
import { logAnswer } from '#libs/http/access-log.ts'
import { readJsonBody } from '#libs/http/body.ts'
import type { Exchange } from '#libs/http/exchange.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { safeError } from '#libs/http/safe-error.ts'
import { apiHeaders } from '#libs/http/security-headers.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import { badRequest, bodyTooLarge, internal, RegistryError, storeAway, wrongMediaType } from '../errors.ts'
import { matchRoute } from './match.ts'
import { answerType } from './media-type.ts'
import { RawText } from './reply.ts'
import { registryRoutes } from './routes.ts'

/** Bytes of a body: a schema of the greatest length with every character escaped once, and its references. */
const BODY_LIMIT = 1_000_000

export type RegistryDoorOptions = {
  readonly sql: Sql
  /** Bounds what is asked of Postgres at once, and for how long. */
  readonly guard: <T>(work: () => Promise<T>) => Promise<T>
  readonly logger: Logger
}

/** Answers the registry's API. Every answer is JSON, errors too: `{"error_code":40401,"message":"…"}`. */
export const registryDoor =
  (options: RegistryDoorOptions): RequestListener =>
  async (request, response) => {
    const exchange: Exchange = {
      request,
      response,
      requestId: randomUUID(),
      address: request.socket.remoteAddress ?? '',
      origin: 'none',
      startedAt: performance.now(),
      route: 'none',
      traceparent: undefined,
      code: undefined,
      streaming: false,
      // It counts no requests under way.
      leave: () => {},
    }
    response.once('close', () => logAnswer(exchange, options.logger))
    apiHeaders(response)
    try {
      const type = answerType(request.headers.accept)
      const reply = await answer(exchange, options)
      send(exchange, 200, type, reply instanceof RawText ? reply.text : JSON.stringify(reply))
    } catch (error) {
      refuse(exchange, error, options.logger)
    }
  }

const answer = async (exchange: Exchange, { sql, guard }: RegistryDoorOptions): Promise<unknown> => {
  const { request } = exchange
  const [path = '', search = ''] = (request.url ?? '').split(/\?(.*)/s)
  const { route, params } = matchRoute(registryRoutes, request.method ?? '', path)
  exchange.route = route.path
  const takesBody = route.method === 'POST' || route.method === 'PUT'
  const body = takesBody ? await readJsonBody(request, BODY_LIMIT) : undefined
  return guard(() => route.handle({ params, query: new URLSearchParams(search), body }, sql))
}

const send = ({ request, response }: Exchange, status: number, type: string, text: string): void => {
  if (response.headersSent || response.destroyed) return
  const bytes = Buffer.from(text)
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': bytes.length })
  response.end(request.method === 'HEAD' ? undefined : bytes)
}

const refuse = (exchange: Exchange, error: unknown, logger: Logger): void => {
  const refused = refusalOf(error)
  exchange.code = `registry.${refused.errorCode}`
  if (refused.status >= 500) logger.error({ requestId: exchange.requestId, error: safeError(error) }, 'request failed')
  if (refused.errorCode === 413) exchange.response.setHeader('Connection', 'close')
  const document = { error_code: refused.errorCode, message: refused.message }
  send(exchange, refused.status, 'application/vnd.schemaregistry.v1+json', JSON.stringify(document))
}

/** What the kit refuses, in the registry's numbers. */
const refusalOf = (error: unknown): RegistryError => {
  if (error instanceof RegistryError) return error
  if (!(error instanceof HttpProblem)) return internal()
  switch (error.code) {
    case 'http.body_too_large':
      return bodyTooLarge(BODY_LIMIT)
    case 'http.unsupported_media_type':
      return wrongMediaType()
    case 'platform.unavailable':
    case 'platform.busy':
      return storeAway()
    default:
      return badRequest(error.message || 'its body is not JSON')
  }
}
