import type { DecideContext, Decision } from '#libs/journal/decider.ts'
import { addressesBanned } from '../address-bans/decide.ts'
import { type Proposal, type Quorum, usualLapseMs } from '../casework/proposals.ts'
import type { ChannelCommandOf } from '../commands.ts'
import type { ChannelDraft } from '../events.ts'
import { followUpId } from '../follow-up.ts'
import { unknown } from '../rules/existence.ts'
import {
  approvedAlready,
  knownProposal,
  notProposable,
  notWithdrawable,
  quorumUnfit,
  tooLongAlone,
} from '../rules/quorum.ts'
import { notAllowed } from '../rules/ranks.ts'
import { outOfReach } from '../rules/reach.ts'
import { unfitReason } from '../rules/text.ts'
import type { Channel } from '../state.ts'
import { acceptHidden, acceptModeration, type Decide, type LogEntry, logEntry } from './accept.ts'
import { altsShown } from './alts.ts'
import { platformActor } from './filtering.ts'

type Ban = { readonly member: string; readonly durationMs: number | null } & Omit<LogEntry, 'action'>

/**
 * A ban that counts at once, or one without end that waits for other moderators where the channel asks for them. `keys`
 * are of the addresses that are banned with the member.
 */
export const ban = (
  act: Ban,
  channel: Channel,
  context: DecideContext,
  keys: readonly string[] = [],
): Decision<ChannelDraft> => {
  const { member, durationMs } = act
  const { quorum } = channel.casework
  if (durationMs === null && quorum) return proposed(act, keys, quorum, channel, context)
  const refused = tooLongAlone(channel, durationMs)
  if (refused) return refused
  const until = durationMs === null ? null : context.at + durationMs
  const decision = acceptModeration(
    channel,
    context,
    { type: 'MemberBanned', seq: channel.seq + 1, member, until, origin: null },
    { action: 'ban_member', ...act, ...altsShown(channel, member) },
  )
  if (decision.kind === 'rejected' || keys.length === 0) return decision
  return {
    ...decision,
    events: [...decision.events, ...addressesBanned(keys, act, channel, context, 1)],
    summary: { ...decision.summary, addresses: keys.length, moderationSeq: channel.moderationSeq + 2 },
  }
}

/**
 * The member is timed out at once, until others have approved or the proposal lapses. `proposalId` is of one of several that
 * a command makes; else it is the id of the command.
 */
const proposed = (
  act: Ban,
  keys: readonly string[],
  { approvals, lapseMs }: Quorum,
  channel: Channel,
  context: DecideContext,
  proposalId: string | null = null,
): Decision<ChannelDraft> => {
  const { member } = act
  const id = proposalId ?? context.commandId
  const until = context.at + lapseMs
  const refused = notProposable(channel, member)
  if (refused) return refused
  // Who is timed out for longer stays so, whatever becomes of the proposal.
  const silencedUntil = Math.max(until, channel.timeouts.until.get(member) ?? 0)
  const decision = acceptModeration(
    channel,
    context,
    { type: 'MemberTimedOut', seq: channel.seq + 1, member, until: silencedUntil },
    { action: 'propose_ban', ...act, value: approvals, caseId: id, ...altsShown(channel, member) },
  )
  if (decision.kind === 'rejected') return decision
  const waits: ChannelDraft = {
    type: 'BanProposed',
    actor: context.principal,
    member,
    needed: approvals,
    until,
    keys: keys.length === 0 ? null : keys,
    proposalId,
  }
  return {
    ...decision,
    events: [...decision.events, waits],
    summary: { ...decision.summary, proposal: id, needed: approvals },
  }
}

type Proposed = Omit<Ban, 'durationMs'> & { readonly keys: readonly string[] }

/** A ban without end of each, which are proposed one by one: others tell one from another. They can be proposed. */
export const proposedEach = (
  acts: readonly Proposed[],
  quorum: Quorum,
  channel: Channel,
  context: DecideContext,
): Decision<ChannelDraft> => {
  const events: ChannelDraft[] = []
  for (const [index, { keys, ...act }] of acts.entries()) {
    const next = { ...channel, seq: channel.seq + index, moderationSeq: channel.moderationSeq + index }
    const id = index === 0 ? null : followUpId(context.commandId, index)
    const decision = proposed({ ...act, durationMs: null }, keys, quorum, next, context, id)
    if (decision.kind === 'rejected' || acts.length === 1) return decision
    events.push(...decision.events)
  }
  const { seq, moderationSeq } = channel
  const count = acts.length
  const summary = { seq: seq + count, moderationSeq: moderationSeq + count, proposed: count, needed: quorum.approvals }
  return { kind: 'accepted', events, summary }
}

export const setQuorum: Decide<ChannelCommandOf<'SetQuorum'>> = (change, channel, context) => {
  const { approvals, lapseMs, reason } = change
  const actor = context.principal
  return (
    unknown(channel) ??
    notAllowed(channel, 'set_quorum', context) ??
    quorumUnfit(change) ??
    unfitReason(reason) ??
    acceptHidden(channel, context, [{ type: 'QuorumSet', actor, approvals, lapseMs: lapseMs ?? usualLapseMs }], {
      action: 'set_quorum',
      value: approvals,
      durationMs: lapseMs,
      reason,
    })
  )
}

/** The timeout of a proposal ends with it, unless the member is timed out for something else by now. */
const timeoutOver = (
  { member, until }: Proposal,
  cause: 'lifted',
  channel: Channel,
  seq: number,
): readonly ChannelDraft[] =>
  channel.timeouts.until.get(member) === until ? [{ type: 'TimeoutEnded', seq, member, cause }] : []

const withdrawn = (
  proposal: Proposal,
  { proposalId, reason }: ChannelCommandOf<'VoteOnBan'>,
  channel: Channel,
  context: DecideContext,
): Decision<ChannelDraft> => {
  const { member } = proposal
  const shown = timeoutOver(proposal, 'lifted', channel, channel.seq + 1)
  return {
    kind: 'accepted',
    events: [
      ...shown,
      { type: 'BanProposalEnded', proposalId, member, cause: 'rejected' },
      logEntry(channel, context, { action: 'reject_ban', member, reason, caseId: proposalId }),
    ],
    summary: { seq: channel.seq + shown.length, moderationSeq: channel.moderationSeq + 1 },
  }
}

const approved = (
  { member, needed, approvedBy, keys, ...proposal }: Proposal,
  { proposalId, reason }: ChannelCommandOf<'VoteOnBan'>,
  channel: Channel,
  context: DecideContext,
): Decision<ChannelDraft> => {
  const approvals = approvedBy.length + 1
  const vote: ChannelDraft = { type: 'BanApproved', proposalId, actor: context.principal, approvals }
  const entry = { member, reason, caseId: proposalId }
  if (approvals < needed)
    return acceptHidden(channel, context, [vote], { action: 'approve_ban', ...entry, value: approvals })
  const over = timeoutOver({ member, needed, approvedBy, ...proposal }, 'lifted', channel, channel.seq + 2)
  const next = { ...channel, moderationSeq: channel.moderationSeq + 1 }
  const addresses = addressesBanned(keys ?? [], entry, channel, context, 2)
  return {
    kind: 'accepted',
    events: [
      { type: 'MemberBanned', seq: channel.seq + 1, member, until: null, origin: null },
      ...over,
      vote,
      { type: 'BanProposalEnded', proposalId, member, cause: 'approved' },
      logEntry(channel, context, { action: 'approve_ban', ...entry, value: approvals }),
      logEntry(next, context, { action: 'ban_member', ...entry }),
      ...addresses,
    ],
    summary: {
      seq: channel.seq + 1 + over.length,
      moderationSeq: next.moderationSeq + (addresses.length === 0 ? 1 : 2),
    },
  }
}

export const voteOnBan: Decide<ChannelCommandOf<'VoteOnBan'>> = (vote, channel, context) => {
  const refused = unknown(channel) ?? notAllowed(channel, 'ban', context) ?? unfitReason(vote.reason)
  if (refused) return refused
  const proposal = knownProposal(channel, vote.proposalId, context)
  if ('kind' in proposal) return proposal
  return vote.approve
    ? (outOfReach(channel, proposal.member, context) ??
        approvedAlready(proposal, context) ??
        approved(proposal, vote, channel, context))
    : (notWithdrawable(channel, proposal, context) ?? withdrawn(proposal, vote, channel, context))
}

/** Proposals that nobody else has approved of in time; the timeout ends by itself. */
export const lapsedProposals = (channel: Channel, at: number, context: DecideContext): readonly ChannelDraft[] =>
  channel.casework.proposals
    .filter(({ until }) => until <= at)
    .flatMap(({ id: proposalId, member }, index): readonly ChannelDraft[] => [
      { type: 'BanProposalEnded', proposalId, member, cause: 'lapsed' },
      logEntry({ ...channel, moderationSeq: channel.moderationSeq + index }, context, {
        action: 'lapse_ban',
        actor: platformActor,
        member,
        caseId: proposalId,
      }),
    ])
