import { Agent, get, type IncomingMessage } from 'node:http'
import { HttpProblem } from '#libs/http/problem.ts'

/** What an ingest app answered. */
export type OriginAnswer = {
  readonly status: number
  readonly contentType: string
  readonly maxAgeSeconds: number
  readonly body: Buffer
}

/** Asks an ingest app. Throws `playback.unavailable` where it is away, `playback.late` where it takes too long. */
export type FetchOrigin = (url: string) => Promise<OriginAnswer>

/** An ingest app lets nobody wait for longer than three target durations. */
const LONGEST_MS = 8_000
/** A segment of the highest bitrate that is taken in is far below. */
const MOST_BYTES = 64 << 20
/** As many as may be under way: who waits for what is to come holds one, and nobody is to wait for that. */
const MOST_SOCKETS = 2_000

const answerOf = async (response: IncomingMessage): Promise<OriginAnswer> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response) {
    bytes += (chunk as Buffer).length
    if (bytes > MOST_BYTES) throw new HttpProblem('playback.unavailable')
    chunks.push(chunk as Buffer)
  }
  const [, maxAge = '0'] = /max-age=(\d{1,6})/.exec(response.headers['cache-control'] ?? '') ?? []
  return {
    status: response.statusCode ?? 500,
    contentType: response.headers['content-type'] ?? 'application/octet-stream',
    maxAgeSeconds: Number(maxAge),
    body: Buffer.concat(chunks, bytes),
  }
}

/** Connections to ingest apps, kept open. */
export const openOrigins = (): { readonly fetch: FetchOrigin; readonly close: () => void } => {
  const agent = new Agent({ keepAlive: true, maxSockets: MOST_SOCKETS, scheduling: 'lifo' })
  const respond = (url: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const request = get(url, { agent, signal: AbortSignal.timeout(LONGEST_MS) }, resolve)
      request.once('error', reject)
    })
  return {
    fetch: async (url) => {
      try {
        return await answerOf(await respond(url))
      } catch (error) {
        if (error instanceof HttpProblem) throw error
        const isLate = (error as Error).name === 'TimeoutError' || (error as Error).name === 'AbortError'
        throw new HttpProblem(isLate ? 'playback.late' : 'playback.unavailable', { cause: error })
      }
    },
    close: () => agent.destroy(),
  }
}
