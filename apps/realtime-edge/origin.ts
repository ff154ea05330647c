/**
 * Whether a handshake's origin may use the cookies that came with it. Browsers always name the page's origin; what names
 * none is no browser, and brings no cookie of a person by accident.
 *
 * The same host counts whatever the port, since the page and the live edge have ports of their own.
 */
export const originAllowed = (
  origin: string | undefined,
  host: string | undefined,
  allowed: ReadonlySet<string>,
): boolean => {
  if (origin === undefined) return true
  if (allowed.has(origin)) return true
  if (host === undefined || !URL.canParse(origin)) return false
  const own = `http://${host}`
  return URL.canParse(own) && new URL(origin).hostname === new URL(own).hostname
}
