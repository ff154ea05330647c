import { type Action, may } from '#libs/access/permissions.ts'
import { mayOnPlatform } from '#libs/access/platform.ts'
import { isNumericId, isPerson } from '#libs/access/principal.ts'
import { isAssignable, outranks, type Role } from '#libs/access/roles.ts'
import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import { reject } from '../errors.ts'
import type { Channel } from '../state.ts'

/** What an account is in the channel, whatever it is on the platform. */
export const memberRole = (channel: Channel, account: string): Role =>
  account === channel.ownerId ? 'broadcaster' : (channel.roles.get(account) ?? 'member')

/**
 * What the one who sends a command may act as. That somebody administers the platform is a soft fact (I9): the edge
 * stamps it from the access token, so a right that was taken away may last as long as the token.
 */
export const actorRole = (channel: Channel, { principal, facts }: DecideContext): Role => {
  if (!isPerson(principal)) return 'none'
  return mayOnPlatform(facts.platformRole, 'administer_channels') ? 'platform_admin' : memberRole(channel, principal)
}

export const notAllowed = (channel: Channel, action: Action, context: DecideContext): Rejection | undefined =>
  may(actorRole(channel, context), action) ? undefined : reject('channel.forbidden', { action })

export const notAMember = (member: string): Rejection | undefined =>
  isNumericId(member) ? undefined : reject('channel.member_invalid')

/** Moderation goes down the ranks: not to equals, so not to oneself either, and to the broadcaster from the platform alone. */
export const notOutranked = (channel: Channel, member: string, context: DecideContext): Rejection | undefined =>
  outranks(actorRole(channel, context), memberRole(channel, member)) ? undefined : reject('channel.rank_too_low')

/** Nobody keeps broadcasters from talking in their own channel, nor takes it from them. */
export const isBroadcaster = (channel: Channel, member: string): Rejection | undefined =>
  member === channel.ownerId ? reject('channel.rank_too_low') : undefined

/** Every edge that follows the channel has them all in memory. */
export const maxRoles = 1_000

export const tooManyRoles = ({ roles }: Channel, member: string, role: string | null): Rejection | undefined =>
  role !== null && roles.size >= maxRoles && !roles.has(member)
    ? reject('channel.too_many_roles', { max: maxRoles })
    : undefined

/** The broadcaster's role comes with the channel; of the others, one gives what is below one's own. */
export const notAssignable = (channel: Channel, role: string | null, context: DecideContext): Rejection | undefined => {
  if (role === null) return undefined
  if (!isAssignable(role)) return reject('channel.role_not_assignable')
  return outranks(actorRole(channel, context), role) ? undefined : reject('channel.rank_too_low')
}
