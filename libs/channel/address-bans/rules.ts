import { type Action, may } from '#libs/access/permissions.ts'
import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import { reject } from '../errors.ts'
import { actorRole } from '../rules/ranks.ts'
import { addressBan, holds, marksOf } from '../state/marks.ts'
import type { Channel } from '../state.ts'
import { originOf } from './facts.ts'

/**
 * Whether somebody who is banned with their addresses came from where this comes from. Others share addresses, so that
 * whom the channel trusts (a role, or `protected`) is not hit.
 */
export const addressBanned = (channel: Channel, context: DecideContext): Rejection | undefined => {
  const { marks } = channel
  if (marks.byAddress.size === 0) return undefined
  const ban = addressBan(marks, originOf(context.facts), context.at)
  if (!ban || may(actorRole(channel, context), 'post_from_banned_addresses')) return undefined
  if (holds(marksOf(marks, context.principal).protected, context.at)) return undefined
  return reject('channel.address_banned', ban.until === null ? {} : { remainingMs: ban.until - context.at })
}

/** The edge did not know that the sender may do it, and looked nothing up: nobody is banned by half. */
export const addressesUnread = (action: Action, { facts }: DecideContext): Rejection | undefined =>
  facts.addressesUnread === 'true' ? reject('channel.forbidden', { action }) : undefined

/** So many members may be banned with their addresses: each post is held against them all. */
export const maxAddressBans = 20_000

export const tooManyAddressBans = ({ marks }: Channel, keys: readonly string[]): Rejection | undefined =>
  keys.length > 0 && marks.byAddress.size >= maxAddressBans
    ? reject('channel.too_many_address_bans', { max: maxAddressBans })
    : undefined

export const notAddressBanned = ({ marks }: Channel, member: string): Rejection | undefined =>
  marksOf(marks, member).ban?.addresses ? undefined : reject('channel.address_not_banned')
