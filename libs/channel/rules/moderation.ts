import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import { reject } from '../errors.ts'
import { findMessage, type KnownMessage, oldestKeptSeq } from '../state/recent-messages.ts'
import type { Channel } from '../state.ts'
import { notAllowed, notOutranked } from './ranks.ts'

export const minTimeoutMs = 1_000
/** 14 days. */
export const maxTimeoutMs = 1_209_600_000

export const durationOutOfRange = (durationMs: number): Rejection | undefined =>
  Number.isInteger(durationMs) && durationMs >= minTimeoutMs && durationMs <= maxTimeoutMs
    ? undefined
    : reject('channel.duration_out_of_range', { minMs: minTimeoutMs, maxMs: maxTimeoutMs })

export const notTimedOut = (channel: Channel, member: string): Rejection | undefined =>
  channel.timeouts.until.has(member) ? undefined : reject('channel.not_timed_out')

/**
 * The message of that id: one of the last 1,000, or an older one as the edge found it in the read model and stamped it
 * on the command. What is stamped is believed only of a message older than those that the channel keeps.
 */
export const knownMessage = (
  channel: Channel,
  messageId: string,
  { facts }: DecideContext,
): KnownMessage | Rejection => {
  const recent = findMessage(channel.recentMessages, messageId)
  if (recent) return recent.deleted ? reject('channel.message_deleted') : recent
  const seq = Number(facts.messageSeq)
  const isOlder = Number.isInteger(seq) && seq > 0 && seq < (oldestKeptSeq(channel.recentMessages) ?? 0)
  if (!isOlder || !facts.messageAuthor) return reject('channel.message_unknown')
  return { id: messageId, author: facts.messageAuthor, seq, deleted: false }
}

/** People delete their own messages; those of others go by permission and rank. */
export const notDeletable = (channel: Channel, author: string, context: DecideContext): Rejection | undefined =>
  author === context.principal
    ? undefined
    : (notAllowed(channel, 'delete_messages', context) ?? notOutranked(channel, author, context))
