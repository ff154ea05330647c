import type { ChannelCommandOf } from '../commands.ts'
import { unknown } from '../rules/existence.ts'
import { isClosed, isOpen, nothingPinned, pinnedUnseen, rulesOutdated, unfitHouseText } from '../rules/house.ts'
import { knownMessage } from '../rules/moderation.ts'
import { notAllowed } from '../rules/ranks.ts'
import { unfitReason } from '../rules/text.ts'
import { acceptModeration, type Decide } from './accept.ts'

export const pinMessage: Decide<ChannelCommandOf<'PinMessage'>> = ({ messageId, reason }, channel, context) => {
  const refused = unknown(channel) ?? notAllowed(channel, 'pin_messages', context) ?? unfitReason(reason)
  if (refused) return refused
  const pin = { type: 'PinChanged', seq: channel.seq + 1, actor: context.principal } as const
  if (messageId === null)
    return (
      nothingPinned(channel) ??
      acceptModeration(channel, context, { ...pin, messageId, messageSeq: null }, { action: 'unpin_message', reason })
    )
  const message = knownMessage(channel, messageId, context)
  if ('kind' in message) return message
  const { author: member, seq: messageSeq } = message
  return (
    pinnedUnseen(message) ??
    acceptModeration(
      channel,
      context,
      { ...pin, messageId, messageSeq },
      { action: 'pin_message', member, messageId, reason },
    )
  )
}

export const setText: Decide<ChannelCommandOf<'SetText'>> = (change, channel, context) => {
  const { kind, text, reason } = change
  const version = (channel.textVersions[kind] ?? 0) + 1
  return (
    unknown(channel) ??
    notAllowed(channel, 'change_settings', context) ??
    unfitHouseText(change) ??
    unfitReason(reason) ??
    acceptModeration(
      channel,
      context,
      { type: 'TextChanged', seq: channel.seq + 1, actor: context.principal, kind, text, version },
      { action: 'set_text', value: version, label: kind, reason },
    )
  )
}

export const acceptRules: Decide<ChannelCommandOf<'AcceptRules'>> = (acceptance, channel, context) =>
  unknown(channel) ??
  notAllowed(channel, 'post', context) ??
  rulesOutdated(acceptance, channel) ?? {
    kind: 'accepted',
    events: [{ type: 'RulesAccepted', member: context.principal, version: acceptance.version }],
    summary: {},
  }

export const closeChannel: Decide<ChannelCommandOf<'CloseChannel'>> = ({ reason }, channel, context) =>
  unknown(channel) ??
  notAllowed(channel, 'close_channel', context) ??
  isClosed(channel) ??
  unfitReason(reason) ??
  acceptModeration(
    channel,
    context,
    { type: 'ChannelClosed', seq: channel.seq + 1, actor: context.principal },
    { action: 'close_channel', reason },
  )

export const reopenChannel: Decide<ChannelCommandOf<'ReopenChannel'>> = ({ reason }, channel, context) =>
  unknown(channel) ??
  notAllowed(channel, 'close_channel', context) ??
  isOpen(channel) ??
  unfitReason(reason) ??
  acceptModeration(
    channel,
    context,
    { type: 'ChannelReopened', seq: channel.seq + 1, actor: context.principal },
    { action: 'reopen_channel', reason },
  )
