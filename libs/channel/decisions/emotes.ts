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
import { unfitReason } from '../rules/text.ts'
import { acceptModeration, type Decide } from './accept.ts'

export const addEmote: Decide<ChannelCommandOf<'AddEmote'>> = (emote, channel, context) => {
  const { name, image, moving, width, tier, reason } = emote
  return (
    notInCharge(channel, context) ??
    unfitName(name) ??
    unfitTier(tier, channel) ??
    unfitPicture(emote) ??
    tooManyEmotes(channel) ??
    nameTaken(name, channel, context) ??
    unfitReason(reason) ??
    acceptModeration(
      channel,
      context,
      {
        type: 'EmoteAdded',
        seq: channel.seq + 1,
        actor: context.principal,
        name,
        image,
        moving,
        width,
        tier: tier === 0 ? null : tier,
      },
      { action: 'add_emote', label: name, reason },
    )
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
    unfitReason(change.reason) ??
    acceptModeration(
      channel,
      context,
      {
        type: 'EmoteChanged',
        seq: channel.seq + 1,
        actor: context.principal,
        emoteId: emote.id,
        name,
        tier: tier === 0 ? null : tier,
        enabled: change.enabled ?? emote.enabled,
      },
      { action: 'change_emote', label: name, reason: change.reason },
    )
  )
}

export const removeEmote: Decide<ChannelCommandOf<'RemoveEmote'>> = ({ emoteId, reason }, channel, context) => {
  const refused = notInCharge(channel, context) ?? unfitReason(reason)
  if (refused) return refused
  const emote = emoteOr(channel, emoteId)
  if ('kind' in emote) return emote
  const event = { type: 'EmoteRemoved', seq: channel.seq + 1, actor: context.principal, emoteId } as const
  return acceptModeration(channel, context, event, { action: 'remove_emote', label: emote.name, reason })
}
