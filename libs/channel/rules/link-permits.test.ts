import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codecs } from '#libs/contracts/codecs.ts'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { stubSeal, t0 } from '#libs/testing/specification.ts'
import {
  channelId,
  given,
  logged,
  moderator,
  otherModerator,
  posted,
  staffed,
  viewer,
  vip,
} from '../channel.fixtures.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { channelDecider } from '../decider.ts'
import { encodeEntities, entitiesIn } from '../entities.ts'
import type { ChannelDraft, ChannelDraftOf } from '../events.ts'

const link = 'look: https://example.org'
const post = (text = link) => ({ type: 'PostMessage', ...channelAbsent.PostMessage, text }) as const
const byModerator = { principal: moderator }

const permit = (fields: Partial<ChannelCommandOf<'MarkMember'>> = {}): ChannelCommandOf<'MarkMember'> => ({
  type: 'MarkMember',
  ...channelAbsent.MarkMember,
  member: viewer,
  mark: 'link_permit',
  durationMs: 60_000,
  ...fields,
})

const permitted = (value: number | null, until = t0 + 60_000): ChannelDraft => ({
  type: 'MemberMarked',
  ...channelAbsent.MemberMarked,
  actor: moderator,
  member: viewer,
  mark: 'link_permit',
  until,
  value,
})

const policySet = (...rules: readonly Readonly<Record<string, unknown>>[]): ChannelDraft => ({
  type: 'PolicySet',
  actor: '1000',
  version: 1,
  policy: JSON.stringify({ format: 1, rules }),
})

const noLinks = { id: 'links', kind: 'links', listed: 'permitted' }
const said = (text = link) => posted({ seq: 6, text, entities: encodeEntities(entitiesIn(text)) })
const spent = (moderationSeq = 1): readonly ChannelDraft[] => [
  { type: 'MarkEnded', member: viewer, mark: 'link_permit', cause: 'used' },
  logged({
    actor: viewer,
    action: 'use_permit',
    member: viewer,
    mark: 'link_permit',
    messageId: 'when',
    moderationSeq,
  }),
]

test('a moderator permits links to one member for a while, and the moderators are told who and why', () => {
  given(staffed)
    .when(permit({ reason: 'their own channel' }), byModerator)
    .then([
      { ...permitted(null), reason: 'their own channel' } as ChannelDraft,
      logged({
        actor: moderator,
        action: 'mark_member',
        member: viewer,
        mark: 'link_permit',
        durationMs: 60_000,
        reason: 'their own channel',
      }),
    ])
})

test('who is permitted posts as many links as they like until it is over', () => {
  const rules = policySet(noLinks)
  const refused = { code: 'channel.filtered', kind: 'links' } as const
  given([...staffed, rules])
    .when(post())
    .thenRejected(refused)
  given([...staffed, rules, permitted(null)])
    .when(post())
    .then([said()])
  given([...staffed, rules, permitted(null)])
    .when(post(), { at: t0 + 60_000 })
    .thenRejected(refused)
  given([...staffed, rules, permitted(null)])
    .when(post(), { principal: vip, facts: {} })
    .thenRejected(refused)
})

test('a permit for one message ends with the first that it lets through, and no sooner', () => {
  const rules = policySet(noLinks, { id: 'words', kind: 'terms', terms: ['bad'] })
  const before = [...staffed, rules, permitted(1)]
  given(before)
    .when(post('hi'))
    .then([said('hi')])
  given(before).when(post('bad, https://example.org')).thenRejected({ code: 'channel.filtered', kind: 'terms' })
  given(before)
    .when(post())
    .then([said(), ...spent()])
  given([...before, said(), ...spent()])
    .when(post('more: https://example.org'))
    .thenRejected({ code: 'channel.filtered', kind: 'links' })
})

test('a permit is not used up where no rule in force would have spoken', () => {
  for (const rules of [
    policySet({ id: 'links', kind: 'links', domains: ['example.com'] }),
    policySet({ ...noLinks, exempt: ['member'] }),
    policySet({ ...noLinks, mode: 'shadow' }),
    policySet({ ...noLinks, verdict: 'allow' }),
  ])
    given([...staffed, rules, permitted(1)])
      .when(post())
      .then([said()])
})

test('a permit holds against what new accounts may not do with links, and against nothing else', () => {
  const young = { id: 'new', kind: 'new_account', youngerThanMs: 1_000_000, unknownAge: 'new' }
  given([...staffed, policySet({ ...young, only: 'links' }), permitted(1)])
    .when(post())
    .then([said(), ...spent()])
  given([...staffed, policySet(young), permitted(1)])
    .when(post())
    .thenRejected({ code: 'channel.filtered', kind: 'new_account' })
})

const {
  type: _,
  seq: __,
  seenBy,
  fingerprint,
  sketch,
  emoteOnly,
  combo,
  ...message
} = said() as ChannelDraftOf<'MessagePosted'>
const waits = (fields: Pick<ChannelDraftOf<'MessageHeld'>, 'cause' | 'rule' | 'byPermit'>): ChannelDraft => {
  return { type: 'MessageHeld', moderationSeq: 1, ...message, label: null, ...fields }
}
const words = { id: 'words', kind: 'terms', terms: ['look'], verdict: 'hold' }

test('a message that has to wait leaves a permit for one message as it is', () => {
  const about = { messageId: 'when', messageSeq: 5, author: viewer, authorName: 'Viewer', text: link }
  const kept: ChannelDraft = { type: 'EvidenceKept', ...about, postedAt: t0, named: true }
  given([...staffed, policySet(noLinks, words), permitted(1)])
    .when(post())
    .then([waits({ cause: 'filter', rule: 'words', byPermit: true }), kept])
  const distrusted: ChannelDraft = { ...permitted(null), mark: 'low_trust', until: null } as ChannelDraft
  given([...staffed, policySet(noLinks), permitted(1), distrusted])
    .when(post())
    .then([waits({ cause: 'low_trust', rule: null, byPermit: true })])
  given([...staffed, permitted(1), distrusted])
    .when(post())
    .then([waits({ cause: 'low_trust', rule: null, byPermit: null })])
})

/** What a moderator's word on the message that waits makes, behind what becomes of the message itself. */
const reviewed = (approve: boolean, ...before: readonly ChannelDraft[]): readonly ChannelDraft[] => {
  const state = [...staffed, ...before].reduce((channel, draft, index) => {
    const commandId = draft.type === 'MessageHeld' ? 'when' : `${index}`
    const event = codecs.channel.sealEvent(draft, `${commandId}/0`, stubSeal)
    return channelDecider.evolve(channel, event, { at: t0, n: index + 1, commandId })
  }, channelDecider.initial(channelId))
  const context = { at: t0, n: 99, commandId: 'review', principal: moderator, facts: {}, fingerprint: String }
  const review = { type: 'ReviewMessage', messageId: 'when', approve, reason: null } as const
  const decision = channelDecider.decide(review, state, context)
  assert.equal(decision.kind, 'accepted')
  return decision.kind === 'accepted' ? decision.events.slice(1) : []
}

test('a permit for one message is used once a moderator lets a message through that waited by it', () => {
  const held = (byPermit: boolean | null) => waits({ cause: 'low_trust', rule: null, byPermit })
  const about = { actor: moderator, moderationSeq: 2, member: viewer, messageId: 'when' } as const
  const approved = logged({ ...about, action: 'approve_message' })
  assert.deepEqual(reviewed(true, permitted(1), held(true)), [approved, ...spent(3)])
  for (const before of [
    [permitted(null), held(true)],
    [permitted(1), held(null)],
    [permitted(1), ...spent().slice(0, 1), held(true)],
  ])
    assert.deepEqual(reviewed(true, ...before), [approved])
  assert.deepEqual(reviewed(false, permitted(1), held(true)), [logged({ ...about, action: 'deny_message' })])
})

test('a permit has an end within 14 days, and is for one message or all', () => {
  const range = { minMs: 1_000, maxMs: 1_209_600_000 }
  for (const durationMs of [null, 999, 1_209_600_001])
    given(staffed)
      .when(permit({ durationMs }), byModerator)
      .thenRejected(
        durationMs === 999
          ? { code: 'channel.term_out_of_range', minMs: 1_000, maxMs: 315_360_000_000 }
          : { code: 'channel.duration_out_of_range', ...range },
      )
  given(staffed)
    .when(permit({ value: 2 }), byModerator)
    .thenRejected({ code: 'channel.mark_value_out_of_range', maxSeconds: 21_600 })
})

test('links are permitted down the ranks, to who is protected as well', () => {
  given(staffed)
    .when(permit({ member: otherModerator }), byModerator)
    .thenRejected({ code: 'channel.rank_too_low' })
  given(staffed).when(permit(), { principal: vip }).thenRejected({ code: 'channel.forbidden', action: 'mark_members' })
  const guarded: ChannelDraft = { ...permitted(null), mark: 'protected', until: null } as ChannelDraft
  given([...staffed, guarded])
    .when(permit(), byModerator)
    .then([
      permitted(null),
      logged({ actor: moderator, action: 'mark_member', member: viewer, mark: 'link_permit', durationMs: 60_000 }),
    ])
})

test('a permit is taken back, and ends by itself', () => {
  given([...staffed, permitted(null)])
    .when({ type: 'UnmarkMember', ...channelAbsent.UnmarkMember, member: viewer, mark: 'link_permit' }, byModerator)
    .then([
      { type: 'MarkEnded', member: viewer, mark: 'link_permit', cause: 'lifted' },
      logged({ actor: moderator, action: 'unmark_member', member: viewer, mark: 'link_permit' }),
    ])
  given([...staffed, permitted(null)])
    .when({ type: 'EndTerms', dueAt: t0 + 60_000 }, { principal: 'manager/clock', at: t0 + 60_000 })
    .then([{ type: 'MarkEnded', member: viewer, mark: 'link_permit', cause: 'expired' }])
})
