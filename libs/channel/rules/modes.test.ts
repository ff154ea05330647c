import { test } from 'node:test'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { t0 } from '#libs/testing/specification.ts'
import {
  broadcaster,
  created,
  given,
  logged,
  moderator,
  otherViewer,
  posted,
  settingsChanged,
  staffed,
  viewer,
  vip,
} from '../channel.fixtures.ts'
import type { ChannelCommandOf } from '../commands.ts'
import type { ChannelDraft } from '../events.ts'
import type { Mode } from '../state/modes.ts'

const post = { type: 'PostMessage', ...channelAbsent.PostMessage, text: 'hi' } as const
const byOwner = { principal: broadcaster }
const set = (mode: Mode, value: number | null): ChannelCommandOf<'SetMode'> => ({
  type: 'SetMode',
  mode,
  value,
  reason: null,
})
const changed = (mode: Mode, value: number | null, seq = 2): ChannelDraft => ({
  type: 'ModeChanged',
  seq,
  actor: broadcaster,
  mode,
  value,
  since: t0,
})
const known = (facts: Record<string, string>) => ({ facts: { displayName: 'Viewer', ...facts } })

test('a mode is set and switched off, and the moderators are told by whom', () => {
  given([created()])
    .when({ ...set('unique', 1), reason: 'spam' }, byOwner)
    .then([
      changed('unique', 1),
      logged({ actor: broadcaster, action: 'set_mode', mode: 'unique', value: 1, reason: 'spam' }),
    ])
  given([created(), changed('unique', 1)])
    .when(set('unique', null), byOwner)
    .then([changed('unique', null, 3), logged({ actor: broadcaster, action: 'set_mode', mode: 'unique' })])
  given([created()]).when(set('unique', 1)).thenRejected({ code: 'channel.forbidden', action: 'change_settings' })
})

test('slow mode is the setting that it always was', () => {
  given([created()])
    .when(set('slow', 10), byOwner)
    .then([
      settingsChanged({ slowModeSeconds: 10 }),
      logged({ actor: broadcaster, action: 'set_mode', mode: 'slow', value: 10 }),
    ])
})

test('a mode takes values of its own, and is not set twice', () => {
  for (const [mode, value, min, max] of [
    ['slow', 0, 1, 21_600],
    ['unique', 2, 1, 1],
    ['subscribers_only', 6, 1, 5],
    ['followers_only', 1.5, 0, 7_776_000],
  ] as const)
    given([created()])
      .when(set(mode, value), byOwner)
      .thenRejected({ code: 'channel.mode_out_of_range', mode, min, max })
  given([created(), changed('unique', 1)])
    .when(set('unique', 1), byOwner)
    .thenRejected({ code: 'channel.mode_unchanged', mode: 'unique' })
  given([created()]).when(set('unique', null), byOwner).thenRejected({ code: 'channel.mode_unchanged', mode: 'unique' })
})

test('followers-only asks for a follow of some age', () => {
  const room = given([created(), changed('followers_only', 60)])
  room.when(post).thenRejected({ code: 'channel.followers_only', seconds: 60 })
  room
    .when(post, known({ followedAt: String(t0 - 45_000) }))
    .thenRejected({ code: 'channel.followers_only', seconds: 60, remainingMs: 15_000 })
  room.when(post, known({ followedAt: String(t0 - 60_000) })).then([posted({ seq: 3 })])
})

test('subscribers-only asks for a tier that is in force', () => {
  const granted = (tier: number, until: number | null): ChannelDraft => ({
    type: 'SubscriptionGranted',
    seq: 3,
    actor: broadcaster,
    member: viewer,
    tier,
    until,
  })
  const room = [created(), changed('subscribers_only', 2)]
  given([...room, granted(2, t0 + 1)])
    .when(post)
    .then([posted({ seq: 4, tier: 2 })])
  for (const subscription of [granted(1, null), granted(2, t0)])
    given([...room, subscription])
      .when(post)
      .thenRejected({ code: 'channel.subscribers_only', tier: 2 })
  given([...room, granted(2, null)])
    .when(post, { principal: otherViewer })
    .thenRejected({ code: 'channel.subscribers_only', tier: 2 })
})

test('emote-only lets emoji through, however they are made, and nothing else', () => {
  const room = given([created(), changed('emote_only', 1)])
  for (const text of ['👩‍🚀 🇫🇷', '👍🏽', '❤️']) room.when({ ...post, text }).then([posted({ seq: 3, text })])
  for (const text of ['hi 👍', '1', 'a']) room.when({ ...post, text }).thenRejected({ code: 'channel.emote_only' })
})

test('a long run of emoji before a letter is refused at once', () => {
  const text = `${'😀'.repeat(500)}a`
  given([created(), changed('emote_only', 1)])
    .when({ ...post, text })
    .thenRejected({ code: 'channel.emote_only' })
})

test('unique messages are compared in their normal form, whoever said it', () => {
  const fingerprint = 'fingerprint of héllo there'
  const room = [created(), changed('unique', 1)]
  given(room)
    .when({ ...post, text: 'Héllo  there' })
    .then([posted({ seq: 3, text: 'Héllo  there', fingerprint })])
  given([...room, posted({ seq: 3, fingerprint })])
    .when({ ...post, text: ' he\u0301llo THERE ' }, { principal: otherViewer })
    .thenRejected({ code: 'channel.not_unique' })
  given([...room, posted({ seq: 3, fingerprint }), changed('unique', null, 4), changed('unique', 1, 5)])
    .when({ ...post, text: 'héllo there' })
    .then([posted({ seq: 6, text: 'héllo there', fingerprint })])
})

test('verified and old enough are what the edge knows of the account', () => {
  const verified = given([created(), changed('verified', 1)])
  verified.when(post).thenRejected({ code: 'channel.verified_only' })
  verified.when(post, known({ verified: 'true' })).then([posted({ seq: 3 })])
  const old = given([created(), changed('account_age', 3_600)])
  old
    .when(post, known({ accountCreatedAt: String(t0 - 3_000_000) }))
    .thenRejected({ code: 'channel.account_too_young', remainingMs: 600_000 })
  old.when(post).thenRejected({ code: 'channel.account_too_young', remainingMs: 3_600_000 })
  old.when(post, known({ accountCreatedAt: String(t0 - 3_600_000) })).then([posted({ seq: 3 })])
})

test('in a read-only room moderators post, and nobody else', () => {
  const room = given([...staffed, changed('read_only', 1, 6)])
  for (const principal of [viewer, vip]) room.when(post, { principal }).thenRejected({ code: 'channel.read_only' })
  room.when(post, { principal: moderator }).then([posted({ seq: 7, author: moderator, role: 'moderator' })])
})

test('moderators, VIPs and bots post whatever the modes ask of members', () => {
  const room = given([...staffed, changed('followers_only', 60, 6), changed('emote_only', 1, 7)])
  room.when(post, { principal: vip }).then([posted({ seq: 8, author: vip, role: 'vip' })])
})

test('shield mode switches its preset on at once, and what is set more strictly stays', () => {
  const room = [created(), changed('shield', 1)]
  given(room).when(post).thenRejected({ code: 'channel.followers_only', seconds: 600 })
  given([...room, changed('followers_only', 6_000, 3)])
    .when(post)
    .thenRejected({ code: 'channel.followers_only', seconds: 6_000 })
  const trusted = known({ followedAt: '0', verified: 'true', accountCreatedAt: '0' })
  given([...room, posted({ seq: 3 })])
    .when(post, { ...trusted, at: t0 + 1_000 })
    .thenRejected({ code: 'channel.slow_mode', remainingMs: 29_000 })
  given([...room, posted({ seq: 3 }), changed('shield', null, 4)])
    .when(post, trusted)
    .then([posted({ seq: 5 })])
})
