import assert from 'node:assert/strict'
import { test } from 'node:test'
import { t0 } from '#libs/testing/specification.ts'
import { broadcaster, channelId, created, given, logged, moderator, staffed, viewer } from '../channel.fixtures.ts'
import type { ChannelDraft } from '../events.ts'
import { marksFrom, maxMarked } from '../state/marks.ts'
import { initial } from '../state.ts'
import { maxTermMs, tooManyMarked } from './subscriptions.ts'

const byOwner = { principal: broadcaster }
const grant = { type: 'GrantSubscription', member: viewer, tier: 1, durationMs: 60_000, reason: null } as const
const granted = (until: number | null, seq = 2, tier = 1): ChannelDraft => ({
  type: 'SubscriptionGranted',
  seq,
  actor: broadcaster,
  member: viewer,
  tier,
  until,
})
const clock = { principal: 'manager/clock' }

test('people follow and cease to, and the channel goes by what the edge knows', () => {
  const following = { facts: { followedAt: '5' } }
  given([created()])
    .when({ type: 'FollowChannel' })
    .then([{ type: 'MemberFollowed', member: viewer }])
  given([created()]).when({ type: 'FollowChannel' }, following).thenRejected({ code: 'channel.follows_already' })
  given([created()])
    .when({ type: 'UnfollowChannel' }, following)
    .then([{ type: 'MemberUnfollowed', member: viewer }])
  given([created()]).when({ type: 'UnfollowChannel' }).thenRejected({ code: 'channel.follows_not' })
  given([created()]).when({ type: 'FollowChannel' }, byOwner).thenRejected({ code: 'channel.own_channel' })
})

test('the broadcaster makes subscribers, for a term or without end', () => {
  given([created()])
    .when(grant, byOwner)
    .then([
      granted(t0 + 60_000),
      logged({ actor: broadcaster, action: 'grant_subscription', member: viewer, value: 1, durationMs: 60_000 }),
    ])
  given([created()])
    .when({ ...grant, durationMs: null, tier: 3 }, byOwner)
    .then([granted(null, 2, 3), logged({ actor: broadcaster, action: 'grant_subscription', member: viewer, value: 3 })])
  given(staffed)
    .when(grant, { principal: moderator })
    .thenRejected({ code: 'channel.forbidden', action: 'grant_subscriptions' })
  given([created()])
    .when({ ...grant, member: broadcaster }, byOwner)
    .thenRejected({ code: 'channel.rank_too_low' })
  given([created()])
    .when({ ...grant, tier: 6 }, byOwner)
    .thenRejected({ code: 'channel.tier_out_of_range', max: 5 })
  given([created()])
    .when({ ...grant, durationMs: 10 }, byOwner)
    .thenRejected({ code: 'channel.term_out_of_range', minMs: 1_000, maxMs: maxTermMs })
})

test('a subscription is taken away, or is over at its time', () => {
  const ended = (cause: 'revoked' | 'expired'): ChannelDraft => ({
    type: 'SubscriptionEnded',
    seq: 3,
    member: viewer,
    cause,
  })
  given([created(), granted(null)])
    .when({ type: 'RevokeSubscription', member: viewer, reason: null }, byOwner)
    .then([ended('revoked'), logged({ actor: broadcaster, action: 'revoke_subscription', member: viewer })])
  given([created()])
    .when({ type: 'RevokeSubscription', member: viewer, reason: null }, byOwner)
    .thenRejected({ code: 'channel.not_subscribed' })
  given([created(), granted(t0 + 5)])
    .when({ type: 'EndTerms', dueAt: t0 + 5 }, clock)
    .then([ended('expired')], { seq: 3 })
  given([created(), granted(t0 + 6)])
    .when({ type: 'EndTerms', dueAt: t0 + 5 }, clock)
    .thenRejected({ code: 'channel.nothing_due' })
})

test('a channel keeps so many, and no more', () => {
  const members = Array.from({ length: maxMarked }, (_, index) => [`${3000 + index}`, {}] as const)
  const full = { ...initial(channelId), marks: marksFrom(members) }
  const refused = { kind: 'rejected', code: 'channel.too_many_marked', detail: { max: maxMarked } }
  assert.deepEqual(tooManyMarked(full, viewer), refused)
  assert.equal(tooManyMarked(full, '3000'), undefined)
})
