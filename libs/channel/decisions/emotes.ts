import type { ChannelCommandOf } from '../commands.ts'
import {
  emoteOr,
  nameTaken,
  nothingChanges,
  notInCharge,
  tooManyEmotes,
  unfitName,
  unfitPicture,
  unfitTier,
} from '../rules/emotes.ts'
import { accept, type Decide } from './accept.ts'

export const addEmote: Decide<ChannelCommandOf<'AddEmote'>> = (emote, channel, context) => {
  const { name, image, moving, width, tier } = emote
  return (
    notInCharge(channel, context) ??
    unfitName(name) ??
    unfitTier(tier, channel) ??
    unfitPicture(emote) ??
    tooManyEmotes(channel) ??
    nameTaken(name, channel, context) ??
    accept(channel, {
      type: 'EmoteAdded',
      seq: channel.seq + 1,
      actor: context.principal,
      name,
      image,
      moving,
      width,
      tier: tier === 0 ? null : tier,
    })
  )
}

export const changeEmote: Decide<ChannelCommandOf<'ChangeEmote'>> = (change, channel, context) => {
  const refused = notInCharge(channel, context) ?? nothingChanges(change)
  if (refused) return refused
  const emote = emoteOr(channel, change.emoteId)
  if ('kind' in emote) return emote
  const name = change.name ?? emote.name
  const tier = change.tier ?? emote.tier
  return (
    unfitName(name) ??
    unfitTier(tier, channel) ??
    (change.name === null ? undefined : nameTaken(name, channel, context, emote.id)) ??
    accept(channel, {
      type: 'EmoteChanged',
      seq: channel.seq + 1,
      actor: context.principal,
      emoteId: emote.id,
      name,
      tier: tier === 0 ? null : tier,
      enabled: change.enabled ?? emote.enabled,
    })
  )
}

export const removeEmote: Decide<ChannelCommandOf<'RemoveEmote'>> = ({ emoteId }, channel, context) => {
  const refused = notInCharge(channel, context)
  if (refused) return refused
  const emote = emoteOr(channel, emoteId)
  return 'kind' in emote
    ? emote
    : accept(channel, { type: 'EmoteRemoved', seq: channel.seq + 1, actor: context.principal, emoteId })
}
