import { decideAccess } from '#libs/access/rule.ts'
import { requireFresh } from './fresh.ts'
import { HttpProblem } from './problem.ts'
import type { BoundRoute, Caller } from './route.ts'
import { requireScope } from './scope.ts'

export type Admission = {
  /** Told of everybody who was refused what they may not do, before anything was read. */
  readonly refused?: (caller: Caller, refused: { readonly operation: string; readonly code: string }) => void
}

/** With which somebody is told that they may not, as they are now. */
const refusals: ReadonlySet<string> = new Set([
  'http.forbidden',
  'http.second_factor_required',
  'http.insufficient_scope',
  'http.reauthentication_required',
])

/** Throws where somebody may not use a route, as far as its door knows. What they are in a channel the channel decides. */
export const admit = (route: BoundRoute, caller: Caller | undefined, { refused }: Admission): void => {
  try {
    if (caller) checkCaller(route, caller)
    checkAccess(route, caller)
  } catch (error) {
    if (caller && error instanceof HttpProblem && refusals.has(error.code))
      refused?.(caller, { operation: route.id, code: error.code })
    throw error
  }
}

const checkCaller = (route: BoundRoute, caller: Caller): void => {
  requireScope(caller, route.scopes)
  if (caller.mustChangePassword && route.auth === 'account') throw new HttpProblem('http.password_change_required')
  if (route.fresh) requireFresh(caller, Date.now())
}

/** Before anything is read. What somebody is in a channel is not known here: the channel decides that. */
const checkAccess = ({ access }: BoundRoute, caller: Caller | undefined): void => {
  const verdict = decideAccess(access, { signedIn: caller !== undefined, platformRole: caller?.platformRole })
  if (verdict === 'unauthenticated') throw new HttpProblem('http.unauthenticated')
  if (verdict === 'forbidden')
    throw new HttpProblem(isHeldBack(access, caller) ? 'http.second_factor_required' : 'http.forbidden')
}

/** Whether two factors are all that somebody of staff is wanting. */
const isHeldBack = (access: BoundRoute['access'], caller: Caller | undefined): boolean =>
  caller?.heldBackRole !== undefined &&
  decideAccess(access, { signedIn: true, platformRole: caller.heldBackRole }) === 'allowed'
