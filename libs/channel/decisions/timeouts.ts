import type { ChannelCommandOf } from '../commands.ts'
import { unknown } from '../rules/existence.ts'
import { tooManyMessages } from '../rules/members.ts'
import { durationOutOfRange, notTimedOut } from '../rules/moderation.ts'
import { notAllowed, notAMember, notOutranked } from '../rules/ranks.ts'
import { outOfReach } from '../rules/reach.ts'
import { unfitReason } from '../rules/text.ts'
import { acceptModeration, type Decide } from './accept.ts'

export const timeOutMember: Decide<Omit<ChannelCommandOf<'TimeOutMember'>, 'type'>> = (timeout, channel, context) => {
  const { member, durationMs, reason, messages } = timeout
  return (
    unknown(channel) ??
    notAllowed(channel, 'time_out', context) ??
    outOfReach(channel, member, context) ??
    durationOutOfRange(durationMs) ??
    unfitReason(reason) ??
    tooManyMessages(messages) ??
    acceptModeration(
      channel,
      context,
      { type: 'MemberTimedOut', seq: channel.seq + 1, member, until: context.at + durationMs },
      { action: 'time_out_member', member, durationMs, reason, messages },
    )
  )
}

export const liftTimeout: Decide<Omit<ChannelCommandOf<'LiftTimeout'>, 'type'>> = (
  { member, reason },
  channel,
  context,
) =>
  unknown(channel) ??
  notAllowed(channel, 'lift_timeouts', context) ??
  notAMember(member) ??
  notOutranked(channel, member, context) ??
  notTimedOut(channel, member) ??
  unfitReason(reason) ??
  acceptModeration(
    channel,
    context,
    { type: 'TimeoutEnded', seq: channel.seq + 1, member, cause: 'lifted' },
    { action: 'lift_timeout', member, reason },
  )
