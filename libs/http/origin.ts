/** Whose a page is that asks; `none` where no page does. */
export type Origin = 'own' | 'allowed' | 'foreign' | 'none'

/** Tells whether a page of this origin may use the API from a browser. */
export type OriginCheck = (origin: string | undefined, host: string | undefined) => Origin

/** Whether a page may read the answers to what it asks. */
export const mayRead = (origin: Origin): boolean => origin === 'own' || origin === 'allowed'

/**
 * `allowed` are exact origins, `https://app.example.org` (`ALLOWED_ORIGINS`). A page's own origin is the one whose host
 * is the request's own Host: a browser lets no page set either of the two headers.
 */
export const originCheck = (allowed: readonly string[]): OriginCheck => {
  const known = new Set(allowed)
  return (origin, host) => {
    if (origin === undefined) return 'none'
    if (known.has(origin)) return 'allowed'
    return URL.canParse(origin) && new URL(origin).host === host ? 'own' : 'foreign'
  }
}
