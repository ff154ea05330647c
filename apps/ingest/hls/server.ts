import type { RequestListener, ServerResponse } from 'node:http'
import type { LiveStream } from '../live-stream.ts'
import { answerHls, type HlsAnswer } from './answer.ts'
import { askedOf, directivesOf } from './asked.ts'
import { type Previews, previewSeconds } from './previews.ts'

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

const refusal = (status: 400 | 404, body: string): HlsAnswer => ({
  status,
  contentType: 'text/plain',
  body,
  maxAgeSeconds: 0,
})

const PREVIEW = 'preview.jpg'

const previewAnswer = async (previews: Previews, stream: LiveStream): Promise<HlsAnswer> => {
  const picture = await previews(stream)
  return picture
    ? { status: 200, contentType: 'image/jpeg', body: picture, maxAgeSeconds: previewSeconds }
    : refusal(404, 'There is no picture.\n')
}

/** Serves `/live/{channelId}/…`: playlists, media and a picture of who is live. */
export const serveHls =
  (find: FindStream, previews: Previews): RequestListener =>
  (request, response) => {
    const url = URL.parse(request.url ?? '/', 'http://ingest')
    const [, channelId = '', broadcastId, file = ''] = path.exec(url?.pathname ?? '') ?? []
    const headOnly = request.method === 'HEAD'
    const found = find(channelId)
    const stream = broadcastId === undefined || found?.broadcastId === broadcastId ? found : undefined
    if (stream && file === PREVIEW) {
      void previewAnswer(previews, stream).then((answer) => send(response, answer, headOnly))
      return
    }
    const asked = askedOf(file)
    if (!url || !stream || !asked || (request.method !== 'GET' && !headOnly)) {
      send(response, refusal(404, 'This channel is not live.\n'), headOnly)
      return
    }
    const directives = directivesOf(url.searchParams)
    if (!directives) {
      send(response, refusal(400, 'Directives of HLS that make no sense.\n'), headOnly)
      return
    }
    const gone = new AbortController()
    const timer = setTimeout(() => gone.abort(), LONGEST_WAIT_MS)
    response.once('close', () => gone.abort())
    const finish = (answer: HlsAnswer): void => {
      clearTimeout(timer)
      if (!response.destroyed) send(response, answer, headOnly)
    }
    answerHls(stream, asked, directives, gone.signal).then(finish, () => response.destroy())
  }
