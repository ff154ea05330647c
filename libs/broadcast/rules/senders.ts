import { type Action, may } from '#libs/access/permissions.ts'
import { isPerson, managerPrincipal, system } from '#libs/access/principal.ts'
import { type Role, roles } from '#libs/access/roles.ts'
import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import { reject } from '../errors.ts'

const isRole = (text: string | undefined): text is Role => (roles as readonly (string | undefined)[]).includes(text)

/**
 * What a person may do goes by their role in the channel, which the channel's own family holds: here it is a soft fact
 * (I9), stamped on the command by the edge.
 */
export const notAllowed = (action: Action, { principal, facts }: DecideContext): Rejection | undefined => {
  const role = isPerson(principal) && isRole(facts.role) ? facts.role : 'none'
  return may(role, action) ? undefined : reject('broadcast.forbidden', { action })
}

/** Encoders speak through the ingest app alone. */
export const notIngest = ({ principal }: DecideContext): Rejection | undefined =>
  principal === system ? undefined : reject('broadcast.forbidden', { action: 'answer_for_encoders' })

/** Only the owner's clock says that a time has come. */
export const notClock = ({ principal }: DecideContext): Rejection | undefined =>
  principal === managerPrincipal('clock') ? undefined : reject('broadcast.forbidden', { action: 'end_due' })
