import type { ServerResponse } from 'node:http'

/** For everything but pages: nothing here is to be rendered, framed or sniffed. */
export const apiHeaderFields = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cache-Control': 'no-store',
} as const

export const apiHeaders = (response: ServerResponse): void => {
  for (const [name, value] of Object.entries(apiHeaderFields)) response.setHeader(name, value)
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
