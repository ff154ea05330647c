import { isNumericId } from '#libs/access/principal.ts'
import { codePoints, hasDirectionControls, isBlank, isLine } from '#libs/contracts/text.ts'
import type { Rejection } from '#libs/journal/decider.ts'
import type { IdentityCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'
import type { Account } from '../state.ts'

const handle = /^[A-Za-z0-9_]{3,25}$/

/** Nick, login and slug at once, in every protocol, so of the few letters that all of them take. */
export const unfitHandle = (text: string): Rejection | undefined =>
  handle.test(text) ? undefined : reject('identity.handle_invalid')

export const maxDisplayNameLength = 25

/**
 * Any script. In NFC, so that two names that look alike are not two by their bytes alone; without controls of writing
 * direction, which would turn the text beside the name around.
 */
export const unfitDisplayName = (name: string): Rejection | undefined => {
  const fits =
    name.length <= 2 * maxDisplayNameLength &&
    codePoints(name) <= maxDisplayNameLength &&
    isLine(name) &&
    !isBlank(name) &&
    !hasDirectionControls(name) &&
    name === name.trim() &&
    name === name.normalize('NFC')
  return fits ? undefined : reject('identity.display_name_invalid', { max: maxDisplayNameLength })
}

/** Two parts around one @, the second with a dot inside. Whether mail arrives there only mail can tell (RFC 5321, 4.5.3.1). */
const email = /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/u
const maxEmailLength = 254

export const unfitEmail = (address: string | null): Rejection | undefined =>
  address === null || (address.length <= maxEmailLength && isLine(address) && email.test(address))
    ? undefined
    : reject('identity.email_invalid')

/** The mail was sent for an address that another one has taken the place of since, or was used. */
export const emailChangedSince = (account: Account, revision: number): Rejection | undefined =>
  account.emailRevision === revision ? undefined : reject('identity.email_changed')

/** An account holds its handle itself; a channel's belongs to its owner, who is another by id. */
export const unfitHolder = (claim: IdentityCommandOf<'ClaimHandle'>): Rejection | undefined => {
  const named = isNumericId(claim.holderId) && isNumericId(claim.ownerId)
  const fits =
    claim.holderKind === 'account'
      ? claim.holderId === claim.ownerId
      : claim.holderId !== claim.ownerId && claim.email === null && claim.platformRole === 'user'
  return named && fits ? undefined : reject('identity.holder_invalid')
}
