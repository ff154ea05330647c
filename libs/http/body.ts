import type { IncomingMessage } from 'node:http'
import { parseStrictJson } from './json.ts'
import { HttpProblem } from './problem.ts'

/** Of a JSON body, where its route says nothing else. */
export const usualBodyBytes = 16_384

const jsonType = /^application\/(?:[\w.+-]+\+)?json\s*(?:;\s*charset=("?)utf-8\1\s*)?$/i

/**
 * Reads a JSON body of at most `limitBytes`. Throws `http.unsupported_media_type`, `http.body_too_large` or
 * `http.malformed_json`; an absent body is `undefined`.
 */
export const readJsonBody = async (request: IncomingMessage, limitBytes: number): Promise<unknown> => {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > limitBytes) throw tooLarge(limitBytes)
  if (announced === 0 && request.headers['transfer-encoding'] === undefined) return undefined
  if (request.headers['content-encoding'] !== undefined || !jsonType.test(request.headers['content-type'] ?? '')) {
    throw new HttpProblem('http.unsupported_media_type')
  }
  const bytes = await readAll(request, limitBytes)
  return bytes.length === 0 ? undefined : parseStrictJson(bytes)
}

/**
 * Reads a body of one of these media types, of at most `limitBytes` bytes. Throws `http.unsupported_media_type` or
 * `http.body_too_large`.
 */
export const readUpload = async (
  request: IncomingMessage,
  types: readonly string[],
  limitBytes: number,
): Promise<Buffer> => {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw tooLarge(limitBytes)
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (request.headers['content-encoding'] !== undefined || !types.includes(type)) {
    throw new HttpProblem('http.unsupported_media_type')
  }
  return readAll(request, limitBytes)
}

/** By events, since to leave a loop over the request would destroy the socket that the answer has to go over. */
const readAll = (request: IncomingMessage, limitBytes: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limitBytes) chunks.push(chunk)
      else {
        request.pause()
        reject(tooLarge(limitBytes))
      }
    })
    request.once('end', () => resolve(Buffer.concat(chunks)))
    request.once('error', reject)
  })

/** The connection ends with the answer: what is left of the body is not read. */
const tooLarge = (limitBytes: number): HttpProblem =>
  new HttpProblem('http.body_too_large', { detail: { limitBytes }, headers: { connection: 'close' } })
