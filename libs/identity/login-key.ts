import { readCookie } from '#libs/http/cookie.ts'
import { tokenKindOf } from '#libs/vault/token-text.ts'

/**
 * The login key in a `Cookie` header: older bots of destiny.gg-style communities show who they are by the cookie
 * `authtoken`. Undefined for whatever is no login key of this platform, a token of another kind too.
 */
export const loginKeyIn = (cookies: string | undefined): string | undefined => {
  const given = readCookie(cookies, 'authtoken')
  return given !== undefined && tokenKindOf(given) === 'login_key' ? given : undefined
}
