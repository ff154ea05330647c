import { knownAlts } from '../casework/alts.ts'
import { sanctionOf } from '../casework/sanctions.ts'
import type { PastCasework, PastMark, PastMember } from '../past.ts'
import { memberRole } from '../rules/ranks.ts'
import { type MemberMarks, marksOf } from '../state/marks.ts'
import { lastStep } from '../state/offences.ts'
import type { Channel } from '../state.ts'

/** So many members are told of. */
const mostMembers = 10_000

const inOrder = <Value>(members: Iterable<readonly [string, Value]>): readonly (readonly [string, Value])[] =>
  [...members].sort(([one], [other]) => Number(one) - Number(other))

const shownMarks = (memberId: string, terms: MemberMarks): readonly PastMark[] =>
  Object.entries(terms).map(([mark, { until, value, origin, addresses = [] }]) => ({
    memberId,
    mark,
    until,
    value,
    origin: origin ?? null,
    addresses: addresses.length,
  }))

/** Bans, marks and subscriptions of a channel as it was, in the order of the members' ids. */
export const pastMarks = ({ marks }: Channel): readonly PastMark[] =>
  inOrder(marks.byMember)
    .slice(0, mostMembers)
    .flatMap(([memberId, terms]) => shownMarks(memberId, terms))

const kinds = ['ban', 'timeout'] as const

/** One member as the channel knew them, and what of theirs waited for a moderator. */
export const pastMember = (channel: Channel, member: string): PastMember => {
  const { reports, appeals, proposals, sanctions, alts } = channel.casework
  return {
    role: memberRole(channel, member),
    timedOutUntil: channel.timeouts.until.get(member) ?? null,
    marks: shownMarks(member, marksOf(channel.marks, member)),
    sanctions: kinds.flatMap((kind) => {
      const sanction = sanctionOf(sanctions, kind, member)
      return sanction ? [{ kind, ...sanction }] : []
    }),
    step: lastStep(channel.offences, member) ?? null,
    alts: knownAlts(alts, member),
    reports: reports.open.flatMap(({ id, member: of, claimedBy }) => (of === member ? [{ id, claimedBy }] : [])),
    appeals: appeals.flatMap(({ id, appellant }) => (appellant === member ? [id] : [])),
    proposals: proposals.flatMap(({ id, member: of }) => (of === member ? [id] : [])),
    heldMessages: channel.held.count(({ author }) => author === member),
  }
}

/** What its moderators had on their desk then, and what they went by. */
export const pastCasework = ({ casework }: Channel): PastCasework => {
  const { reports, appeals, proposals, quorum, terms, group, banLists, alts } = casework
  return {
    reports: reports.open.length,
    appeals: appeals.length,
    proposals: proposals.length,
    quorum: quorum?.approvals ?? null,
    blockedTerms: terms.map(({ term }) => term),
    group,
    followedBanLists: banLists.sources.map(({ channel }) => channel),
    alts: inOrder(alts)
      .slice(0, mostMembers)
      .map(([memberId, linked]) => ({ memberId, alts: linked })),
  }
}
