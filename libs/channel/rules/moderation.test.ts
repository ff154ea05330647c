import { test } from 'node:test'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { happened, t0 } from '#libs/testing/specification.ts'
import {
  broadcaster,
  given,
  lead,
  logged,
  moderator,
  otherViewer,
  posted,
  staffed,
  timedOutUntil,
  viewer,
} from '../channel.fixtures.ts'
import type { ChannelDraft } from '../events.ts'
import { recentMessageCount } from '../state/recent-messages.ts'
import { maxTimeoutMs, minTimeoutMs } from './moderation.ts'

const deletion = (messageId: string) => ({ type: 'DeleteMessage', ...channelAbsent.DeleteMessage, messageId }) as const
const deleted = (seq: number, messageId: string, messageSeq: number, author: string): ChannelDraft => ({
  type: 'MessageDeleted',
  ...channelAbsent.MessageDeleted,
  seq,
  messageId,
  messageSeq,
  author,
})
const lineBy = (author: string, id: string, seq = 6) => happened(posted({ seq, author }), { commandId: id })

test('people delete their own messages, moderators those of lower rank', () => {
  for (const [actor, author] of [
    [viewer, viewer],
    [moderator, moderator],
    [moderator, viewer],
    [lead, moderator],
    [broadcaster, lead],
  ] as const)
    given([...staffed, lineBy(author, 'line')])
      .when(deletion('line'), { principal: actor })
      .then(
        [deleted(7, 'line', 6, author), logged({ actor, action: 'delete_message', member: author, messageId: 'line' })],
        { seq: 7, moderationSeq: 1 },
      )
})

test('nobody deletes what others of no lower rank wrote', () => {
  given([...staffed, lineBy(otherViewer, 'line')])
    .when(deletion('line'))
    .thenRejected({ code: 'channel.forbidden', action: 'delete_messages' })
  given([...staffed, lineBy(lead, 'line')])
    .when(deletion('line'), { principal: moderator })
    .thenRejected({ code: 'channel.rank_too_low' })
})

test('a message is deleted once, and only if there is one', () => {
  given([...staffed, lineBy(viewer, 'line'), deleted(7, 'line', 6, viewer)])
    .when(deletion('line'))
    .thenRejected({ code: 'channel.message_deleted' })
  given(staffed).when(deletion('line')).thenRejected({ code: 'channel.message_unknown' })
})

test('an older message is found by what the edge read of it', () => {
  const lines = Array.from({ length: recentMessageCount + 1 }, (_, index) => lineBy(viewer, `line-${index}`, 6 + index))
  const history = [...staffed, ...lines]
  const seq = 6 + lines.length
  const older = { messageSeq: '6', messageAuthor: viewer }
  given(history)
    .when(deletion('line-1'))
    .then([
      deleted(seq, 'line-1', 7, viewer),
      logged({ actor: viewer, action: 'delete_message', member: viewer, messageId: 'line-1' }),
    ])
  given(history).when(deletion('line-0')).thenRejected({ code: 'channel.message_unknown' })
  given(history)
    .when(deletion('line-0'), { facts: older })
    .then([
      deleted(seq, 'line-0', 6, viewer),
      logged({ actor: viewer, action: 'delete_message', member: viewer, messageId: 'line-0' }),
    ])
  // Were it as young as that, the channel would know it.
  for (const messageSeq of ['7', '0', '-1', '5.5', '', 'x'])
    given(history)
      .when(deletion('elsewhere'), { facts: { ...older, messageSeq } })
      .thenRejected({ code: 'channel.message_unknown' })
})

test('a timeout lasts a second at least and 14 days at most', () => {
  const timeOut = (durationMs: number) =>
    ({ type: 'TimeOutMember', member: viewer, durationMs, reason: null, messages: null }) as const
  for (const durationMs of [minTimeoutMs, maxTimeoutMs])
    given(staffed)
      .when(timeOut(durationMs), { principal: moderator })
      .then([
        timedOutUntil(t0 + durationMs, { seq: 6 }),
        logged({ actor: moderator, action: 'time_out_member', member: viewer, durationMs }),
      ])
  for (const durationMs of [minTimeoutMs - 1, maxTimeoutMs + 1, 1_000.5, -1])
    given(staffed)
      .when(timeOut(durationMs), { principal: moderator })
      .thenRejected({ code: 'channel.duration_out_of_range', minMs: 1_000, maxMs: 1_209_600_000 })
})

test('the reason of a timeout is for the moderators, and a fit text', () => {
  const timeOut = (reason: string) =>
    ({ type: 'TimeOutMember', member: viewer, durationMs: 1_000, reason, messages: null }) as const
  given(staffed)
    .when(timeOut('spam'), { principal: moderator })
    .then([
      timedOutUntil(t0 + 1_000, { seq: 6 }),
      logged({ actor: moderator, action: 'time_out_member', member: viewer, durationMs: 1_000, reason: 'spam' }),
    ])
  given(staffed)
    .when(timeOut('a\nb'), { principal: moderator })
    .thenRejected({ code: 'channel.text_invalid', field: 'reason' })
})

test('a timeout is lifted by a moderator, once', () => {
  const lift = { type: 'LiftTimeout', reason: null, member: viewer } as const
  const ended: ChannelDraft = { type: 'TimeoutEnded', seq: 7, member: viewer, cause: 'lifted' }
  const history = [...staffed, timedOutUntil(t0 + 60_000, { seq: 6 })]
  given(history)
    .when(lift, { principal: moderator })
    .then([ended, logged({ actor: moderator, action: 'lift_timeout', member: viewer })])
  given(history)
    .when({ ...lift, reason: 'apologised' }, { principal: moderator })
    .then([ended, logged({ actor: moderator, action: 'lift_timeout', member: viewer, reason: 'apologised' })])
  given(history)
    .when({ ...lift, reason: 'a\nb' }, { principal: moderator })
    .thenRejected({ code: 'channel.text_invalid', field: 'reason' })
  given(history).when(lift).thenRejected({ code: 'channel.forbidden', action: 'lift_timeouts' })
  given([...history, ended])
    .when(lift, { principal: moderator })
    .thenRejected({ code: 'channel.not_timed_out' })
  given([...history, ended])
    .when({ type: 'PostMessage', ...channelAbsent.PostMessage, text: 'hi' })
    .then([posted({ seq: 8 })])
})
