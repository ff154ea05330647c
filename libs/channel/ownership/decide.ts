import { managerPrincipal } from '#libs/access/principal.ts'
import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { acceptHidden, acceptModeration, type Decide } from '../decisions/accept.ts'
import { reject } from '../errors.ts'
import type { ChannelDraft } from '../events.ts'
import { unknown } from '../rules/existence.ts'
import { markedOut } from '../rules/members.ts'
import { isBroadcaster, notAllowed, notAMember } from '../rules/ranks.ts'
import { unfitReason } from '../rules/text.ts'
import type { Channel } from '../state.ts'

/** How long somebody may take to accept a channel. */
export const offerMs = 7 * 86_400_000

/** How long a channel goes by a slug at least, so that nobody keeps many. */
export const slugKeptMs = 7 * 86_400_000

const boundToAccount = ({ channelId, ownerId }: Channel): Rejection | undefined =>
  channelId === ownerId ? reject('channel.bound_to_account') : undefined

export const offerChannel: Decide<ChannelCommandOf<'OfferChannel'>> = ({ to, reason }, channel, context) =>
  unknown(channel) ??
  notAllowed(channel, 'transfer_channel', context) ??
  boundToAccount(channel) ??
  notAMember(to) ??
  isBroadcaster(channel, to) ??
  unfitReason(reason) ??
  acceptHidden(
    channel,
    context,
    [{ type: 'ChannelOffered', actor: context.principal, to, until: context.at + offerMs }],
    { action: 'offer_channel', member: to, reason },
  )

export const withdrawOffer: Decide<ChannelCommandOf<'WithdrawOffer'>> = ({ reason }, channel, context) => {
  const refused = unknown(channel) ?? notAllowed(channel, 'transfer_channel', context) ?? unfitReason(reason)
  if (refused) return refused
  const { offer } = channel.ownership
  if (!offer) return reject('channel.not_offered')
  const { to } = offer
  const event = { type: 'OfferWithdrawn', actor: context.principal, to } as const
  return acceptHidden(channel, context, [event], { action: 'withdraw_offer', member: to, reason })
}

const notOffered = ({ ownership: { offer } }: Channel, { principal, at }: DecideContext): Rejection | undefined =>
  offer?.to === principal && at < offer.until ? undefined : reject('channel.not_offered')

/** What belongs together is one broadcaster's: moderators of the others act here no more. */
const leftGroup = ({ casework: { group } }: Channel, ownerId: string): readonly ChannelDraft[] =>
  group.length === 0 ? [] : [{ type: 'ChannelGroupLeft', ownerId, channels: group }]

/** Who is kept from posting takes no channel over: its broadcaster may not be. */
export const acceptChannel: Decide<ChannelCommandOf<'AcceptChannel'>> = (_accept, channel, context) => {
  const refused = unknown(channel) ?? notOffered(channel, context) ?? markedOut(channel, context)
  if (refused) return refused
  const { channelId, ownerId: previousOwnerId = '', seq } = channel
  const { principal: ownerId } = context
  const transferred: ChannelDraft = { type: 'ChannelTransferred', seq: seq + 1, channelId, previousOwnerId, ownerId }
  const decision = acceptModeration(channel, context, transferred, {
    action: 'accept_channel',
    member: previousOwnerId,
  })
  if (decision.kind === 'rejected') return decision
  return { ...decision, events: [...decision.events, ...leftGroup(channel, previousOwnerId)] }
}

const renamedLately = ({ ownership: { renamedAt } }: Channel, at: number): Rejection | undefined => {
  const remainingMs = renamedAt === null ? 0 : renamedAt + slugKeptMs - at
  return remainingMs > 0 ? reject('channel.renamed_lately', { remainingMs }) : undefined
}

/** The slug was claimed by the broadcaster; where the channel will not have it, it is given back. */
export const renameChannel: Decide<ChannelCommandOf<'RenameChannel'>> = (rename, channel, context) => {
  const { slug, slugKey, previousKey } = rename
  const isManager = context.principal === managerPrincipal('handles')
  return (
    unknown(channel) ??
    (isManager ? undefined : reject('channel.forbidden', { action: 'rename_channel' })) ??
    boundToAccount(channel) ??
    renamedLately(channel, context.at) ??
    acceptModeration(
      channel,
      context,
      {
        type: 'ChannelRenamed',
        seq: channel.seq + 1,
        slug,
        slugKey,
        previousKey: channel.ownership.slugKey ?? previousKey,
      },
      { action: 'rename_channel', actor: channel.ownerId ?? '' },
    )
  )
}
