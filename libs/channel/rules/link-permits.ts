import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'
import { holds, marksOf } from '../state/marks.ts'
import type { Channel } from '../state.ts'
import { durationOutOfRange, maxTimeoutMs, minTimeoutMs } from './moderation.ts'

/** Whether a moderator lets the sender post links, whatever the rules of the policy say of them. */
export const mayPostLinks = ({ marks }: Channel, { principal, at }: DecideContext): boolean =>
  holds(marksOf(marks, principal).link_permit, at)

/** A permit that is forgotten would be a hole for ever: it has an end, and not one that is far away. */
export const permitWithoutEnd = ({ mark, durationMs }: ChannelCommandOf<'MarkMember'>): Rejection | undefined => {
  if (mark !== 'link_permit') return undefined
  return durationMs === null
    ? reject('channel.duration_out_of_range', { minMs: minTimeoutMs, maxMs: maxTimeoutMs })
    : durationOutOfRange(durationMs)
}
