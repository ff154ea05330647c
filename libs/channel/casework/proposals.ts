import type { Instant } from '#libs/journal/log.ts'
import type { ChannelEventOf } from '../events.ts'

/** How many moderators it takes to ban without end, and for how long they may think about it. */
export type Quorum = { readonly approvals: number; readonly lapseMs: number }

/** A ban without end that waits for other moderators. */
export type Proposal = {
  readonly id: string
  readonly member: string
  readonly needed: number
  /** Who approves of it; the first has proposed it. */
  readonly approvedBy: readonly string[]
  /** When it lapses, and with it the timeout of the member. */
  readonly until: Instant
  /** Of the addresses that are banned with the member, once it counts. */
  readonly keys?: readonly string[]
}

/** Bans that wait in a channel, at most. */
export const maxProposals = 100
export const maxApprovals = 10
/** A day. */
export const usualLapseMs = 86_400_000
export const minLapseMs = 60_000
/** 90 days: where a quorum is set one moderator alone bans for so long, at most. */
export const maxBanAloneMs = 7_776_000_000

export const proposeBan = (
  proposals: readonly Proposal[],
  { actor, member, needed, until, keys, proposalId }: ChannelEventOf<'BanProposed'>,
  commandId: string,
): readonly Proposal[] => [
  ...proposals,
  { id: proposalId ?? commandId, member, needed, approvedBy: [actor], until, ...(keys && { keys }) },
]

export const approveBan = (
  proposals: readonly Proposal[],
  { proposalId, actor }: ChannelEventOf<'BanApproved'>,
): readonly Proposal[] =>
  proposals.map((each) => (each.id === proposalId ? { ...each, approvedBy: [...each.approvedBy, actor] } : each))

/** When the first of them lapses; undefined where none waits. */
export const earliestLapse = (proposals: readonly Proposal[]): Instant | undefined =>
  proposals.length === 0 ? undefined : Math.min(...proposals.map(({ until }) => until))
