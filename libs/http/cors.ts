import type { IncomingMessage, ServerResponse } from 'node:http'

const exposed = 'Position, ETag, Location, Retry-After, Date, X-Request-Id'
const accepted =
  'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Min-Position, Traceparent, X-CSRF-Token'

/** What lets a page of this origin read an answer. */
export const corsFields = (origin: string) =>
  ({
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Expose-Headers': exposed,
  }) as const

/**
 * Lets pages of an allowed origin call the API, cookie included (Fetch, section 3.3).
 * @returns true where the request was a preflight and has been answered.
 */
export const answerCors = (request: IncomingMessage, response: ServerResponse, allowed: boolean): boolean => {
  response.appendHeader('Vary', 'Origin')
  if (!allowed || request.headers.origin === undefined) return false
  for (const [name, value] of Object.entries(corsFields(request.headers.origin))) response.setHeader(name, value)
  if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return false
  response.setHeader('Access-Control-Allow-Methods', 'GET, POST, PUT, PATCH, DELETE')
  response.setHeader('Access-Control-Allow-Headers', accepted)
  response.setHeader('Access-Control-Max-Age', '600')
  response.writeHead(204).end()
  return true
}
