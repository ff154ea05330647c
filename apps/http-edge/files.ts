import { fileURLToPath } from 'node:url'
import express, { type RequestHandler } from 'express'
import { pagePolicy } from '#libs/http/security-headers.ts'
import { realtimeAddress } from './realtime-address.ts'

/** Libraries of the page as npm brings them, under names of their own: the player's, and the one that draws QR codes. */
const libraries: ReadonlyMap<string, string> = new Map(
  [
    ['/vendor/hls.js', 'hls.js/dist/hls.light.min.mjs'],
    ['/vendor/qr.js', 'qr'],
  ].map(([path = '', library = '']) => [path, fileURLToPath(import.meta.resolve(library))]),
)

const webFolder = fileURLToPath(new URL('../web/public/', import.meta.url))

/**
 * The web page. Its files keep their names from release to release, so browsers ask each time whether theirs is still the
 * one (ETag), and never run a mix of two releases for longer than a load.
 */
export const webFiles = (publicRealtimeUrl: string): RequestHandler => {
  const page = pageFiles(publicRealtimeUrl)
  return (request, response, next) => {
    const library = libraries.get(request.path)
    if (library === undefined) return page(request, response, next)
    response.sendFile(library, { headers: { 'Cache-Control': 'no-cache', 'Content-Type': 'text/javascript' } })
  }
}

const pageFiles = (publicRealtimeUrl: string): RequestHandler =>
  express.static(webFolder, {
    dotfiles: 'ignore',
    redirect: false,
    setHeaders: (response) => {
      response.setHeader('Cache-Control', 'no-cache')
      response.setHeader(
        'Content-Security-Policy',
        pagePolicy([realtimeAddress(publicRealtimeUrl, response.req.headers.host)]),
      )
    },
  })
