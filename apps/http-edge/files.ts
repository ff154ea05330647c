import { fileURLToPath } from 'node:url'
import express, { type RequestHandler } from 'express'
import { pagePolicy } from '#libs/http/security-headers.ts'
import { realtimeAddress } from './realtime-address.ts'

/** The player's library as npm brings it, under a name of its own. */
const player = { path: '/vendor/hls.js', file: fileURLToPath(import.meta.resolve('hls.js/dist/hls.light.min.mjs')) }

const webFolder = fileURLToPath(new URL('../web/public/', import.meta.url))

/**
 * The web page. Its files keep their names from release to release, so browsers ask each time whether theirs is still the
 * one (ETag), and never run a mix of two releases for longer than a load.
 */
export const webFiles = (publicRealtimeUrl: string): RequestHandler => {
  const page = pageFiles(publicRealtimeUrl)
  return (request, response, next) => {
    if (request.path !== player.path) return page(request, response, next)
    response.sendFile(player.file, { headers: { 'Cache-Control': 'no-cache', 'Content-Type': 'text/javascript' } })
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
