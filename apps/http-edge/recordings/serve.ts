import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { PlaybackTokens } from '#libs/broadcast/playback-tokens.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import type { ObjectStore } from '#libs/journal/objects.ts'
import { initFile, pieceFile } from '#libs/media/recording/piece.ts'
import { recordingPlaylist } from '#libs/media/recording/playlist.ts'
import { withToken } from '../media/playlist-token.ts'
import { openToAll, type RefuseMedia } from '../media/refusal.ts'
import { createDownloads, type Downloads } from './download.ts'
import { createRecordingFiles } from './files.ts'
import type { Library, Shelved } from './library.ts'

export type RecordedMediaOptions = {
  readonly library: Library
  readonly tokens: Pick<PlaybackTokens, 'isGood'>
  readonly objects: Pick<ObjectStore, 'get'>
  readonly refuse: RefuseMedia
}

type Asked = {
  readonly kind: 'vods' | 'clips'
  readonly id: string
  readonly file: string
  readonly token: string | undefined
}

/** Names of objects, none of which begins with a dot. */
const path = /^\/media\/(vods|clips)\/([0-9a-f-]{36})\/((?:[A-Za-z0-9_-]{1,40}\/)?[A-Za-z0-9_-][A-Za-z0-9_.-]{0,119})$/

const askedOf = (url: string): Asked | undefined => {
  const [where = '', query] = url.split('?')
  const match = path.exec(where)
  if (!match) return undefined
  const token = new URLSearchParams(query).get('token') ?? undefined
  return { kind: match[1] === 'clips' ? 'clips' : 'vods', id: match[2] ?? '', file: match[3] ?? '', token }
}

const types: Readonly<Record<string, string>> = {
  m4s: 'video/mp4',
  mp4: 'video/mp4',
  jpg: 'image/jpeg',
  vtt: 'text/vtt',
}
const PLAYLIST = 'application/vnd.apple.mpegurl'
/** What is named by its number never changes; for a day a deleted recording may lie in caches on the way. */
const MEDIA_SECONDS = 86_400
/** Of a picture that is not there yet, and of a playlist that may grow or go. */
const SOON_SECONDS = 1
const PLAYLIST_SECONDS = 60

/** The token by which it may be had, undefined where none is needed. Throws where it may not. */
const admitted = ({ audience, id }: Shelved, token: string | undefined, tokens: RecordedMediaOptions['tokens']) => {
  if (audience === 'everybody') return undefined
  if (token === undefined) throw new HttpProblem('playback.token_needed')
  if (!tokens.isGood(token, { id, audience })) throw new HttpProblem('playback.token_invalid')
  return token
}

const send = (
  request: IncomingMessage,
  response: ServerResponse,
  contentType: string,
  body: Buffer,
  cacheControl: string,
): void => {
  if (response.destroyed) return
  response
    .writeHead(200, [
      ...openToAll,
      ...['Content-Type', contentType, 'Content-Length', String(body.length), 'Cache-Control', cacheControl],
    ])
    .end(request.method === 'HEAD' ? undefined : body)
}

/**
 * Serves `/media/vods/…` and `/media/clips/…` from the object store, before express. Everything else goes on to the
 * application.
 */
export const serveRecordings = (
  { library, tokens, objects, refuse }: RecordedMediaOptions,
  application: RequestListener,
): RequestListener => {
  const downloads: Downloads = createDownloads(createRecordingFiles(objects), openToAll)

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') throw new HttpProblem('http.method_not_allowed')
    const asked = askedOf(request.url ?? '')
    const shelved = asked && (await library.find(asked.kind, asked.id))
    if (!asked || !shelved) throw new HttpProblem('playback.not_found')
    const { file } = asked
    const token = admitted(shelved, asked.token, tokens)
    const scope = token === undefined ? 'public' : 'private'
    if (file === 'index.m3u8') {
      const pieces = await library.pieces(shelved)
      if (pieces.length === 0) throw new HttpProblem('playback.not_found')
      const { isFinished } = shelved
      const text = recordingPlaylist({
        pieces,
        isFinished,
        address: (name) => name,
        initOf: ({ take, init }) => initFile(take, init),
        fileOf: pieceFile,
      })
      const body = Buffer.from(token === undefined ? text : withToken(text, token))
      const seconds = isFinished ? PLAYLIST_SECONDS : SOON_SECONDS
      return send(request, response, PLAYLIST, body, `${scope}, max-age=${seconds}`)
    }
    if (file === 'download.mp4') {
      const pieces = await library.pieces(shelved)
      return downloads.send({ folder: shelved.folder, pieces, fileName: `${asked.id}.mp4` }, request, response)
    }
    const contentType = types[file.slice(file.lastIndexOf('.') + 1)]
    const bytes = contentType && (await objects.get(shelved.folder + file))
    if (!contentType || !bytes) throw new HttpProblem('playback.not_found')
    const isText = contentType === 'text/vtt' && token !== undefined
    const body = isText ? Buffer.from(bytes.toString().replaceAll('.jpg#', `.jpg?token=${token}#`)) : bytes
    send(request, response, contentType, body, `${scope}, max-age=${MEDIA_SECONDS}, immutable`)
  }

  return (request, response) => {
    if (!request.url?.startsWith('/media/')) {
      application(request, response)
      return
    }
    serve(request, response).catch((error: unknown) => refuse(response, error))
  }
}
