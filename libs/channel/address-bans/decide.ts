import type { DecideContext } from '#libs/journal/decider.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { acceptHidden, type Decide, type LogEntry, logEntry } from '../decisions/accept.ts'
import type { ChannelDraft } from '../events.ts'
import { unknown } from '../rules/existence.ts'
import { notAllowed, notAMember } from '../rules/ranks.ts'
import { unfitReason } from '../rules/text.ts'
import type { Channel } from '../state.ts'
import { notAddressBanned } from './rules.ts'

/** What bans addresses with their member, behind `logged` other entries of the log; nothing where there are none. */
export const addressesBanned = (
  keys: readonly string[],
  { member, reason, durationMs }: Omit<LogEntry, 'action'> & { readonly member: string },
  channel: Channel,
  context: DecideContext,
  logged: number,
): readonly ChannelDraft[] => {
  if (keys.length === 0) return []
  const next = { ...channel, moderationSeq: channel.moderationSeq + logged }
  return [
    { type: 'AddressesBanned', actor: context.principal, member, keys },
    logEntry(next, context, {
      action: 'ban_address',
      member,
      value: keys.length,
      ...(reason && { reason }),
      ...(durationMs && { durationMs }),
    }),
  ]
}

export const liftAddressBan: Decide<ChannelCommandOf<'LiftAddressBan'>> = ({ member, reason }, channel, context) =>
  unknown(channel) ??
  notAllowed(channel, 'ban', context) ??
  notAMember(member) ??
  notAddressBanned(channel, member) ??
  unfitReason(reason) ??
  acceptHidden(channel, context, [{ type: 'AddressBanLifted', actor: context.principal, member }], {
    action: 'lift_address_ban',
    member,
    reason,
  })
