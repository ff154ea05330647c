import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import type { Channel } from '../state.ts'
import { isProtected } from './members.ts'
import { isBroadcaster, notAMember, notOutranked } from './ranks.ts'

/** Who is out of reach of the sender. */
export const outOfReach = (channel: Channel, member: string, context: DecideContext): Rejection | undefined =>
  notAMember(member) ??
  isBroadcaster(channel, member) ??
  notOutranked(channel, member, context) ??
  isProtected(channel, member, context)
