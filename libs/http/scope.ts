import { ownerAlone, permits, type Scope } from '#libs/access/scopes.ts'
import { HttpProblem } from './problem.ts'
import type { Caller } from './route.ts'

/** Throws `http.insufficient_scope`, which names what is wanted (RFC 6750, section 3.1), where the token has none of these. */
export const requireScope = ({ scopes }: Pick<Caller, 'scopes'>, wanted: readonly Scope[] = ownerAlone): void => {
  if (permits(scopes, wanted)) return
  const scope = wanted.join(' ')
  throw new HttpProblem('http.insufficient_scope', {
    detail: { scope },
    headers: { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
  })
}
