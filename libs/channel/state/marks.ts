import { Map as ImmutableMap } from 'immutable'
import type { Instant } from '#libs/journal/log.ts'
import type { ChannelEventOf } from '../events.ts'

/** What a channel holds of a member, for a term or without end. */
export type Mark = 'ban' | 'subscription' | ChannelEventOf<'MemberMarked'>['mark']

/** `value` is the tier of a subscription, of `slow` the seconds between two messages, of `link_permit` 1 where it is for one. */
export type MarkTerm = {
  readonly until: Instant | null
  readonly value: number | null
  /** Of `slow`: when the member posted last. */
  readonly lastPostAt?: Instant
  /** Of a ban: the channel whose list it came from. */
  readonly origin?: string
  /** Of a ban: keyed hashes of addresses from which others do not post either. */
  readonly addresses?: readonly string[]
}

export type MemberMarks = Readonly<Partial<Record<Mark, MarkTerm>>>

/** All marks by member, so that a post is judged after one look. A mark stays until an event ends it. */
export type Marks = {
  readonly byMember: ImmutableMap<string, MemberMarks>
  /** Members who are banned with an address, by its hash. */
  readonly byAddress: ImmutableMap<string, readonly string[]>
  /** The earliest of all ends; known without a search, since an owner asks after every record. */
  readonly earliest: Instant | undefined
}

export const noMarks: Marks = { byMember: ImmutableMap(), byAddress: ImmutableMap(), earliest: undefined }

/** The marks of whoever has none: the same value for all of them. */
export const noneOf: MemberMarks = {}

export const marksOf = ({ byMember }: Marks, member: string): MemberMarks => byMember.get(member) ?? noneOf

/** Whether the mark is there and its term not over, whether its end has been announced yet or not. */
export const holds = (term: MarkTerm | undefined, at: Instant): term is MarkTerm =>
  term !== undefined && (term.until === null || term.until > at)

const earliestEnd = (marks: MemberMarks): Instant | undefined => {
  let earliest: Instant | undefined
  for (const { until } of Object.values(marks))
    if (until !== null && (earliest === undefined || until < earliest)) earliest = until
  return earliest
}

const lower = (one: Instant | undefined, other: Instant | undefined): Instant | undefined =>
  one === undefined ? other : other === undefined ? one : Math.min(one, other)

type ByAddress = Marks['byAddress']

const without = (byAddress: ByAddress, key: string, member: string): ByAddress => {
  const left = (byAddress.get(key) ?? []).filter((each) => each !== member)
  return left.length === 0 ? byAddress.delete(key) : byAddress.set(key, left)
}

const withAddresses = (
  byAddress: ByAddress,
  member: string,
  before: MarkTerm | undefined,
  after: MarkTerm | undefined,
): ByAddress => {
  if (before?.addresses === after?.addresses) return byAddress
  const left = (before?.addresses ?? []).reduce((map, key) => without(map, key, member), byAddress)
  return (after?.addresses ?? []).reduce((map, key) => map.set(key, [...(map.get(key) ?? []), member]), left)
}

const withMember = (marks: Marks, member: string, changed: MemberMarks): Marks => {
  const had = marksOf(marks, member)
  const before = earliestEnd(had)
  const byAddress = withAddresses(marks.byAddress, member, had.ban, changed.ban)
  const isEmpty = Object.keys(changed).length === 0
  const byMember = isEmpty ? marks.byMember.delete(member) : marks.byMember.set(member, changed)
  // The earliest may be gone: the only case in which all must be looked at.
  if (before !== undefined && before === marks.earliest) {
    let earliest: Instant | undefined
    for (const each of byMember.values()) earliest = lower(earliest, earliestEnd(each))
    return { byMember, byAddress, earliest }
  }
  return { byMember, byAddress, earliest: lower(marks.earliest, earliestEnd(changed)) }
}

/** Of entries as a snapshot has them. */
export const marksFrom = (entries: Iterable<readonly [member: string, marks: MemberMarks]>): Marks => {
  const byMember = ImmutableMap(entries)
  let earliest: Instant | undefined
  let { byAddress } = noMarks
  for (const [member, each] of byMember) {
    earliest = lower(earliest, earliestEnd(each))
    byAddress = withAddresses(byAddress, member, undefined, each.ban)
  }
  return { byMember, byAddress, earliest }
}

const endOf = ({ until }: MarkTerm): number => until ?? Number.POSITIVE_INFINITY

/** The ban that holds of somebody who came from one of these addresses; of several, the one that ends last. */
export const addressBan = (
  { byMember, byAddress }: Marks,
  keys: readonly string[],
  at: Instant,
): MarkTerm | undefined => {
  let last: MarkTerm | undefined
  for (const key of keys)
    for (const member of byAddress.get(key) ?? []) {
      const ban = byMember.get(member)?.ban
      if (holds(ban, at) && (!last || endOf(ban) > endOf(last))) last = ban
    }
  return last
}

/** Changes with which addresses a banned member is banned; none: the member alone. Nothing of who is not banned. */
export const setAddresses = (marks: Marks, member: string, addresses: readonly string[]): Marks => {
  const { ban } = marksOf(marks, member)
  if (!ban) return marks
  const { addresses: _, ...alone } = ban
  return setMark(marks, member, 'ban', addresses.length === 0 ? alone : { ...ban, addresses })
}

export const setMark = (marks: Marks, member: string, mark: Mark, term: MarkTerm): Marks =>
  withMember(marks, member, { ...marksOf(marks, member), [mark]: term })

export const endMark = (marks: Marks, member: string, mark: Mark): Marks => {
  const { [mark]: ended, ...others } = marksOf(marks, member)
  return ended === undefined ? marks : withMember(marks, member, others)
}

/** Remembers a post where a mark slows its author. */
export const rememberSlowed = (marks: Marks, author: string, at: Instant): Marks => {
  const { slow } = marksOf(marks, author)
  return slow ? setMark(marks, author, 'slow', { ...slow, lastPostAt: at }) : marks
}

export type EndedMark = { readonly member: string; readonly mark: Mark; readonly until: Instant }

/** What is over by then, the earliest first. */
export const marksOver = ({ byMember, earliest }: Marks, at: Instant): readonly EndedMark[] => {
  if (earliest === undefined || earliest > at) return []
  const over: EndedMark[] = []
  for (const [member, marks] of byMember)
    for (const [mark, { until }] of Object.entries(marks))
      if (until !== null && until <= at) over.push({ member, mark: mark as Mark, until })
  return over.sort(
    (one, other) => one.until - other.until || (`${one.member} ${one.mark}` < `${other.member} ${other.mark}` ? -1 : 1),
  )
}

/** Members with a mark, at most: snapshots hold them all. */
export const maxMarked = 100_000
