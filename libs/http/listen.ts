import { randomUUID } from 'node:crypto'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { httpErrors } from './errors.ts'
import { plainBefore } from './plain-before.ts'
import { type PlainConnections, plainConnections } from './plain-connections.ts'
import type { PlainAnswers } from './plain-request.ts'
import { HttpProblem, problemDocument } from './problem.ts'

export type Listening = {
  readonly port: number
  /**
   * Takes no new connections, ends idle ones, lets requests under way be answered (with `Connection: close`) for
   * `graceMs`, then cuts what is left. Idempotent.
   */
  readonly close: (graceMs?: number) => Promise<void>
}

/** Listens with bounds on headers and slow clients. Rejects where the port is taken. */
export const listen = (
  handler: RequestListener,
  options: {
    readonly port: number
    readonly host?: string | undefined
    /** For a whole request to arrive, 10 s by default: less than an answer may take, so that the one who is slow is told. */
    readonly requestTimeoutMs?: number
    /** What is asked for so often that it is answered before everything else. */
    readonly plain?: PlainAnswers
  },
): Promise<Listening> => {
  const { requestTimeoutMs = 10_000, plain } = options
  const headersTimeout = Math.min(5_000, requestTimeoutMs)
  let closing: Promise<void> | undefined
  const listener = plain ? plainBefore(plain, handler) : handler
  const server = createServer(
    {
      maxHeaderSize: 16_384,
      headersTimeout,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: requestTimeoutMs / 4,
      // Node would refuse it with an empty answer.
      requireHostHeader: false,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    (request, response) => {
      if (closing) response.setHeader('Connection', 'close')
      // What was under way when closing began has promised to keep its connection.
      response.once('close', () => closing && setImmediate(() => server.closeIdleConnections()))
      if (lacksHost(request)) refuse(response, 'http.malformed_request')
      else listener(request, response)
    },
  )
  const plainly = plain && answerPlainly(server, plain, headersTimeout)
  server.on('clientError', refuseRaw)
  server.on('checkExpectation', (_request, response) => refuse(response, 'http.expectation_failed'))
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => {
      server.off('error', reject)
      resolve({
        port: (server.address() as AddressInfo).port,
        close: (graceMs = 12_000) => {
          closing ??= closeGracefully(server, plainly, graceMs)
          return closing
        },
      })
    })
  })
}

const KEEP_ALIVE_MS = 65_000

const closeGracefully = (server: Server, plainly: PlainConnections | undefined, graceMs: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.closeAllConnections()
      plainly?.destroy()
    }, graceMs)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
    server.closeIdleConnections()
    plainly?.close()
  })

/** Puts plain answers before Node's own way with a connection. */
const answerPlainly = (server: Server, plain: PlainAnswers, firstMs: number): PlainConnections => {
  const [serve] = server.listeners('connection')
  if (!serve) throw new Error('a server of Node takes connections by a listener')
  server.removeAllListeners('connection')
  const connections = plainConnections({
    plain,
    handOver: (socket, read) => {
      serve.call(server, socket)
      socket.unshift(read)
    },
    refuseSilent: (socket) => refuseRaw({ name: '', message: '', code: 'ERR_HTTP_REQUEST_TIMEOUT' }, socket),
    firstMs,
    keepAliveMs: KEEP_ALIVE_MS,
  })
  server.on('connection', connections.accept)
  return connections
}

/** RFC 9112 section 3.2: a request of HTTP/1.1 names its host, even if with nothing. */
const lacksHost = (request: IncomingMessage): boolean =>
  request.httpVersion === '1.1' && request.headers.host === undefined

const bodyOf = (code: string): { readonly status: number; readonly body: string } => {
  const problem = problemDocument(new HttpProblem(code), httpErrors, randomUUID())
  return { status: problem.status, body: JSON.stringify(problem) }
}

const refuse = (response: ServerResponse, code: string): void => {
  const { status, body } = bodyOf(code)
  response.writeHead(status, { 'Content-Type': 'application/problem+json', Connection: 'close' }).end(body)
}

/** What never became a request, by Node's code. */
const rawProblems: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: 'http.headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'http.body_timeout',
}

const refuseRaw = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const code = rawProblems[error.code ?? ''] ?? 'http.malformed_request'
  const { status, body } = bodyOf(code)
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n` +
      `Content-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
