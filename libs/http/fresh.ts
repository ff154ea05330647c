import { HttpProblem } from './problem.ts'
import type { Caller } from './route.ts'

/** For so long it is enough that somebody showed who they are. */
export const freshMs = 10 * 60_000

/** Throws `http.reauthentication_required` where that is too long ago, with the challenge of RFC 9470, section 3. */
export const requireFresh = ({ authenticatedAt }: Pick<Caller, 'authenticatedAt'>, now: number): void => {
  if (authenticatedAt !== undefined && now - authenticatedAt <= freshMs) return
  const maxAge = freshMs / 1000
  throw new HttpProblem('http.reauthentication_required', {
    detail: { maxAgeSeconds: maxAge },
    headers: { 'WWW-Authenticate': `Bearer error="insufficient_user_authentication", max_age="${maxAge}"` },
  })
}
