import type { ServerResponse } from 'node:http'

/** For everything but pages: nothing here is to be rendered, framed or sniffed. */
export const apiHeaders = (response: ServerResponse): void => {
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('Referrer-Policy', 'no-referrer')
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'")
  response.setHeader('Cache-Control', 'no-store')
}

/**
 * The policy of pages: their own scripts, styles and images, nothing inline, nothing from elsewhere. `connect` are the
 * origins of live sockets, which are not 'self' since they have a port of their own.
 */
export const pagePolicy = (connect: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    `connect-src ${["'self'", ...connect].join(' ')}`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
