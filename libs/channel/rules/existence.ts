import { isPerson, managerPrincipal, system } from '#libs/access/principal.ts'
import type { Rejection } from '#libs/journal/decider.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'
import type { Channel } from '../state.ts'

export const unknown = (channel: Channel): Rejection | undefined =>
  channel.ownerId === undefined ? reject('channel.unknown') : undefined

export const exists = (channel: Channel): Rejection | undefined =>
  channel.ownerId === undefined ? undefined : reject('channel.exists')

const creators: ReadonlySet<string> = new Set([system, managerPrincipal('handles')])

/**
 * Channels are created by the manager of handles, once the handle that becomes the slug is claimed, and by the system;
 * people create their own channel alone, which has their account's id and goes by their handle.
 */
export const notCreator = (
  create: ChannelCommandOf<'CreateChannel'>,
  channel: Channel,
  principal: string,
): Rejection | undefined => {
  const own = principal === create.ownerId && channel.channelId === create.ownerId && create.slug === null
  return creators.has(principal) || (own && isPerson(principal))
    ? undefined
    : reject('channel.forbidden', { action: 'create_channel' })
}

/** Only the owner's clock says that a time has come. */
export const notClock = (principal: string): Rejection | undefined =>
  principal === managerPrincipal('clock') ? undefined : reject('channel.forbidden', { action: 'end_timeouts' })
