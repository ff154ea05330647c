import { may } from '#libs/access/permissions.ts'
import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { managesPlatformEmotes, platformKey } from '../emotes/emotes.ts'
import { reject } from '../errors.ts'
import { type Emote, emoteById } from '../state/emotes.ts'
import type { Channel } from '../state.ts'
import { unknown } from './existence.ts'
import { actorRole } from './ranks.ts'

export const maxEmotes = 500
export const maxPlatformEmotes = 2_000
const maxTier = 1_000

/** Emotes of a channel are its own; those of the platform are looked after by its staff. */
export const notInCharge = (channel: Channel, context: DecideContext): Rejection | undefined => {
  const action = 'manage_emotes'
  if (channel.channelId === platformKey)
    return managesPlatformEmotes(context) ? undefined : reject('channel.forbidden', { action })
  return (
    unknown(channel) ?? (may(actorRole(channel, context), action) ? undefined : reject('channel.forbidden', { action }))
  )
}

/** Of letters that every keyboard has, one of them at least, so that no number is a picture. */
export const unfitName = (name: string): Rejection | undefined =>
  /^(?=.*[A-Za-z])[A-Za-z0-9_]{2,32}$/.test(name) ? undefined : reject('channel.emote_name_invalid')

/** Neither the channel's own nor, as the edge knows, the platform's; `id` is the one that may have it. */
export const nameTaken = (
  name: string,
  channel: Channel,
  { facts }: DecideContext,
  id?: string,
): Rejection | undefined => {
  const own = channel.emotes.get(name.toLowerCase())
  if (own && own.id !== id) return reject('channel.emote_name_taken', { by: 'channel' })
  return facts.globalEmotes === undefined || channel.channelId === platformKey
    ? undefined
    : reject('channel.emote_name_taken', { by: 'platform' })
}

export const tooManyEmotes = ({ emotes, channelId }: Channel): Rejection | undefined => {
  const max = channelId === platformKey ? maxPlatformEmotes : maxEmotes
  return emotes.size < max ? undefined : reject('channel.too_many_emotes', { max })
}

/** The platform has no subscribers. */
export const unfitTier = (tier: number | null, { channelId }: Channel): Rejection | undefined => {
  if (tier === null || tier === 0) return undefined
  return Number.isInteger(tier) && tier > 0 && tier <= maxTier && channelId !== platformKey
    ? undefined
    : reject('channel.tier_out_of_range', { min: 1, max: maxTier })
}

/** What the edge has stored: a hash, and a picture as wide as one may be. */
export const unfitPicture = ({ image, width }: ChannelCommandOf<'AddEmote'>): Rejection | undefined =>
  /^[0-9a-f]{64}$/.test(image) && Number.isInteger(width) && width > 0 && width <= 96
    ? undefined
    : reject('channel.emote_image_invalid')

export const nothingChanges = ({ name, tier, enabled }: ChannelCommandOf<'ChangeEmote'>): Rejection | undefined =>
  name === null && tier === null && enabled === null ? reject('channel.nothing_to_change') : undefined

export const emoteOr = ({ emotes }: Channel, id: string): Emote | Rejection =>
  emoteById(emotes, id) ?? reject('channel.emote_unknown')
