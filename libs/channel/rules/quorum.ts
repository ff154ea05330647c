import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import { maxApprovals, maxBanAloneMs, maxProposals, minLapseMs, type Proposal } from '../casework/proposals.ts'
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

const needed = (): Rejection => reject('channel.quorum_needed', { maxMs: maxBanAloneMs })

/** A ban of years would be one without end that nobody else was asked about. */
export const tooLongAlone = ({ casework }: Channel, durationMs: number | null): Rejection | undefined =>
  casework.quorum && durationMs !== null && durationMs > maxBanAloneMs ? needed() : undefined

/** Bans that count at once and without end: none where others have to be asked. */
export const notAlone = ({ casework }: Channel): Rejection | undefined => (casework.quorum ? needed() : undefined)

/** One proposal for each member, and not too many of them. */
export const notProposable = ({ casework }: Channel, member: string): Rejection | undefined => {
  if (casework.proposals.some((each) => each.member === member)) return reject('channel.ban_proposed')
  return casework.proposals.length >= maxProposals ? reject('channel.proposals_full', { max: maxProposals }) : undefined
}

/** Of these who is not proposed yet, as far as there is room; the refusal of the first where there is nobody. */
export const proposable = (channel: Channel, members: readonly string[]): ReadonlySet<string> | Rejection => {
  const { proposals } = channel.casework
  const waiting = new Set(proposals.map(({ member }) => member))
  const found = members.filter((member) => !waiting.has(member)).slice(0, Math.max(0, maxProposals - proposals.length))
  const [first] = members
  const refused = found.length === 0 && first !== undefined ? notProposable(channel, first) : undefined
  return refused ?? new Set(found)
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
