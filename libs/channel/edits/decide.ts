import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import { addressBanned } from '../address-bans/rules.ts'
import type { ChannelCommandOf } from '../commands.ts'
import type { Decide } from '../decisions/accept.ts'
import { filter, loggedFindings } from '../decisions/filtering.ts'
import { spentPermit } from '../decisions/link-permits.ts'
import { readingOf, unfitForModes } from '../decisions/posting.ts'
import { encodeEntities } from '../entities.ts'
import { reject } from '../errors.ts'
import { blockedTerm } from '../rules/blocked-terms.ts'
import { unknown } from '../rules/existence.ts'
import { isClosed } from '../rules/house.ts'
import { markedOut } from '../rules/members.ts'
import { keptOut } from '../rules/modes.ts'
import { notAllowed } from '../rules/ranks.ts'
import { unfitText } from '../rules/text.ts'
import { timedOut } from '../rules/waiting.ts'
import { holds, marksOf } from '../state/marks.ts'
import { findMessage, type KnownMessage } from '../state/recent-messages.ts'
import type { Channel } from '../state.ts'

type Edit = ChannelCommandOf<'EditMessage'>

/** Whether somebody may post, and this: what may not be posted may not be edited into something that was. */
const refused = ({ text }: Edit, channel: Channel, context: DecideContext): Rejection | undefined =>
  unknown(channel) ??
  isClosed(channel) ??
  notAllowed(channel, 'post', context) ??
  markedOut(channel, context) ??
  addressBanned(channel, context) ??
  timedOut(channel, context) ??
  keptOut(channel, context) ??
  unfitText(text) ??
  blockedTerm(text, channel, context)

/**
 * One's own message of the last ones, within the window of the channel. Who waits for a moderator with every message, or is
 * seen by nobody else, edits nothing that everybody sees.
 */
const editable = ({ messageId }: Edit, channel: Channel, context: DecideContext): KnownMessage | Rejection => {
  const message = findMessage(channel.recentMessages, messageId)
  if (!message) return reject('channel.message_unknown')
  if (message.deleted) return reject('channel.message_deleted')
  const { principal, at } = context
  const windowSeconds = channel.effective.edit_window ?? 0
  const { low_trust, shadow } = marksOf(channel.marks, principal)
  const isInTime = message.at !== undefined && at - message.at <= windowSeconds * 1000
  const isTrusted = !holds(low_trust, at) && (message.hidden || !holds(shadow, at))
  return message.author === principal && windowSeconds > 0 && isInTime && isTrusted
    ? message
    : reject('channel.not_editable', { windowSeconds })
}

export const editMessage: Decide<Edit> = (edit, channel, context) => {
  const refusal = refused(edit, channel, context)
  if (refusal) return refusal
  const message = editable(edit, channel, context)
  if ('kind' in message) return message
  const reading = readingOf(edit, channel, context)
  const unfit = unfitForModes(edit, reading, channel, context)
  if (unfit) return unfit
  const filtered = filter(edit.text, channel, context)
  if (filtered.kind === 'refused') return filtered.decision
  // What would have to wait for a moderator cannot: the message is there.
  if (filtered.heldBy !== null)
    return reject('channel.not_editable', { windowSeconds: channel.effective.edit_window ?? 0 })
  const { shadow } = filtered
  const { moderationSeq } = channel
  return {
    kind: 'accepted',
    events: [
      {
        type: 'MessageEdited',
        seq: channel.seq + 1,
        messageId: message.id,
        messageSeq: message.seq,
        author: message.author,
        text: edit.text,
        entities: encodeEntities(reading.entities),
        seenBy: message.hidden ? 'author' : null,
      },
      ...loggedFindings(shadow, 'shadow_verdict', moderationSeq, { ...context, commandId: message.id }),
      ...spentPermit(
        { ...filtered, author: message.author, messageId: message.id },
        channel,
        moderationSeq + shadow.length,
      ),
    ],
    summary: { messageId: message.id, seq: channel.seq + 1 },
  }
}
