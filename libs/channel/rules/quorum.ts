import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import { maxApprovals, maxProposals, minLapseMs, type Proposal } from '../casework/proposals.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'
import type { Channel } from '../state.ts'
import { maxTimeoutMs } from './moderation.ts'
import { notAllowed } from './ranks.ts'

export const quorumUnfit = ({ approvals, lapseMs }: ChannelCommandOf<'SetQuorum'>): Rejection | undefined => {
  const fits =
    (approvals === null || (Number.isInteger(approvals) && approvals >= 2 && approvals <= maxApprovals)) &&
    (lapseMs === null || (Number.isInteger(lapseMs) && lapseMs >= minLapseMs && lapseMs <= maxTimeoutMs))
  const bounds = { min: 2, max: maxApprovals, minMs: minLapseMs, maxMs: maxTimeoutMs }
  return fits ? undefined : reject('channel.quorum_unfit', bounds)
}

/** One proposal for each member, and not too many of them. */
export const notProposable = ({ casework }: Channel, member: string): Rejection | undefined => {
  if (casework.proposals.some((each) => each.member === member)) return reject('channel.ban_proposed')
  return casework.proposals.length >= maxProposals ? reject('channel.proposals_full', { max: maxProposals }) : undefined
}

export const knownProposal = ({ casework }: Channel, proposalId: string, { at }: DecideContext): Proposal | Rejection =>
  casework.proposals.find(({ id, until }) => id === proposalId && until > at) ?? reject('channel.proposal_unknown')

export const approvedAlready = ({ approvedBy }: Proposal, { principal }: DecideContext): Rejection | undefined =>
  approvedBy.includes(principal) ? reject('channel.approved_already') : undefined

/** Who has proposed a ban takes it back, and who stands above moderators. */
export const notWithdrawable = (
  channel: Channel,
  { approvedBy }: Proposal,
  context: DecideContext,
): Rejection | undefined =>
  approvedBy[0] === context.principal ? undefined : notAllowed(channel, 'reject_bans', context)
