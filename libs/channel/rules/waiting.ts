import { may } from '#libs/access/permissions.ts'
import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import { reject } from '../errors.ts'
import { remainingSlowMs } from '../state/slow-mode.ts'
import { type Channel, slowMs } from '../state.ts'
import { actorRole } from './ranks.ts'

/** A timeout is over at its moment, whether its end has been announced yet or not. */
export const timedOut = (channel: Channel, context: DecideContext): Rejection | undefined => {
  const { principal, at } = context
  const remainingMs = (channel.timeouts.until.get(principal) ?? at) - at
  if (remainingMs <= 0 || may(actorRole(channel, context), 'post_though_silenced')) return undefined
  return reject('channel.timed_out', { remainingMs })
}

export const slowed = (channel: Channel, context: DecideContext): Rejection | undefined => {
  const intervalMs = slowMs(channel)
  if (intervalMs === 0 || may(actorRole(channel, context), 'post_unslowed')) return undefined
  const { principal, at } = context
  const remainingMs = remainingSlowMs(channel.lastPosts, principal, at, intervalMs)
  return remainingMs > 0 ? reject('channel.slow_mode', { remainingMs }) : undefined
}
