import { test } from 'node:test'
import { happened, t0 } from '#libs/testing/specification.ts'
import {
  given,
  lead,
  logged,
  moderator,
  otherModerator,
  otherViewer,
  posted,
  staffed,
  timedOutUntil,
  viewer,
} from '../channel.fixtures.ts'
import type { ChannelDraft, ChannelDraftOf } from '../events.ts'
import { evidenceFacts } from '../evidence/evidence.ts'

const said = [...staffed, happened(posted({ seq: 6, author: otherViewer }), { commandId: 'message' })]
const report = { type: 'ReportMember', member: null, messageId: 'message', category: 'spam', words: 'again' } as const
const ofPerson = { ...report, member: otherViewer, messageId: null, words: null } as const

const opened = (fields: Partial<ChannelDraftOf<'ReportOpened'>> = {}): ChannelDraft => ({
  type: 'ReportOpened',
  reporter: viewer,
  member: otherViewer,
  messageId: 'message',
  messageSeq: 6,
  category: 'spam',
  words: 'again',
  ...fields,
})
const entry = logged({
  actor: viewer,
  action: 'open_report',
  member: otherViewer,
  messageId: 'message',
  reason: 'again',
  caseId: 'when',
  label: 'spam',
})

test('a message is reported with the messages around, each sealed for its author', () => {
  const evidence = { id: 'message', seq: 6, author: otherViewer, name: 'Other', text: 'hi', at: t0, named: true }
  given(said).when(report).then([opened(), entry], { moderationSeq: 1 })
  given(said)
    .when(report, { facts: evidenceFacts([evidence]) })
    .then([
      opened(),
      entry,
      {
        type: 'EvidenceKept',
        messageId: 'message',
        messageSeq: 6,
        author: otherViewer,
        authorName: 'Other',
        text: 'hi',
        postedAt: t0,
        named: true,
      },
    ])
})

test('evidence that makes no sense is none', () => {
  for (const evidence of ['{', '[{}]', '[{"id":"a","seq":1,"author":"x","name":"","text":"","at":1,"named":true}]'])
    given(said).when(report, { facts: { evidence } }).then([opened(), entry])
})

test('a person is reported too, also by who is timed out', () => {
  const { messageId: _, reason: __, ...rest } = entry as ChannelDraftOf<'ModerationLogged'>
  given([...said, timedOutUntil(t0 + 60_000, { seq: 7 })])
    .when(ofPerson)
    .then([opened({ messageId: null, messageSeq: null, words: null }), { ...rest, messageId: null, reason: null }])
})

test('nobody reports themselves, nothing, or what is not there', () => {
  given(said)
    .when({ ...ofPerson, member: viewer })
    .thenRejected({ code: 'channel.report_unfit' })
  given(said)
    .when({ ...ofPerson, member: null })
    .thenRejected({ code: 'channel.report_unfit' })
  given(said)
    .when({ ...ofPerson, member: 'nobody' })
    .thenRejected({ code: 'channel.member_invalid' })
  given(said)
    .when({ ...report, messageId: 'other' })
    .thenRejected({ code: 'channel.message_unknown' })
  given(said)
    .when({ ...report, words: 'x'.repeat(513) })
    .thenRejected({ code: 'channel.text_too_long', field: 'reason', max: 512 })
  given(said).when(report, { principal: 'system' }).thenRejected({ code: 'channel.forbidden', action: 'report' })
})

test('the same is reported once by one person, and so much in an hour', () => {
  const before = [...said, happened(opened(), { commandId: 'report' })]
  given(before).when(report).thenRejected({ code: 'channel.reported_already' })
  const closed: ChannelDraft = {
    type: 'ReportClosed',
    reportId: 'report',
    reporter: viewer,
    actor: moderator,
    resolution: 'dismissed',
    actId: null,
  }
  given([...before, closed])
    .when(report)
    .thenRejected({ code: 'channel.reported_already' })
  given([...before, closed])
    .when(report, { principal: '2002' })
    .then([opened({ reporter: '2002' }), { ...entry, actor: '2002' } as ChannelDraft])
  const many = Array.from({ length: 10 }, (_, index) => opened({ messageId: null, member: `${3000 + index}` }))
  given([...said, ...many])
    .when(report)
    .thenRejected({ code: 'channel.too_many_reports', max: 10 })
  const hourLater = happened(opened({ reporter: '9', member: '8', messageId: null }), { at: t0 + 3_600_000 })
  const twoLater = happened(opened({ reporter: '9', member: '7', messageId: null }), { at: t0 + 7_200_000 })
  const forgotten = [...before, closed, hourLater, twoLater]
  given(forgotten).when(report).then([opened(), entry])
  const full = Array.from({ length: 500 }, (_, index) => opened({ reporter: `${4000 + index}` }))
  given([...said, ...full])
    .when(report)
    .thenRejected({ code: 'channel.reports_full', max: 500 })
})

const waiting = [
  ...said,
  happened(opened(), { commandId: 'report' }),
  happened(opened({ reporter: '2002' }), { commandId: 'same' }),
  happened(opened({ reporter: '2002', messageId: null }), { commandId: 'person' }),
]
const byModerator = { principal: moderator }
const claim = { type: 'ClaimReport', reportId: 'report', claim: true, reason: 'mine' } as const
const claimed: ChannelDraft = { type: 'ReportClaimed', reportId: 'report', actor: moderator, claimed: true }

test('a report is one moderator’s at a time, who may leave it to others', () => {
  const about = { moderationSeq: 1, actor: moderator, member: otherViewer, caseId: 'report' } as const
  given(waiting)
    .when(claim, byModerator)
    .then([claimed, logged({ ...about, action: 'claim_report', reason: 'mine' })])
  const taken = [...waiting, claimed]
  given(taken).when(claim, { principal: otherModerator }).thenRejected({ code: 'channel.report_claimed' })
  const release = { ...claim, claim: false, reason: null } as const
  given(taken).when(release, { principal: otherModerator }).thenRejected({ code: 'channel.report_claimed' })
  given(taken)
    .when(release, byModerator)
    .then([{ ...claimed, claimed: false } as ChannelDraft, logged({ ...about, action: 'release_report' })])
  given(waiting).when(release, byModerator).thenRejected({ code: 'channel.report_claimed' })
  given(waiting).when(claim).thenRejected({ code: 'channel.forbidden', action: 'handle_reports' })
  given(waiting)
    .when({ ...claim, reportId: 'none' }, { principal: lead })
    .thenRejected({ code: 'channel.report_unknown' })
})

test('what is handled is handled for all who reported the same, and they are told', () => {
  const closed = (reportId: string, reporter: string): ChannelDraft => ({
    type: 'ReportClosed',
    reportId,
    reporter,
    actor: moderator,
    resolution: 'acted',
    actId: 'ban',
  })
  const close = { type: 'CloseReport', reportId: 'report', resolution: 'acted', actId: 'ban', reason: 'spam' } as const
  const about = {
    actor: moderator,
    action: 'resolve_report',
    member: otherViewer,
    reason: 'spam',
    label: 'ban',
  } as const
  given(waiting)
    .when(close, byModerator)
    .then(
      [
        closed('report', viewer),
        closed('same', '2002'),
        logged({ ...about, moderationSeq: 1, caseId: 'report' }),
        logged({ ...about, moderationSeq: 2, caseId: 'same' }),
      ],
      { moderationSeq: 2, reports: 2 },
    )
  given([...waiting, closed('report', viewer), closed('same', '2002')])
    .when({ ...close, reportId: 'same' }, byModerator)
    .thenRejected({ code: 'channel.report_unknown' })
})
