/**
 * The cookie that holds a session's secret; both edges read it. Over TLS its name binds it to this very host and to no
 * path (RFC 6265bis, section 4.1.3.2); browsers take that name over TLS only, so on bare http it is a plain one.
 */
export const sessionCookieName = (secure: boolean): string => (secure ? '__Host-whiply_session' : 'whiply_session')

/** The cookie by which a device is known again when somebody logs in from it. */
export const deviceCookieName = (secure: boolean): string => (secure ? '__Host-whiply_device' : 'whiply_device')

/**
 * Whether cookies go in clear over a network: the address under which people come is bare http, and not this very
 * machine's own.
 */
export const isInClear = (publicUrl: string): boolean => {
  const { protocol, hostname } = new URL(publicUrl)
  return protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}

/** How long a session lasts from login. */
export const SESSION_LIFETIME_MS = 30 * 24 * 60 * 60_000
