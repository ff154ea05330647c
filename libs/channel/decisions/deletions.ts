import type { DecideContext, Decision } from '#libs/journal/decider.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'
import type { ChannelDraft } from '../events.ts'
import { keptEvidence } from '../evidence/evidence.ts'
import { sweepOf } from '../follow-up.ts'
import { isBlocked, termOf, termUnfit, tooManyTerms } from '../rules/blocked-terms.ts'
import { unknown } from '../rules/existence.ts'
import { durationOutOfRange, knownMessage, notDeletable } from '../rules/moderation.ts'
import { knownNuke, nukeUnfit } from '../rules/nukes.ts'
import { notAllowed } from '../rules/ranks.ts'
import { outOfReach } from '../rules/reach.ts'
import { unfitReason } from '../rules/text.ts'
import { findMessage } from '../state/recent-messages.ts'
import type { Channel } from '../state.ts'
import { acceptModeration, type Decide, logEntry } from './accept.ts'

export const deleteMessage: Decide<ChannelCommandOf<'DeleteMessage'>> = ({ messageId, reason }, channel, context) => {
  const refused = unknown(channel) ?? notAllowed(channel, 'delete_own_messages', context) ?? unfitReason(reason)
  if (refused) return refused
  const message = knownMessage(channel, messageId, context)
  if ('kind' in message) return message
  const { author, seq: messageSeq, hidden } = message
  return (
    notDeletable(channel, author, context) ??
    acceptModeration(
      channel,
      context,
      {
        type: 'MessageDeleted',
        seq: channel.seq + 1,
        messageId,
        messageSeq,
        author,
        seenBy: hidden ? 'author' : null,
      },
      { action: 'delete_message', member: author, messageId, reason },
    )
  )
}

/** What of somebody waits for a moderator, whose messages are all deleted. */
const waitingOf = ({ held }: Channel, author: string): readonly ChannelDraft[] =>
  [...held.values()].flatMap((each): readonly ChannelDraft[] =>
    each.author === author ? [{ type: 'HeldMessageDenied', messageId: each.messageId, author, cause: 'denied' }] : [],
  )

export const deleteMessages: Decide<ChannelCommandOf<'DeleteMessages'>> = (deletion, channel, context) => {
  const decision = deleted(deletion, channel, context)
  if (decision.kind === 'rejected' || deletion.member === null) return decision
  return { ...decision, events: [...decision.events, ...waitingOf(channel, deletion.member)] }
}

const deleted: Decide<ChannelCommandOf<'DeleteMessages'>> = ({ member, reason }, channel, context) =>
  unknown(channel) ??
  notAllowed(channel, member === null ? 'clear_channel' : 'delete_messages', context) ??
  (member === null ? undefined : outOfReach(channel, member, context)) ??
  unfitReason(reason) ??
  acceptModeration(
    channel,
    context,
    { type: 'MessagesDeleted', seq: channel.seq + 1, author: member, messageSeqs: null },
    { action: member === null ? 'clear_channel' : 'delete_messages', member, reason },
  )

type Nuking = ChannelCommandOf<'NukeMessages'>
type Target = { readonly id: string; readonly seq: number; readonly author: string }

/** Of what a search has found, what the sender may delete, and is there and seen by everybody. */
const targetsOf = (nuke: Nuking, channel: Channel, context: DecideContext): readonly Target[] =>
  nuke.messageIds.flatMap((id, index) => {
    const known = findMessage(channel.recentMessages, id)
    const author = known?.author ?? nuke.members[index] ?? ''
    const seq = known?.seq ?? nuke.messageSeqs[index] ?? 0
    const isGone = known?.deleted || known?.hidden || seq < 1 || seq > channel.seq
    return isGone || outOfReach(channel, author, context) ? [] : [{ id, seq, author }]
  })

const nuked = (
  nuke: Nuking,
  targets: readonly Target[],
  channel: Channel,
  context: DecideContext,
): Decision<ChannelDraft> => {
  const { messageIds, durationMs, reason } = nuke
  const messageSeqs = targets.map(({ seq }) => seq)
  const struck = new Set(targets.map(({ id }) => id))
  const spared = new Set(messageIds.filter((id) => !struck.has(id)))
  const until = durationMs === null ? null : context.at + durationMs
  // Who is timed out for longer stays so.
  const isFree = (author: string) => until !== null && (channel.timeouts.until.get(author) ?? 0) < until
  const members = [...new Set(targets.map(({ author }) => author))].filter(isFree)
  const timeouts = members.map((member, index): ChannelDraft => {
    return { type: 'MemberTimedOut', seq: channel.seq + 2 + index, member, until: until ?? context.at }
  })
  const term = termOf(nuke)
  const blocked: readonly ChannelDraft[] =
    term === null || isBlocked(channel, term) ? [] : [{ type: 'TermBlocked', actor: context.principal, ...term }]
  return {
    kind: 'accepted',
    events: [
      { type: 'MessagesDeleted', seq: channel.seq + 1, author: null, messageSeqs },
      ...timeouts,
      { type: 'NukeDone', messageSeqs, members, until, authors: targets.map(({ author }) => author) },
      ...blocked,
      logEntry(channel, context, {
        action: 'nuke',
        messages: targets.map(({ id }) => id),
        value: members.length,
        durationMs,
        reason,
        ...(blocked.length > 0 && { caseId: context.commandId }),
      }),
      ...keptEvidence(context.facts, spared),
    ],
    summary: { seq: channel.seq + 1 + members.length, messages: messageSeqs.length, members: members.length },
  }
}

export const nukeMessages: Decide<Nuking> = (nuke, channel, context) => {
  const refused =
    unknown(channel) ??
    notAllowed(channel, 'nuke', context) ??
    nukeUnfit(nuke) ??
    termUnfit(termOf(nuke)) ??
    tooManyTerms(channel, termOf(nuke)) ??
    (nuke.durationMs === null ? undefined : durationOutOfRange(nuke.durationMs)) ??
    unfitReason(nuke.reason)
  if (refused) return refused
  const targets = targetsOf(nuke, channel, context)
  return targets.length === 0 ? reject('channel.nothing_to_nuke') : nuked(nuke, targets, channel, context)
}

/**
 * With what a nuke was swept up by, messages are there again, those talk again whom nobody has timed out since for other
 * reasons, and the term is said.
 */
export const undoNuke: Decide<ChannelCommandOf<'UndoNuke'>> = ({ nukeId, reason }, channel, context) => {
  const refused = unknown(channel) ?? notAllowed(channel, 'nuke', context) ?? unfitReason(reason)
  if (refused) return refused
  const nuke = knownNuke(channel, nukeId)
  if ('kind' in nuke) return nuke
  const parts = [nuke, ...channel.nukes.filter(({ id }) => id === sweepOf(nukeId))]
  const talking = parts.flatMap(({ members, until }) =>
    members.filter((member) => channel.timeouts.until.get(member) === until),
  )
  const lifted = talking.map((member, index): ChannelDraft => {
    return { type: 'TimeoutEnded', seq: channel.seq + 2 + index, member, cause: 'lifted' }
  })
  const term = channel.casework.terms.find(({ id, kept }) => id === nukeId && !kept)
  const unblocked: readonly ChannelDraft[] = term
    ? [{ type: 'TermDecided', termId: nukeId, actor: context.principal, kept: false }]
    : []
  return {
    kind: 'accepted',
    events: [
      { type: 'MessagesRestored', seq: channel.seq + 1, messageSeqs: parts.flatMap(({ messageSeqs }) => messageSeqs) },
      ...lifted,
      ...parts.map(({ id }): ChannelDraft => ({ type: 'NukeUndone', nukeId: id })),
      ...unblocked,
      logEntry(channel, context, { action: 'undo_nuke', undoes: nukeId, reason }),
    ],
    summary: { seq: channel.seq + 1 + lifted.length },
  }
}
