import { may } from '#libs/access/permissions.ts'
import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import type { Detail } from '#libs/journal/outcome.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { type ChannelErrorCode, reject } from '../errors.ts'
import { maxHeldMessages } from '../state/held.ts'
import { holds, type Mark, type MarkTerm, marksOf, noneOf } from '../state/marks.ts'
import type { Channel } from '../state.ts'
import { actorRole } from './ranks.ts'
import { maxSlowModeSeconds } from './settings.ts'

const remaining = ({ until }: MarkTerm, at: number): Detail => (until === null ? {} : { remainingMs: until - at })

/** Marks that keep somebody from posting, in the order in which they are told of them. */
const closing = [
  ['ban', 'channel.banned'],
  ['warning', 'channel.warned'],
  ['mute', 'channel.muted'],
] as const satisfies readonly (readonly [Mark, ChannelErrorCode])[]

/** Whether a mark keeps the sender from posting; for nearly everybody one look. */
export const markedOut = (channel: Channel, context: DecideContext): Rejection | undefined => {
  const { principal, at } = context
  const own = marksOf(channel.marks, principal)
  if (own === noneOf || may(actorRole(channel, context), 'post_though_silenced')) return undefined
  for (const [mark, code] of closing) {
    const term = own[mark]
    if (holds(term, at)) return reject(code, remaining(term, at))
  }
  const { slow } = own
  const remainingMs = holds(slow, at) ? (slow.lastPostAt ?? 0) + (slow.value ?? 0) * 1000 - at : 0
  return remainingMs > 0 ? reject('channel.slowed', { remainingMs }) : undefined
}

export const notBanned = ({ marks }: Channel, member: string): Rejection | undefined =>
  marksOf(marks, member).ban ? undefined : reject('channel.not_banned')

export const notMarked = ({ marks }: Channel, member: string, mark: Mark): Rejection | undefined =>
  marksOf(marks, member)[mark] ? undefined : reject('channel.not_marked', { mark })

/** `slow` has the seconds between two messages as its value, and a permit for one message is marked by 1. */
const fitsMark = ({ mark, value }: ChannelCommandOf<'MarkMember'>): boolean => {
  switch (mark) {
    case 'slow':
      return value !== null && Number.isInteger(value) && value >= 1 && value <= maxSlowModeSeconds
    case 'link_permit':
      return value === null || value === 1
    default:
      return value === null
  }
}

export const markValueOutOfRange = (mark: ChannelCommandOf<'MarkMember'>): Rejection | undefined => {
  return fitsMark(mark) ? undefined : reject('channel.mark_value_out_of_range', { maxSeconds: maxSlowModeSeconds })
}

/** Who is protected is out of reach of moderators; the broadcaster and the platform may still act. */
export const isProtected = (channel: Channel, member: string, context: DecideContext): Rejection | undefined => {
  if (!holds(marksOf(channel.marks, member).protected, context.at)) return undefined
  const role = actorRole(channel, context)
  return role === 'broadcaster' || role === 'platform_admin' ? undefined : reject('channel.member_protected')
}

/** Messages that an act is about, at most. */
export const maxContext = 20

export const tooManyMessages = (messages: readonly string[] | null): Rejection | undefined =>
  messages !== null && messages.length > maxContext
    ? reject('channel.too_many_messages', { max: maxContext })
    : undefined

/** So many messages wait for a moderator, and no more. */
export const queueFull = ({ held }: Channel): Rejection | undefined =>
  held.size >= maxHeldMessages ? reject('channel.queue_full', { max: maxHeldMessages }) : undefined
