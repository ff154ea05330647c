/** The value of a cookie in a Cookie header (RFC 6265, section 4.2.1); of two with one name the first. */
export const readCookie = (header: string | undefined, name: string): string | undefined => {
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=')
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim()
  }
  return undefined
}

/**
 * A cookie that no script reads, and that no write of another site brings along. `maxAgeSeconds` 0 deletes it. `secure` wherever the page comes
 * over TLS.
 */
export const writeCookie = (
  name: string,
  value: string,
  options: {
    readonly maxAgeSeconds: number
    readonly secure: boolean
    readonly path: string
    readonly sameSite: 'Lax' | 'Strict'
  },
): string =>
  [
    `${name}=${value}`,
    `Path=${options.path}`,
    `Max-Age=${options.maxAgeSeconds}`,
    'HttpOnly',
    `SameSite=${options.sameSite}`,
    ...(options.secure ? ['Secure'] : []),
  ].join('; ')
