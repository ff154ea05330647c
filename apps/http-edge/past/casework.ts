import type { PastCasework, PastMark } from '#libs/channel/past.ts'
import type { Channel } from '#libs/channel/state.ts'

/** So many members are told of. */
const mostMembers = 10_000

const inOrder = <Value>(members: Iterable<readonly [string, Value]>): readonly (readonly [string, Value])[] =>
  [...members].sort(([one], [other]) => Number(one) - Number(other))

/** Bans, marks and subscriptions of a channel as it was, in the order of the members' ids. */
export const pastMarks = ({ marks }: Channel): readonly PastMark[] =>
  inOrder(marks.byMember)
    .slice(0, mostMembers)
    .flatMap(([memberId, terms]) =>
      Object.entries(terms).map(([mark, { until, value, origin, addresses = [] }]) => ({
        memberId,
        mark,
        until,
        value,
        origin: origin ?? null,
        addresses: addresses.length,
      })),
    )

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
