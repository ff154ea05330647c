import type { ChannelCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'
import { unknown } from '../rules/existence.ts'
import { notAllowed } from '../rules/ranks.ts'
import { unfitReason } from '../rules/text.ts'
import type { HeldMessage } from '../state/held.ts'
import { acceptHidden, acceptModeration, type Decide } from './accept.ts'
import { spentPermit } from './link-permits.ts'

type Review = ChannelCommandOf<'ReviewMessage'>

const approved: (held: HeldMessage) => Decide<Review> =
  ({ heldAt: _, byPermit: permitUsed, ...held }) =>
  ({ messageId, reason }, channel, context) => {
    const decision = acceptModeration(
      channel,
      context,
      { type: 'HeldMessageApproved', seq: channel.seq + 1, ...held },
      { action: 'approve_message', member: held.author, messageId, reason },
    )
    const spent = spentPermit({ author: held.author, messageId, permitUsed }, channel, channel.moderationSeq + 1)
    return decision.kind === 'rejected' ? decision : { ...decision, events: [...decision.events, ...spent] }
  }

const denied: (held: HeldMessage) => Decide<Review> =
  ({ author }) =>
  ({ messageId, reason }, channel, context) =>
    acceptHidden(channel, context, [{ type: 'HeldMessageDenied', messageId, author, cause: 'denied' }], {
      action: 'deny_message',
      member: author,
      messageId,
      reason,
    })

export const reviewMessage: Decide<Review> = (review, channel, context) => {
  const refused = unknown(channel) ?? notAllowed(channel, 'review_messages', context) ?? unfitReason(review.reason)
  if (refused) return refused
  const held = channel.held.get(review.messageId)
  if (!held) return reject('channel.not_held')
  return (review.approve ? approved(held) : denied(held))(review, channel, context)
}
