import { isPerson, managerPrincipal } from '#libs/access/principal.ts'
import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import { reject } from '../errors.ts'
import type { Inbox } from '../state.ts'
import { remainingMs } from './rate.ts'

/** Names of the managers that carry things here. */
export const inboxesManager = 'inboxes'
export const whispersManager = 'whispers'

export const notManager = (name: string, { principal }: DecideContext): Rejection | undefined =>
  principal === managerPrincipal(name) ? undefined : reject('conversation.forbidden')

export const notOwner = ({ accountId }: Inbox, { principal }: DecideContext): Rejection | undefined =>
  principal === accountId ? undefined : reject('conversation.forbidden')

/** Who is erased is as if they had never been. */
export const closed = (inbox: Inbox): Rejection | undefined =>
  inbox.closed ? reject('conversation.receiver_unknown') : undefined

export const notAnother = ({ accountId }: Inbox, { principal }: DecideContext): Rejection | undefined => {
  if (!isPerson(principal)) return reject('conversation.forbidden')
  return principal === accountId ? reject('conversation.to_oneself') : undefined
}

type Wishes = { readonly allow: Inbox['allow']; readonly blocked: { readonly has: (accountId: string) => boolean } }

/**
 * Whether an account takes whispers from another, which it knows, since it follows them or has whispered to them, or not:
 * a block and a setting look the same.
 */
export const wants = ({ allow, blocked }: Wishes, sender: string, known: boolean): boolean =>
  (allow === 'everybody' || (allow === 'followed' && known)) && !blocked.has(sender)

/**
 * A block and a setting are refused with the same words, so that neither is betrayed. Whom the account follows is a soft
 * fact: the edge knows it, this aggregate does not (I9).
 */
export const notWanted = (inbox: Inbox, { principal, facts }: DecideContext): Rejection | undefined => {
  const known = facts.followed === 'true' || inbox.addressed.has(principal)
  return wants(inbox, principal, known) ? undefined : reject('conversation.not_wanted')
}

export const tooOften = ({ arrivals }: Inbox, { principal, at }: DecideContext): Rejection | undefined => {
  const waitMs = remainingMs(arrivals, principal, at)
  return waitMs > 0 ? reject('conversation.rate_limited', { remainingMs: waitMs }) : undefined
}
