import { Map as ImmutableMap } from 'immutable'
import type { Instant } from '#libs/journal/log.ts'
import type { ChannelEventOf } from '../events.ts'

/** A report that waits for a moderator. What the reporter wrote is not the channel's to hold. */
export type Report = {
  readonly id: string
  readonly reporter: string
  readonly member: string
  /** None where it is about the person. */
  readonly messageId: string | null
  readonly openedAt: Instant
  /** The moderator who has taken it on. */
  readonly claimedBy: string | null
}

/** Who has reported what lately, in two generations: the older one is dropped whole. */
type Reported = {
  readonly since: Instant
  readonly current: ImmutableMap<string, readonly string[]>
  readonly previous: ImmutableMap<string, readonly string[]>
}

export type Reports = {
  /** The oldest first. */
  readonly open: readonly Report[]
  readonly reported: Reported
}

export const noReports: Reports = {
  open: [],
  reported: { since: 0, current: ImmutableMap(), previous: ImmutableMap() },
}

/** Reports that wait in a channel, at most. */
export const maxOpenReports = 500
/** What is reported once is not by the same person for one to two hours, and so many things at most. */
const generationMs = 3_600_000
const generationSize = 5_000
export const maxReportsOfOne = 10

/** What a report is about, as one text. */
export const targetOf = ({ member, messageId }: Pick<Report, 'member' | 'messageId'>): string =>
  messageId ?? `member ${member}`

/** What somebody has reported lately. */
export const reportedBy = ({ reported }: Reports, reporter: string): readonly string[] => [
  ...(reported.previous.get(reporter) ?? []),
  ...(reported.current.get(reporter) ?? []),
]

const remember = (reported: Reported, reporter: string, target: string, at: Instant): Reported => {
  const { since, current, previous } = reported
  const isFull = at - since >= generationMs || current.size >= generationSize
  if (!isFull) return { since, previous, current: current.set(reporter, [...(current.get(reporter) ?? []), target]) }
  return {
    since: at,
    current: ImmutableMap([[reporter, [target]]]),
    previous: at - since < 2 * generationMs ? current : ImmutableMap(),
  }
}

export const openReport = (
  { open, reported }: Reports,
  { reporter, member, messageId }: ChannelEventOf<'ReportOpened'>,
  id: string,
  at: Instant,
): Reports => {
  const report = { id, reporter, member, messageId, openedAt: at, claimedBy: null }
  return { open: [...open, report], reported: remember(reported, reporter, targetOf(report), at) }
}

export const claimReport = (
  reports: Reports,
  { reportId, actor, claimed }: ChannelEventOf<'ReportClaimed'>,
): Reports => ({
  ...reports,
  open: reports.open.map((each) => (each.id === reportId ? { ...each, claimedBy: claimed ? actor : null } : each)),
})

export const closeReport = (reports: Reports, { reportId }: ChannelEventOf<'ReportClosed'>): Reports => ({
  ...reports,
  open: reports.open.filter(({ id }) => id !== reportId),
})

type Entries = readonly (readonly [reporter: string, targets: readonly string[]])[]

/** As a snapshot has them. */
export type EncodedReports = {
  readonly open: readonly Report[]
  readonly since: Instant
  readonly current: Entries
  readonly previous: Entries
}

const entries = (map: ImmutableMap<string, readonly string[]>): Entries =>
  [...map].sort(([one], [other]) => (one < other ? -1 : 1))

export const encodeReports = ({ open, reported }: Reports): EncodedReports => ({
  open,
  since: reported.since,
  current: entries(reported.current),
  previous: entries(reported.previous),
})

export const decodeReports = ({ open, since, current, previous }: EncodedReports): Reports => ({
  open,
  reported: { since, current: ImmutableMap(current), previous: ImmutableMap(previous) },
})
