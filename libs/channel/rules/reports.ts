import type { Rejection } from '#libs/journal/decider.ts'
import {
  maxOpenReports,
  maxReportsOfOne,
  type Report,
  type Reports,
  reportedBy,
  targetOf,
} from '../casework/reports.ts'
import { reject } from '../errors.ts'
import type { Channel } from '../state.ts'

/** A report is about somebody else. */
export const reportUnfit = (reporter: string, member: string): Rejection | undefined =>
  reporter === member ? reject('channel.report_unfit') : undefined

/** One report of the same thing by the same person, and not too many of anything. */
export const reportedAlready = (reports: Reports, report: Pick<Report, 'reporter' | 'member' | 'messageId'>) => {
  const lately = reportedBy(reports, report.reporter)
  const target = targetOf(report)
  const waits = reports.open.some((each) => each.reporter === report.reporter && targetOf(each) === target)
  if (waits || lately.includes(target)) return reject('channel.reported_already')
  return lately.length >= maxReportsOfOne ? reject('channel.too_many_reports', { max: maxReportsOfOne }) : undefined
}

export const reportsFull = ({ casework }: Channel): Rejection | undefined =>
  casework.reports.open.length >= maxOpenReports ? reject('channel.reports_full', { max: maxOpenReports }) : undefined

export const knownReport = ({ casework }: Channel, reportId: string): Report | Rejection =>
  casework.reports.open.find(({ id }) => id === reportId) ?? reject('channel.report_unknown')

/** A report is one moderator's at a time, and only who has it leaves it to others. */
export const notClaimable = (report: Report, claim: boolean, actor: string): Rejection | undefined =>
  claim === (report.claimedBy === null) && (claim || report.claimedBy === actor)
    ? undefined
    : reject('channel.report_claimed')
