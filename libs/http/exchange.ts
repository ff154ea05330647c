import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Origin } from './origin.ts'
import { type ErrorTable, type HttpProblem, problemDocument } from './problem.ts'
import type { ReplyStream, ResponseSpec, UntypedReply } from './route.ts'
import { apiHeaders } from './security-headers.ts'

/** One request and its answer, with what the kit knows before any route is chosen. */
export type Exchange = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly requestId: string
  readonly address: string
  readonly origin: Origin
  readonly startedAt: number
  /** The pattern of the route that answers, for logs and metrics, which never hold the path itself. */
  route: string
  /** The trace that this request is a stage of, to be handed on. */
  traceparent: string | undefined
  /** The code of the problem that was answered. */
  code: string | undefined
  /** The answer goes on: its end says nothing of how long an answer takes. */
  streaming: boolean
  /** Gives back the place among the requests under way. Idempotent. */
  readonly leave: () => void
}

/** With which the log names an answer that went on and was cut off, since its end could not be made. */
export const CUT_OFF = 'http.cut_off'

/** Sends a declared answer. `onCut` is told why one that went on was cut off. */
export const sendReply = (
  exchange: Exchange,
  reply: UntypedReply,
  spec: ResponseSpec | undefined,
  onCut: (error: unknown) => void,
): void => {
  const { response } = exchange
  if (response.headersSent || response.destroyed) return
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value)
  if (reply.stream) {
    startStream(exchange, reply.status, reply.stream, onCut)
    return
  }
  if (reply.body === undefined) {
    response.writeHead(reply.status).end()
    return
  }
  if (spec?.bytes !== undefined && Buffer.isBuffer(reply.body)) {
    send(response, reply.status, spec.bytes, reply.body)
    return
  }
  const contentType = spec?.contentType ?? 'application/json'
  const body = contentType === 'application/json' ? JSON.stringify(reply.body) : String(reply.body)
  send(response, reply.status, contentType, body)
}

/** A stream has bounds of its own, and so no place among the requests that are answered soon. */
const startStream = (
  exchange: Exchange,
  status: number,
  { contentType, run }: ReplyStream,
  onCut: (error: unknown) => void,
): void => {
  const { request, response, leave } = exchange
  response.writeHead(status, { 'Content-Type': contentType })
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  exchange.streaming = true
  leave()
  response.flushHeaders()
  const running = async (): Promise<void> => run(response)
  running().catch((error: unknown) => {
    // Whoever has gone misses nothing.
    if (!response.destroyed) {
      exchange.code = CUT_OFF
      onCut(error)
    }
    response.destroy()
  })
}

/** Sends the document of a problem. */
export const sendProblem = (exchange: Exchange, problem: HttpProblem, table: ErrorTable): void => {
  const { response, requestId } = exchange
  const document = problemDocument(problem, table, requestId)
  exchange.code = document.code
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  apiHeaders(response)
  if (document.status === 401) response.setHeader('WWW-Authenticate', 'Bearer')
  if (document.status === 503 || document.status === 507) response.setHeader('Retry-After', '1')
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value)
  send(response, document.status, 'application/problem+json', JSON.stringify(document))
}

const send = (response: ServerResponse, status: number, contentType: string, body: string | Buffer): void => {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const type = contentType.startsWith('text/') ? `${contentType}; charset=utf-8` : contentType
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': bytes.length }).end(bytes)
}
