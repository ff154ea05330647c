/** The cookie that holds a session's secret; both edges read it. */
export const SESSION_COOKIE = 'whiply_session'

/** How long a session lasts from login. */
export const SESSION_LIFETIME_MS = 30 * 24 * 60 * 60_000
