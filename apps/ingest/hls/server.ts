import { randomUUID } from 'node:crypto'
import type { RequestListener, ServerResponse } from 'node:http'
import { safeError } from '#libs/http/safe-error.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import type { LiveStream } from '../live-stream.ts'
import { answerHls, type HlsAnswer } from './answer.ts'
import { askedOf, directivesOf } from './asked.ts'
import { type Previews, previewSeconds } from './previews.ts'
import { refusal } from './refusal.ts'

/** The stream of a channel; undefined where it is not live here. */
export type FindStream = (channelId: string) => LiveStream | undefined

/** Three target durations (RFC 8216bis, section 6.2.5.2). */
const LONGEST_WAIT_MS = 6_000
/** With the id of the broadcast, where an answer of another one would be wrong. */
const path = /^\/live\/(\d{1,16})\/(?:([0-9a-f-]{36})\/)?((?:\d{3,4}p\/)?[a-z0-9.-]{1,64})$/

const send = (response: ServerResponse, { status, contentType, body, maxAgeSeconds }: HlsAnswer, headOnly: boolean) => {
  response.writeHead(status, {
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': maxAgeSeconds > 0 ? `public, max-age=${maxAgeSeconds}` : 'no-store',
    'Access-Control-Allow-Origin': '*',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'cross-origin',
  })
  response.end(headOnly ? undefined : body)
}

const PREVIEW = 'preview.jpg'

const previewAnswer = async (previews: Previews, stream: LiveStream): Promise<HlsAnswer> => {
  const picture = await previews(stream)
  return picture
    ? { status: 200, contentType: 'image/jpeg', body: picture, maxAgeSeconds: previewSeconds }
    : refusal('playback.not_found')
}

/** Serves `/live/{channelId}/…`: playlists, media and a picture of who is live. */
export const serveHls =
  (find: FindStream, previews: Previews, logger: Pick<Logger, 'error'>): RequestListener =>
  (request, response) => {
    const url = URL.parse(request.url ?? '/', 'http://ingest')
    const [, channelId = '', broadcastId, file = ''] = path.exec(url?.pathname ?? '') ?? []
    const headOnly = request.method === 'HEAD'
    const found = find(channelId)
    const stream = broadcastId === undefined || found?.broadcastId === broadcastId ? found : undefined
    const fail = (error: unknown): void => {
      const requestId = randomUUID()
      logger.error({ code: 'platform.internal', requestId, error: safeError(error) }, 'media could not be served')
      if (response.headersSent) response.destroy()
      else send(response, refusal('platform.internal', requestId), headOnly)
    }
    if (stream && file === PREVIEW) {
      previewAnswer(previews, stream)
        .then((answer) => send(response, answer, headOnly))
        .catch(fail)
      return
    }
    const asked = askedOf(file)
    if (!url || !stream || !asked || (request.method !== 'GET' && !headOnly)) {
      send(response, refusal('playback.not_found'), headOnly)
      return
    }
    const directives = directivesOf(url.searchParams)
    if (!directives) {
      send(response, refusal('playback.unclear'), headOnly)
      return
    }
    const gone = new AbortController()
    const timer = setTimeout(() => gone.abort(), LONGEST_WAIT_MS)
    response.once('close', () => gone.abort())
    const finish = (answer: HlsAnswer): void => {
      clearTimeout(timer)
      if (!response.destroyed) send(response, answer, headOnly)
    }
    answerHls(stream, asked, directives, gone.signal).then(finish).catch(fail)
  }
