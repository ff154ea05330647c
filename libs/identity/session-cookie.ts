/**
 * The cookie that holds a session's secret; both edges read it. Over TLS its name binds it to this very host and to no
 * path (RFC 6265bis, section 4.1.3.2); browsers take that name over TLS only, so on bare http it is a plain one.
 */
export const sessionCookieName = (secure: boolean): string => (secure ? '__Host-whiply_session' : 'whiply_session')

/** How long a session lasts from login. */
export const SESSION_LIFETIME_MS = 30 * 24 * 60 * 60_000
