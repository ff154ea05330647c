import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { BroadcastReads, Source } from '#libs/broadcast/http/edge.ts'
import type { PlaybackTokens } from '#libs/broadcast/playback-tokens.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { meters } from '#libs/telemetry/instruments.ts'
import { type Asked, askedOf } from './asked.ts'
import type { OriginAnswer } from './origin.ts'
import { withToken } from './playlist-token.ts'
import { openToAll, type RefuseMedia } from './refusal.ts'
import type { Shield } from './shield.ts'

export type MediaOptions = {
  /** Where the media of a channel's broadcast are; asked for every request, and so kept for a moment. */
  readonly source: BroadcastReads['source']
  readonly tokens: Pick<PlaybackTokens, 'isGood'>
  readonly shield: Shield
  readonly refuse: RefuseMedia
}

type Media = Extract<Asked, { kind: 'media' }>

const PLAYLIST = 'application/vnd.apple.mpegurl'
const COUNT_MS = 1000

/** Counted here first: an instrument looks its attributes up for each call. */
const createCount = () => {
  const counts = new Map<string, number>()
  const flush = (): void => {
    for (const [result, times] of counts) meters().mediaRequests.add(times, { result })
    counts.clear()
  }
  return (result: string): void => {
    if (counts.size === 0) setTimeout(flush, COUNT_MS).unref()
    counts.set(result, (counts.get(result) ?? 0) + 1)
  }
}

/** What an ingest app refuses with, as codes. */
const problemOf = ({ status }: OriginAnswer): HttpProblem => {
  if (status === 404) return new HttpProblem('playback.not_found')
  if (status === 400) return new HttpProblem('playback.unclear')
  return new HttpProblem(status === 503 ? 'playback.late' : 'playback.unavailable')
}

/** What is not for everybody is kept by nobody but the viewer. */
const cacheControl = ({ maxAgeSeconds }: OriginAnswer, isOpen: boolean): string =>
  maxAgeSeconds > 0 ? `${isOpen ? 'public' : 'private'}, max-age=${maxAgeSeconds}` : 'no-store'

const send = (
  request: IncomingMessage,
  response: ServerResponse,
  answer: OriginAnswer,
  token: string | undefined,
): void => {
  if (response.destroyed) return
  if (answer.status !== 200) throw problemOf(answer)
  const { contentType } = answer
  const body =
    token !== undefined && contentType === PLAYLIST
      ? Buffer.from(withToken(answer.body.toString(), token))
      : answer.body
  response
    .writeHead(200, [
      ...openToAll,
      ...['Content-Type', contentType, 'Content-Length', String(body.length)],
      ...['Cache-Control', cacheControl(answer, token === undefined)],
    ])
    .end(request.method === 'HEAD' ? undefined : body)
}

/** The token by which it may be watched, undefined where none is needed. Throws where it may not. */
const admitted = ({ audience }: Source, { channelId, token }: Asked, tokens: MediaOptions['tokens']) => {
  if (audience === 'everybody') return undefined
  if (token === undefined) throw new HttpProblem('playback.token_needed')
  if (!tokens.isGood(token, { id: channelId, audience })) throw new HttpProblem('playback.token_invalid')
  return token
}

const addressOf = ({ origin }: Source, { channelId, broadcastId, file, directives }: Media): string =>
  `${origin}/live/${channelId}/${broadcastId}/${file}${directives && `?${directives}`}`

/**
 * Serves `/live/…` from ingest apps, before express: live video is asked for many times a second by everybody who
 * watches. Everything else goes on to the application.
 */
export const serveMedia = (
  { source, tokens, shield, refuse }: MediaOptions,
  application: RequestListener,
): RequestListener => {
  const count = createCount()

  const find = async ({ channelId }: Asked): Promise<Source> => {
    const found = await source(channelId)
    if (!found) throw new HttpProblem('playback.not_found')
    return found
  }

  const lead = async (response: ServerResponse, asked: Extract<Asked, { kind: 'entry' }>): Promise<void> => {
    const { broadcastId } = await find(asked)
    const query = asked.token === undefined ? '' : `?token=${encodeURIComponent(asked.token)}`
    const place = `/live/${asked.channelId}/${broadcastId}/index.m3u8${query}`
    response.writeHead(307, [...openToAll, 'Location', place, 'Cache-Control', 'no-store', 'Content-Length', '0']).end()
  }

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') throw new HttpProblem('http.method_not_allowed')
    const asked = askedOf(request.url ?? '')
    if (!asked) throw new HttpProblem('playback.not_found')
    if (asked.kind === 'entry') return lead(response, asked)
    const found = await find(asked)
    if (found.broadcastId !== asked.broadcastId) throw new HttpProblem('playback.not_found')
    const token = admitted(found, asked, tokens)
    const { came, answer } = shield.get(addressOf(found, asked))
    count(came)
    send(request, response, await answer, token)
  }

  return (request, response) => {
    if (!request.url?.startsWith('/live/')) {
      application(request, response)
      return
    }
    serve(request, response).catch((error: unknown) => {
      count('refused')
      refuse(response, error)
    })
  }
}
