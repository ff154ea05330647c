import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { HttpProblem, problemDocument } from '#libs/http/problem.ts'
import { safeError } from '#libs/http/safe-error.ts'
import { ObjectStoreError } from '#libs/journal/objects.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import { errors } from '../errors.ts'

/** Pages of anywhere may play what they can reach: there is no cookie to it. */
export const openToAll = [
  ...['Access-Control-Allow-Origin', '*', 'Cross-Origin-Resource-Policy', 'cross-origin'],
  ...['X-Content-Type-Options', 'nosniff', 'Timing-Allow-Origin', '*'],
] as const

/** Answers with the problem instead of media, or cuts off what was begun. */
export type RefuseMedia = (response: ServerResponse, error: unknown) => void

/** Players ask many times a second: one line tells of all answers of a code in so long. */
const TELL_MS = 1_000

/** Whoever asked has gone; nobody else is at fault. */
const isTheirEnd = (error: unknown): boolean =>
  ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE'].includes(String((error as { code?: unknown } | null)?.code))

const problemOf = (error: unknown): HttpProblem => {
  if (error instanceof HttpProblem) return error
  const code = error instanceof ObjectStoreError ? 'playback.unavailable' : 'platform.internal'
  return new HttpProblem(code, { cause: error })
}

/** What failed on the side of the platform stands in the log once, with its code and what the first of them was caused by. */
export const createRefusal = (logger: Pick<Logger, 'warn' | 'error'>): RefuseMedia => {
  const untold = new Map<string, { readonly first: unknown; readonly requestId: string; requests: number }>()

  const tell = (): void => {
    for (const [code, { first, requestId, requests }] of untold)
      logger[code === 'platform.internal' ? 'error' : 'warn'](
        { code, requests, requestId, error: safeError(first) },
        'media could not be served',
      )
    untold.clear()
  }

  const note = (code: string, problem: HttpProblem, requestId: string): void => {
    if (untold.size === 0) setTimeout(tell, TELL_MS).unref()
    const known = untold.get(code)
    if (known) known.requests++
    else untold.set(code, { first: problem.cause ?? problem, requestId, requests: 1 })
  }

  return (response, error) => {
    const requestId = randomUUID()
    const problem = problemOf(error)
    if (response.headersSent) {
      if (!isTheirEnd(error)) note('http.cut_off', problem, requestId)
      response.destroy()
      return
    }
    const document = problemDocument(problem, errors, requestId)
    if (document.status >= 500) note(document.code, problem, requestId)
    if (response.destroyed) return
    const body = JSON.stringify(document)
    const headers = ['Content-Type', 'application/problem+json', 'Content-Length', String(Buffer.byteLength(body))]
    const kept = document.status === 404 ? 'public, max-age=1' : 'no-store'
    response
      .writeHead(document.status, [
        ...openToAll,
        ...headers,
        ...['Cache-Control', kept],
        ...Object.entries(problem.headers).flat(),
        ...(document.status === 503 ? ['Retry-After', '1'] : []),
      ])
      .end(body)
  }
}
