import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import type { Copied } from '#libs/contracts/sealed.ts'
import { happened, t0 } from '#libs/testing/specification.ts'
import {
  broadcaster,
  channelId,
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
import type { ChannelCommandOf } from '../commands.ts'
import type { ChannelDraft } from '../events.ts'
import { type HeldMessage, maxHeldMessages, noHeldMessages } from '../state/held.ts'
import { initial } from '../state.ts'
import { queueFull } from './members.ts'

const post = { type: 'PostMessage', ...channelAbsent.PostMessage, text: 'hi' } as const
const byModerator = { principal: moderator }
const clock = { principal: 'manager/clock' }
const ban = {
  type: 'BanMember',
  ...channelAbsent.BanMember,
  member: viewer,
  reason: 'spam',
  messages: ['line'],
} as const
const banned = (until: number | null, seq = 6): ChannelDraft => {
  return { type: 'MemberBanned', seq, member: viewer, until, origin: null }
}

type Marking = ChannelCommandOf<'MarkMember'>
const mark = (name: Marking['mark'], more: Partial<Marking> = {}): Marking => ({
  type: 'MarkMember',
  ...channelAbsent.MarkMember,
  member: viewer,
  mark: name,
  ...more,
})
const marked = (name: Marking['mark'], more: { until?: number | null; value?: number; actor?: string } = {}) =>
  ({
    type: 'MemberMarked',
    ...channelAbsent.MemberMarked,
    actor: moderator,
    member: viewer,
    mark: name,
    ...more,
  }) as const satisfies ChannelDraft

test('who is banned does not post, without end or for a term, and is told so', () => {
  given(staffed)
    .when(ban, byModerator)
    .then([
      banned(null),
      logged({ actor: moderator, action: 'ban_member', member: viewer, reason: 'spam', messages: ['line'] }),
    ])
  given(staffed)
    .when({ ...ban, durationMs: 60_000 }, byModerator)
    .then([
      banned(t0 + 60_000),
      logged({
        ...{ actor: moderator, action: 'ban_member', member: viewer, reason: 'spam', messages: ['line'] },
        durationMs: 60_000,
      }),
    ])
  given([...staffed, banned(null)])
    .when(post)
    .thenRejected({ code: 'channel.banned' })
  given([...staffed, banned(t0 + 5)])
    .when(post)
    .thenRejected({ code: 'channel.banned', remainingMs: 5 })
  given([...staffed, banned(t0)])
    .when(post)
    .then([posted({ seq: 7 })])
  given([...staffed, banned(null)])
    .when(post, { principal: otherViewer })
    .then([posted({ seq: 7, author: otherViewer })])
})

test('who administers the platform posts though moderators have banned, muted or timed them out', () => {
  const asAdmin = { facts: { platformRole: 'admin', displayName: 'Viewer' } }
  const silenced: readonly (readonly [ChannelDraft, string, number])[] = [
    [banned(null), 'channel.banned', 7],
    [marked('mute'), 'channel.muted', 6],
    [timedOutUntil(t0 + 5, { seq: 6 }), 'channel.timed_out', 7],
  ]
  for (const [silence, code, seq] of silenced) {
    const history = [...staffed, silence]
    given(history)
      .when(post)
      .thenRejected({ code, ...(code === 'channel.timed_out' && { remainingMs: 5 }) })
    given(history)
      .when(post, asAdmin)
      .then([posted({ seq, role: 'platform_admin' })])
  }
})

test('a ban is lifted, or over at its time', () => {
  const ended = (cause: 'lifted' | 'expired'): ChannelDraft => ({ type: 'BanEnded', seq: 7, member: viewer, cause })
  const unban = { type: 'UnbanMember', member: viewer, reason: null } as const
  given([...staffed, banned(null)])
    .when(unban, byModerator)
    .then([ended('lifted'), logged({ actor: moderator, action: 'unban_member', member: viewer })])
  given(staffed).when(unban, byModerator).thenRejected({ code: 'channel.not_banned' })
  given([...staffed, banned(t0 + 5)])
    .when({ type: 'EndTerms', dueAt: t0 + 5 }, clock)
    .then([ended('expired')], { seq: 7 })
})

test('acts on members go down the ranks, within bounds', () => {
  given(staffed).when(ban).thenRejected({ code: 'channel.forbidden', action: 'ban' })
  for (const member of [moderator, otherModerator, lead, broadcaster])
    given(staffed)
      .when({ ...ban, member }, byModerator)
      .thenRejected({ code: 'channel.rank_too_low' })
  given(staffed)
    .when({ ...ban, member: 'x' }, byModerator)
    .thenRejected({ code: 'channel.member_invalid' })
  given(staffed)
    .when({ ...ban, messages: Array.from({ length: 21 }, () => 'line') }, byModerator)
    .thenRejected({ code: 'channel.too_many_messages', max: 20 })
})

test('who is protected is out of reach of moderators, not of the broadcaster', () => {
  const safe = [...staffed, marked('protected', { actor: lead })]
  given(staffed)
    .when(mark('protected'), byModerator)
    .thenRejected({ code: 'channel.forbidden', action: 'protect_members' })
  given(safe).when(ban, byModerator).thenRejected({ code: 'channel.member_protected' })
  given(safe)
    .when({ ...ban, reason: null, messages: null }, { principal: broadcaster })
    .then([banned(null), logged({ actor: broadcaster, action: 'ban_member', member: viewer })])
})

test('who is warned posts again once they have acknowledged it', () => {
  given(staffed)
    .when(mark('warning', { reason: 'no spoilers' }), byModerator)
    .then([
      { ...marked('warning'), reason: 'no spoilers' },
      logged({ actor: moderator, action: 'mark_member', mark: 'warning', member: viewer, reason: 'no spoilers' }),
    ])
  const warned = [...staffed, marked('warning')]
  given(warned).when(post).thenRejected({ code: 'channel.warned' })
  given(warned)
    .when({ type: 'AcknowledgeWarning' })
    .then([
      { type: 'MarkEnded', member: viewer, mark: 'warning', cause: 'acknowledged' },
      logged({ actor: viewer, action: 'acknowledge_warning', member: viewer }),
    ])
  given(staffed).when({ type: 'AcknowledgeWarning' }).thenRejected({ code: 'channel.not_marked', mark: 'warning' })
})

test('a mute keeps somebody from posting and is told to nobody else', () => {
  given([...staffed, marked('mute', { until: t0 + 9 })])
    .when(post)
    .thenRejected({ code: 'channel.muted', remainingMs: 9 })
  given([...staffed, marked('mute', { until: t0 + 9 })])
    .when({ type: 'EndTerms', dueAt: t0 + 9 }, clock)
    .then([{ type: 'MarkEnded', member: viewer, mark: 'mute', cause: 'expired' }], { seq: 5 })
  given([...staffed, marked('mute')])
    .when({ type: 'UnmarkMember', member: viewer, mark: 'mute', reason: null }, byModerator)
    .then([
      { type: 'MarkEnded', member: viewer, mark: 'mute', cause: 'lifted' },
      logged({ actor: moderator, action: 'unmark_member', mark: 'mute', member: viewer }),
    ])
})

test('a member is slowed alone', () => {
  const slowed = [...staffed, marked('slow', { value: 30 }), posted({ seq: 6 })]
  given(slowed)
    .when(post, { at: t0 + 10_000 })
    .thenRejected({ code: 'channel.slowed', remainingMs: 20_000 })
  given(slowed)
    .when(post, { at: t0 + 30_000 })
    .then([posted({ seq: 7 })])
  given(slowed)
    .when(post, { principal: otherViewer })
    .then([posted({ seq: 7, author: otherViewer })])
  for (const wrong of [mark('slow'), mark('mute', { value: 3 })])
    given(staffed)
      .when(wrong, byModerator)
      .thenRejected({ code: 'channel.mark_value_out_of_range', maxSeconds: 21_600 })
})

test('what a shadow-restricted member says takes its number, and is theirs and the moderators’ alone', () => {
  const shadowed = [...staffed, marked('shadow')]
  given(shadowed)
    .when(post)
    .then([posted({ seq: 6, seenBy: 'author' })], { seq: 6, messageId: 'when' })
  given([...shadowed, happened(posted({ seq: 6, seenBy: 'author' }), { commandId: 'line' })])
    .when({ type: 'DeleteMessage', messageId: 'line', reason: null }, byModerator)
    .then([
      { type: 'MessageDeleted', seq: 7, messageId: 'line', messageSeq: 6, author: viewer, seenBy: 'author' },
      logged({ actor: moderator, action: 'delete_message', member: viewer, messageId: 'line' }),
    ])
})

const held = {
  type: 'MessageHeld',
  ...channelAbsent.MessageHeld,
  moderationSeq: 1,
  author: viewer,
  authorName: 'Viewer',
  text: 'hi',
  cause: 'low_trust',
} as const satisfies ChannelDraft
const noBytes = Buffer.alloc(0) as unknown as Copied
const review = (approve: boolean) => ({ type: 'ReviewMessage', messageId: 'line', approve, reason: null }) as const

test('who is not trusted waits for a moderator', () => {
  given([...staffed, marked('low_trust')])
    .when(post)
    .then([held], { messageId: 'when', held: true, kind: 'low_trust' })
  const waiting = [...staffed, happened(held, { commandId: 'line' })]
  given(waiting)
    .when(review(false), byModerator)
    .then([
      { type: 'HeldMessageDenied', messageId: 'line', author: viewer, cause: 'denied' },
      logged({ moderationSeq: 2, actor: moderator, action: 'deny_message', member: viewer, messageId: 'line' }),
    ])
  given(waiting).when(review(true)).thenRejected({ code: 'channel.forbidden', action: 'review_messages' })
  given(staffed).when(review(true), byModerator).thenRejected({ code: 'channel.not_held' })
})

test('what waits of somebody goes with all that they have said, and what others wrote waits on', () => {
  const waiting = [
    ...staffed,
    happened(held, { commandId: 'line' }),
    happened({ ...held, author: otherViewer }, { commandId: 'other' }),
  ]
  given(waiting)
    .when({ type: 'DeleteMessages', member: viewer, reason: null }, byModerator)
    .then([
      { type: 'MessagesDeleted', seq: 6, author: viewer, messageSeqs: null },
      logged({ moderationSeq: 2, actor: moderator, action: 'delete_messages', member: viewer }),
      { type: 'HeldMessageDenied', messageId: 'line', author: viewer, cause: 'denied' },
    ])
})

test('what nobody looks at within a day is not posted', () => {
  const day = 86_400_000
  given([...staffed, happened(held, { commandId: 'line' })])
    .when({ type: 'EndTerms', dueAt: t0 + day }, clock)
    .then([{ type: 'HeldMessageDenied', messageId: 'line', author: viewer, cause: 'expired' }])
  given([...staffed, happened(held, { commandId: 'line' })])
    .when({ type: 'EndTerms', dueAt: t0 + day - 1 }, clock)
    .thenRejected({ code: 'channel.nothing_due' })
})

test('so many wait, and no more', () => {
  const one = { ...held, messageId: 'line', heldEvent: 'line/0', heldAt: t0, byPermit: false }
  const message = { ...one, authorName: noBytes, text: noBytes, entities: null }
  const waiting = Array.from({ length: maxHeldMessages }, (_, index): [string, HeldMessage] => [`${index}`, message])
  const full = { ...initial(channelId), held: noHeldMessages.merge(waiting) }
  assert.deepEqual(queueFull(full), {
    kind: 'rejected',
    code: 'channel.queue_full',
    detail: { max: maxHeldMessages },
  })
  assert.equal(queueFull({ ...full, held: noHeldMessages }), undefined)
})

test('a note is for the moderators alone', () => {
  given(staffed)
    .when({ type: 'AddNote', member: viewer, text: 'was kind' }, byModerator)
    .then([logged({ actor: moderator, action: 'add_note', member: viewer, reason: 'was kind' })], {
      moderationSeq: 1,
    })
})

test('the ladder is climbed a step an offence, and its last step is taken again', () => {
  const escalate = { type: 'Escalate', member: viewer, reason: null, messages: null } as const
  const climbed = (step: number): ChannelDraft => ({ type: 'MemberEscalated', member: viewer, step })
  given(staffed)
    .when(escalate, byModerator)
    .then([
      marked('warning'),
      logged({ actor: moderator, action: 'mark_member', mark: 'warning', member: viewer }),
      climbed(0),
    ])
  given([...staffed, climbed(0)])
    .when(escalate, byModerator)
    .then([
      timedOutUntil(t0 + 60_000, { seq: 6 }),
      logged({ actor: moderator, action: 'time_out_member', member: viewer, durationMs: 60_000 }),
      climbed(1),
    ])
  for (const last of [3, 4])
    given([...staffed, climbed(last)])
      .when(escalate, byModerator)
      .then([banned(null), logged({ actor: moderator, action: 'ban_member', member: viewer }), climbed(4)])
  given([...staffed, { type: 'LadderChanged', steps: [-1] }])
    .when(escalate, byModerator)
    .then([banned(null), logged({ actor: moderator, action: 'ban_member', member: viewer }), climbed(0)])
})

test('a ladder has steps that can be taken', () => {
  const change = (...steps: number[]) => ({ type: 'ChangeLadder', steps, reason: null }) as const
  given(staffed)
    .when(change(0, 60_000, -1), byModerator)
    .then([{ type: 'LadderChanged', steps: [0, 60_000, -1] }, logged({ actor: moderator, action: 'change_ladder' })])
  for (const steps of [[], [-2], [5], Array.from({ length: 11 }, () => 0)])
    given(staffed)
      .when(change(...steps), byModerator)
      .thenRejected({ code: 'channel.ladder_unfit', maxSteps: 10, minMs: 1_000, maxMs: 1_209_600_000 })
})
