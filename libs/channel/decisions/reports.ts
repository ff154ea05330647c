import { targetOf } from '../casework/reports.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'
import type { ChannelDraft } from '../events.ts'
import { unknown } from '../rules/existence.ts'
import { knownMessage } from '../rules/moderation.ts'
import { notAllowed, notAMember } from '../rules/ranks.ts'
import { knownReport, notClaimable, reportedAlready, reportsFull, reportUnfit } from '../rules/reports.ts'
import { unfitReason } from '../rules/text.ts'
import { acceptHidden, type Decide, logEntry } from './accept.ts'

/** Who is banned or timed out may report as well: what they see is no less wrong. */
export const reportMember: Decide<ChannelCommandOf<'ReportMember'>> = (report, channel, context) => {
  const { category, messageId, words } = report
  const reporter = context.principal
  const refused = unknown(channel) ?? notAllowed(channel, 'report', context) ?? unfitReason(words)
  if (refused) return refused
  const about = messageId === null ? { author: report.member, seq: null } : knownMessage(channel, messageId, context)
  if ('kind' in about) return about
  const { author: member, seq: messageSeq } = about
  if (member === null) return reject('channel.report_unfit')
  const opened = { reporter, member, messageId }
  return (
    notAMember(member) ??
    reportUnfit(reporter, member) ??
    reportedAlready(channel.casework.reports, opened) ??
    reportsFull(channel) ??
    acceptHidden(channel, context, [{ type: 'ReportOpened', ...opened, messageSeq, category, words }], {
      action: 'open_report',
      member,
      messageId,
      reason: words,
      caseId: context.commandId,
      label: category,
    })
  )
}

export const claimReport: Decide<ChannelCommandOf<'ClaimReport'>> = ({ reportId, claim, reason }, channel, context) => {
  const refused = unknown(channel) ?? notAllowed(channel, 'handle_reports', context) ?? unfitReason(reason)
  if (refused) return refused
  const report = knownReport(channel, reportId)
  if ('kind' in report) return report
  return (
    notClaimable(report, claim, context.principal) ??
    acceptHidden(channel, context, [{ type: 'ReportClaimed', reportId, actor: context.principal, claimed: claim }], {
      action: claim ? 'claim_report' : 'release_report',
      member: report.member,
      caseId: reportId,
      reason,
    })
  )
}

/** What has been handled is handled for all who have reported the same. */
export const closeReport: Decide<ChannelCommandOf<'CloseReport'>> = (close, channel, context) => {
  const { reportId, resolution, actId, reason } = close
  const refused = unknown(channel) ?? notAllowed(channel, 'handle_reports', context) ?? unfitReason(reason)
  if (refused) return refused
  const report = knownReport(channel, reportId)
  if ('kind' in report) return report
  const same = channel.casework.reports.open.filter((each) => targetOf(each) === targetOf(report))
  const closed = same.map(({ id, reporter }): ChannelDraft => {
    return { type: 'ReportClosed', reportId: id, reporter, actor: context.principal, resolution, actId }
  })
  const action = resolution === 'acted' ? 'resolve_report' : 'dismiss_report'
  const entries = same.map(({ id: caseId, member }, index) =>
    logEntry({ ...channel, moderationSeq: channel.moderationSeq + index }, context, {
      action,
      member,
      reason,
      caseId,
      label: actId,
    }),
  )
  return {
    kind: 'accepted',
    events: [...closed, ...entries],
    summary: { moderationSeq: channel.moderationSeq + same.length, reports: same.length },
  }
}
