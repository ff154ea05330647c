import { mayOnPlatform } from '#libs/access/platform.ts'
import { isPerson, managerPrincipal, system } from '#libs/access/principal.ts'
import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import type { IdentityCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'

const forbidden = reject('identity.forbidden')
const handlesManager = managerPrincipal('handles')
const slugsManager = managerPrincipal('slugs')

/** People claim handles for themselves, before they have an account too: by the id that it will have. */
export const notClaimant = (claim: IdentityCommandOf<'ClaimHandle'>, principal: string): Rejection | undefined => {
  if (principal === system) return undefined
  const forThemselves = isPerson(principal) && principal === claim.ownerId
  return forThemselves && claim.platformRole === 'user' ? undefined : forbidden
}

/** What somebody does with what is their own. */
export const notThemselves = (accountId: string, principal: string): Rejection | undefined =>
  principal === accountId || principal === system ? undefined : forbidden

/** What only the platform itself says. */
export const notSystem = (principal: string): Rejection | undefined => (principal === system ? undefined : forbidden)

/** Only the owner's clock says that a time has come. */
export const notClock = (principal: string): Rejection | undefined =>
  principal === managerPrincipal('clock') ? undefined : forbidden

/** What follows on a claim is done by the manager of handles. */
export const notHandlesManager = (principal: string): Rejection | undefined =>
  principal === handlesManager || principal === system ? undefined : forbidden

/** A handle goes out of use behind the change of an account's, or of a channel's. */
export const notRetiring = (principal: string): Rejection | undefined =>
  principal === slugsManager ? undefined : notHandlesManager(principal)

/**
 * An account is in the hands of its owner, the system and who administers the platform. The last is a soft fact (I9):
 * the edge stamps it from the access token, so a right that was taken away may last as long as the token.
 */
export const notInCharge = (accountId: string, { principal, facts }: DecideContext): Rejection | undefined => {
  const isAdmin = isPerson(principal) && mayOnPlatform(facts.platformRole, 'erase_accounts')
  return principal === accountId || principal === system || isAdmin ? undefined : forbidden
}
