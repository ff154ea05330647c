import { test } from 'node:test'
import { happened, t0 } from '#libs/testing/specification.ts'
import { broadcaster, given, logged, moderator, staffed, timedOutUntil, viewer, vip } from '../channel.fixtures.ts'
import type { ChannelDraft, ChannelDraftOf } from '../events.ts'

const byModerator = { principal: moderator }
const banned = (until: number | null, seq = 6): ChannelDraft => {
  return { type: 'MemberBanned', seq, member: viewer, until, origin: null }
}
const afterBan = [...staffed, happened(banned(null), { commandId: 'ban' })]
const appeal = { type: 'AppealAction', sanction: 'ban', text: 'it was a quote' } as const
const opened: ChannelDraft = {
  type: 'AppealOpened',
  appellant: viewer,
  sanction: 'ban',
  actId: 'ban',
  text: 'it was a quote',
}
const waiting = [...afterBan, happened(opened, { commandId: 'appeal' })]

test('who is banned appeals, once for each act, and nobody else does', () => {
  const entry = logged({
    actor: viewer,
    action: 'open_appeal',
    member: viewer,
    reason: 'it was a quote',
    caseId: 'when',
    label: 'ban',
  })
  given(afterBan).when(appeal).then([opened, entry], { moderationSeq: 1 })
  given(waiting).when(appeal).thenRejected({ code: 'channel.appealed_already' })
  const none = { code: 'channel.nothing_to_appeal', sanction: 'ban' }
  given(staffed).when(appeal).thenRejected(none)
  given(afterBan)
    .when({ ...appeal, sanction: 'timeout' })
    .thenRejected({ ...none, sanction: 'timeout' })
  given([...staffed, banned(t0 + 5)])
    .when(appeal, { at: t0 + 5 })
    .thenRejected(none)
  given([...waiting, { type: 'BanEnded', seq: 7, member: viewer, cause: 'lifted' }])
    .when(appeal)
    .thenRejected(none)
  given(afterBan)
    .when({ ...appeal, text: ' ' })
    .thenRejected({ code: 'channel.text_blank' })
  given(afterBan).when(appeal, { principal: 'system' }).thenRejected({ code: 'channel.forbidden', action: 'appeal' })
  given([...waiting, happened(banned(null, 7), { commandId: 'again' })])
    .when(appeal)
    .then([{ ...opened, actId: 'again' } as ChannelDraft, entry])
  const others = Array.from({ length: 500 }, (_, index): ChannelDraft => {
    return { ...(opened as ChannelDraftOf<'AppealOpened'>), appellant: `${5000 + index}` }
  })
  given([...afterBan, ...others])
    .when(appeal)
    .thenRejected({ code: 'channel.appeals_full', max: 500 })
})

const answer = { type: 'AnswerAppeal', appealId: 'appeal', answer: 'upheld', durationMs: null, reason: 'no' } as const
const answered = (fields: Partial<ChannelDraftOf<'AppealAnswered'>> = {}): ChannelDraft => ({
  type: 'AppealAnswered',
  appealId: 'appeal',
  appellant: viewer,
  sanction: 'ban',
  actor: moderator,
  answer: 'upheld',
  until: null,
  reason: 'no',
  ...fields,
})
const entry = (label: string, durationMs: number | null = null) =>
  logged({
    actor: moderator,
    action: 'answer_appeal',
    member: viewer,
    reason: 'no',
    caseId: 'appeal',
    label,
    durationMs,
  })

test('an appeal is upheld, lifted or shortened, with a reason that the appellant reads', () => {
  given(waiting)
    .when(answer, byModerator)
    .then([answered(), entry('upheld')], { seq: 6, moderationSeq: 1 })
  given(waiting)
    .when({ ...answer, answer: 'lifted' }, byModerator)
    .then([
      { type: 'BanEnded', seq: 7, member: viewer, cause: 'lifted' },
      answered({ answer: 'lifted' }),
      entry('lifted'),
    ])
  const until = t0 + 60_000
  given(waiting)
    .when({ ...answer, answer: 'shortened', durationMs: 60_000 }, byModerator)
    .then([banned(until, 7), answered({ answer: 'shortened', until }), entry('shortened', 60_000)])
  const shortened = [...waiting, banned(until, 7), answered({ answer: 'shortened', until })]
  given(shortened).when(appeal).thenRejected({ code: 'channel.appealed_already' })
  given([...waiting, answered()])
    .when(answer, byModerator)
    .thenRejected({ code: 'channel.appeal_unknown' })
  given([...waiting, answered()])
    .when(appeal)
    .thenRejected({ code: 'channel.appealed_already' })
})

test('a timeout is appealed against in the same way', () => {
  const timedOut = [...staffed, happened(timedOutUntil(t0 + 600_000, { seq: 6 }), { commandId: 'timeout' })]
  const about = { sanction: 'timeout', actId: 'timeout' } as const
  const open = happened({ ...opened, ...about } as ChannelDraft, { commandId: 'appeal' })
  const short = { ...answer, answer: 'shortened', durationMs: 1_000 } as const
  given([...timedOut, open])
    .when(short, byModerator)
    .then([
      timedOutUntil(t0 + 1_000, { seq: 7 }),
      answered({ sanction: 'timeout', answer: 'shortened', until: t0 + 1_000 }),
      entry('shortened', 1_000),
    ])
  given([...timedOut, open])
    .when({ ...answer, answer: 'lifted' }, byModerator)
    .then([
      { type: 'TimeoutEnded', seq: 7, member: viewer, cause: 'lifted' },
      answered({ sanction: 'timeout', answer: 'lifted' }),
      entry('lifted'),
    ])
  for (const durationMs of [600_000, 900_000, 999, null])
    given([...timedOut, open])
      .when({ ...short, durationMs }, byModerator)
      .thenRejected({ code: 'channel.answer_unfit' })
  given([...timedOut, open])
    .when({ ...answer, durationMs: 1_000 }, byModerator)
    .thenRejected({ code: 'channel.answer_unfit' })
})

test('moderators answer, those of whom they stand above', () => {
  given(waiting).when(answer, { principal: vip }).thenRejected({ code: 'channel.forbidden', action: 'answer_appeals' })
  const ofModerator = { ...(opened as ChannelDraftOf<'AppealOpened'>), appellant: moderator }
  const history = [
    ...staffed,
    happened({ ...(banned(null) as ChannelDraftOf<'MemberBanned'>), member: moderator }, { commandId: 'ban' }),
    happened(ofModerator, { commandId: 'appeal' }),
  ]
  given(history).when(answer, byModerator).thenRejected({ code: 'channel.rank_too_low' })
  given(history)
    .when(answer, { principal: broadcaster })
    .then([
      answered({ appellant: moderator, actor: broadcaster }),
      { ...(entry('upheld') as ChannelDraftOf<'ModerationLogged'>), actor: broadcaster, member: moderator },
    ])
})
