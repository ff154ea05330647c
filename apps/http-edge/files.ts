import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { RequestHandler } from 'express'
import { isFresh } from '#libs/http/conditional.ts'
import { pagePolicy } from '#libs/http/security-headers.ts'
import { realtimeAddress } from './realtime-address.ts'

/** Libraries of the page as npm brings them, under names of their own: the player's, and the one that draws QR codes. */
const libraries: ReadonlyMap<string, string> = new Map(
  [
    ['/vendor/hls.js', 'hls.js/dist/hls.light.min.mjs'],
    ['/vendor/qr.js', 'qr'],
  ].map(([path = '', library = '']) => [path, fileURLToPath(import.meta.resolve(library))]),
)

const webFolder = new URL('../web/public/', import.meta.url)

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Names that files of the page have: nothing hidden, and no way out of their folder. */
const filePath = /^\/(?:[a-z0-9-]+\/)*[a-z0-9-]+\.[a-z]+$/

type PageFile = {
  readonly version: string
  readonly contentType: string
  /** Of its bytes, however they are sent: told as a weak one. */
  readonly etag: string
  readonly plain: Buffer
  readonly packed: Buffer
}

const placeOf = (path: string): string | undefined =>
  libraries.get(path) ?? (filePath.test(path) ? fileURLToPath(new URL(`.${path}`, webFolder)) : undefined)

const read = async (place: string, path: string, version: string): Promise<PageFile> => {
  const plain = await readFile(place)
  return {
    version,
    contentType: contentTypes[extname(path)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 27)}"`,
    plain,
    packed: await promisify(gzip)(plain),
  }
}

/** Files as they were read last: a page begins with some eighty of them. What has changed on the disk is read again. */
const createFiles = () => {
  const known = new Map<string, PageFile>()
  return async (path: string): Promise<PageFile | undefined> => {
    const place = placeOf(path)
    const found = place === undefined ? undefined : await stat(place).catch(() => undefined)
    if (place === undefined || !found?.isFile()) return undefined
    const version = `${found.mtimeMs} ${found.size}`
    const before = known.get(path)
    if (before?.version === version) return before
    const file = await read(place, path, version)
    known.set(path, file)
    return file
  }
}

/**
 * The web page. Its files keep their names from release to release, so browsers ask each time whether theirs is still the
 * one (ETag), and never run a mix of two releases for longer than a load.
 */
export const webFiles = (publicRealtimeUrl: string): RequestHandler => {
  const find = createFiles()
  return async (request, response, next) => {
    const { method, path, headers } = request
    const file = method === 'GET' || method === 'HEAD' ? await find(path === '/' ? '/index.html' : path) : undefined
    if (!file) return next()
    response.setHeader('Cache-Control', 'no-cache')
    response.setHeader('Content-Security-Policy', pagePolicy([realtimeAddress(publicRealtimeUrl, headers.host)]))
    response.setHeader('ETag', `W/${file.etag}`)
    response.setHeader('Vary', 'Accept-Encoding')
    if (isFresh(headers['if-none-match'], file.etag)) {
      response.writeHead(304).end()
      return
    }
    const isPacked = request.acceptsEncodings('gzip') !== false
    const body = isPacked ? file.packed : file.plain
    if (isPacked) response.setHeader('Content-Encoding', 'gzip')
    response.writeHead(200, { 'Content-Type': file.contentType, 'Content-Length': body.length })
    response.end(method === 'HEAD' ? undefined : body)
  }
}
