import type { ChannelCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'
import { notClock, unknown } from '../rules/existence.ts'
import { notAllowed } from '../rules/ranks.ts'
import { retentionOutOfRange, retentionUnchanged } from '../rules/retention.ts'
import { unfitReason } from '../rules/text.ts'
import { dayMs } from '../state/retention.ts'
import { acceptModeration, type Decide } from './accept.ts'

export const setRetention: Decide<ChannelCommandOf<'SetRetention'>> = ({ days, reason }, channel, context) =>
  unknown(channel) ??
  notAllowed(channel, 'set_retention', context) ??
  retentionOutOfRange(days) ??
  retentionUnchanged(days, channel) ??
  unfitReason(reason) ??
  acceptModeration(
    channel,
    context,
    { type: 'RetentionChanged', seq: channel.seq + 1, actor: context.principal, days },
    { action: 'set_retention', value: days, reason },
  )

/** The journal says what has left the read models, so that one that is built anew lets go of the same. */
export const trimHistory: Decide<ChannelCommandOf<'TrimHistory'>> = ({ dueAt }, channel, { principal, at }) => {
  const refused = notClock(principal) ?? unknown(channel)
  if (refused) return refused
  const { retention } = channel
  const now = Math.max(at, dueAt)
  if (!retention || retention.nextAt > now) return reject('channel.nothing_due')
  return {
    kind: 'accepted',
    events: [{ type: 'HistoryTrimmed', before: now - retention.days * dayMs }],
    summary: {},
  }
}
