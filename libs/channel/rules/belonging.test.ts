import { test } from 'node:test'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { happened, t0 } from '#libs/testing/specification.ts'
import { maxAddressBans } from '../address-bans/rules.ts'
import {
  broadcaster,
  given,
  lead,
  logged,
  moderator,
  staffed,
  timedOutUntil,
  viewer,
  vip,
} from '../channel.fixtures.ts'
import type { ChannelDraft } from '../events.ts'

const by = (principal: string) => ({ principal })
const manager = by('manager/channels')

const linked = (member: string, alt: string): ChannelDraft => {
  return { type: 'AltsLinked', actor: moderator, member, alt, evidence: 'same words' }
}
const link = { type: 'LinkAlts', member: viewer, alt: '2002', reason: 'same words' } as const

test('two accounts are linked once, with what speaks for it, and unlinked', () => {
  const entry = { actor: moderator, member: viewer, related: ['2002'] } as const
  given(staffed)
    .when(link, by(moderator))
    .then([linked(viewer, '2002'), logged({ ...entry, action: 'link_alts', reason: 'same words' })])
  const unchanged = { code: 'channel.alts_unchanged' }
  given([...staffed, linked('2002', viewer)])
    .when(link, by(moderator))
    .thenRejected(unchanged)
  given(staffed)
    .when({ ...link, alt: viewer }, by(moderator))
    .thenRejected(unchanged)
  const unlink = { type: 'UnlinkAlts', member: viewer, alt: '2002', reason: null } as const
  const unlinked: ChannelDraft = { type: 'AltsUnlinked', actor: moderator, member: viewer, alt: '2002' }
  given([...staffed, linked('2002', viewer)])
    .when(unlink, by(moderator))
    .then([unlinked, logged({ ...entry, action: 'unlink_alts' })])
  given([...staffed, linked('2002', viewer), unlinked])
    .when(unlink, by(moderator))
    .thenRejected(unchanged)
  given(staffed).when(link).thenRejected({ code: 'channel.forbidden', action: 'mark_members' })
  const many = Array.from({ length: 20 }, (_, index) => linked(viewer, `${3000 + index}`))
  given([...staffed, ...many])
    .when(link, by(moderator))
    .thenRejected({ code: 'channel.too_many_alts', max: 20 })
})

test('a ban shows known alts, over however many links', () => {
  given([...staffed, linked('2002', viewer), linked('2003', '2002'), linked('8', '9')])
    .when({ type: 'BanMember', ...channelAbsent.BanMember, member: viewer }, by(moderator))
    .then([
      { type: 'MemberBanned', seq: 6, member: viewer, until: null, origin: null },
      logged({ actor: moderator, action: 'ban_member', member: viewer, related: ['2002', '2003'] }),
    ])
})

const set = (channels: string[], left: string[] = []): ChannelDraft => {
  return { type: 'ChannelGroupSet', actor: broadcaster, ownerId: broadcaster, channels, left }
}

test('the broadcaster names channels that belong together, and those adopt it of the same broadcaster alone', () => {
  const name = (channels: string[]) => ({ type: 'SetChannelGroup', channels, reason: null }) as const
  given([...staffed, set(['601', '603'])])
    .when(name(['602', '601', '500', '601']), by(broadcaster))
    .then([set(['601', '602'], ['603']), logged({ actor: broadcaster, action: 'set_group', value: 2 })])
  given(staffed)
    .when(name(['601']), by(lead))
    .thenRejected({ code: 'channel.forbidden', action: 'set_group' })
  given(staffed)
    .when(name(['x']), by(broadcaster))
    .thenRejected({ code: 'channel.group_unfit', max: 50 })
  const knowing = (owners: string) => ({ ...by(broadcaster), facts: { owners } })
  given(staffed)
    .when(name(['601', '602']), knowing(`602:${broadcaster} 601:${broadcaster}`))
    .thenAccepted()
  for (const owners of [`601:${broadcaster} 602:${lead}`, `601:${broadcaster}`, ''])
    given(staffed)
      .when(name(['601', '602']), knowing(owners))
      .thenRejected({ code: 'channel.group_unfit', max: 50 })
  const adopt = { type: 'AdoptChannelGroup', ownerId: broadcaster, channels: ['601'] } as const
  given(staffed)
    .when(adopt, manager)
    .then([{ type: 'ChannelGroupAdopted', channels: ['601'] }])
  given(staffed)
    .when({ ...adopt, ownerId: lead }, manager)
    .thenRejected({ code: 'channel.forbidden', action: 'set_group' })
  given(staffed).when(adopt, by(broadcaster)).thenRejected({ code: 'channel.forbidden', action: 'act_elsewhere' })
})

const grouped = [...staffed, set(['601'])]
const act = { type: 'ActInGroup', member: viewer, durationMs: 60_000, reason: 'floods', addresses: null } as const
const goesOn = (fields: {
  act: 'mute' | 'time_out' | 'ban' | 'unmute' | 'unban' | 'lift_timeout'
  keys?: string[]
}): ChannelDraft => ({
  type: 'GroupActed',
  actor: moderator,
  channels: ['601'],
  member: viewer,
  durationMs: 60_000,
  reason: 'floods',
  keys: null,
  ...fields,
})
const until = t0 + 60_000
const entry = { actor: moderator, member: viewer, reason: 'floods' } as const
const muted = (actor: string): ChannelDraft => {
  return { type: 'MemberMarked', actor, member: viewer, mark: 'mute', until, value: null, reason: 'floods' }
}
const banned: ChannelDraft = { type: 'MemberBanned', seq: 6, member: viewer, until, origin: null }

test('an act in the group is done here, and goes on in the others', () => {
  given(grouped)
    .when({ ...act, act: 'mute' }, by(moderator))
    .then([
      muted(moderator),
      logged({ ...entry, action: 'mark_member', mark: 'mute', durationMs: 60_000 }),
      goesOn({ act: 'mute' }),
    ])
  given(grouped)
    .when({ ...act, act: 'time_out' }, by(moderator))
    .then([
      timedOutUntil(until, { seq: 6 }),
      logged({ ...entry, action: 'time_out_member', durationMs: 60_000 }),
      goesOn({ act: 'time_out' }),
    ])
  given(grouped)
    .when({ ...act, act: 'ban' }, by(moderator))
    .then([banned, logged({ ...entry, action: 'ban_member', durationMs: 60_000 }), goesOn({ act: 'ban' })])
  given([...grouped, muted(moderator)])
    .when({ ...act, act: 'unmute' }, by(moderator))
    .then([
      { type: 'MarkEnded', member: viewer, mark: 'mute', cause: 'lifted' },
      logged({ ...entry, action: 'unmark_member', mark: 'mute' }),
      goesOn({ act: 'unmute' }),
    ])
  given([...grouped, banned])
    .when({ ...act, act: 'unban' }, by(moderator))
    .then([
      { type: 'BanEnded', seq: 7, member: viewer, cause: 'lifted' },
      logged({ ...entry, action: 'unban_member' }),
      goesOn({ act: 'unban' }),
    ])
  given([...grouped, timedOutUntil(until, { seq: 6 })])
    .when({ ...act, act: 'lift_timeout' }, by(moderator))
    .then([
      { type: 'TimeoutEnded', seq: 7, member: viewer, cause: 'lifted' },
      logged({ ...entry, action: 'lift_timeout' }),
      goesOn({ act: 'lift_timeout' }),
    ])
  given(staffed)
    .when({ ...act, act: 'mute' }, by(moderator))
    .thenRejected({ code: 'channel.no_group' })
  given(grouped)
    .when({ ...act, act: 'mute' }, by(vip))
    .thenRejected({ code: 'channel.forbidden', action: 'ban' })
})

test('in another channel of the group it is done by its own rules, in the name of who did it', () => {
  const { addresses: _, ...told } = act
  const apply = { ...told, type: 'ApplyGroupAct', source: '601', actor: '4000', act: 'mute', keys: null } as const
  given(grouped)
    .when(apply, manager)
    .then([
      muted('4000'),
      logged({
        ...entry,
        actor: '4000',
        action: 'mark_member',
        mark: 'mute',
        durationMs: 60_000,
        origin: '601',
      }),
    ])
  given(grouped)
    .when({ ...apply, member: moderator }, manager)
    .thenRejected({ code: 'channel.rank_too_low' })
  given(grouped)
    .when({ ...apply, source: '602' }, manager)
    .thenRejected({ code: 'channel.no_group' })
  given(grouped).when(apply, by(lead)).thenRejected({ code: 'channel.forbidden', action: 'act_elsewhere' })
})

test('a ban in the group may be from where the member came: in the others by the hashes that go with it', () => {
  const keys = ['home', 'work']
  const known = { ...by(moderator), facts: { addresses: keys.join(' ') } }
  const addresses = (actor: string): ChannelDraft => ({ type: 'AddressesBanned', actor, member: viewer, keys })
  const banning = { ...act, act: 'ban', addresses: 'address' } as const
  const entries = (actor: string, origin: string | null) => [
    logged({ ...entry, actor, action: 'ban_member', durationMs: 60_000, origin }),
    addresses(actor),
    logged({ ...entry, actor, moderationSeq: 2, action: 'ban_address', value: 2, durationMs: 60_000, origin }),
  ]
  given(grouped)
    .when(banning, known)
    .then([banned, ...entries(moderator, null), goesOn({ act: 'ban', keys })])
  given(grouped)
    .when(banning, by(moderator))
    .then([banned, logged({ ...entry, action: 'ban_member', durationMs: 60_000 }), goesOn({ act: 'ban' })])
  given(grouped)
    .when({ ...act, act: 'time_out', addresses: 'address' }, known)
    .then([
      timedOutUntil(until, { seq: 6 }),
      logged({ ...entry, action: 'time_out_member', durationMs: 60_000 }),
      goesOn({ act: 'time_out' }),
    ])
  const { addresses: _, ...told } = banning
  given(grouped)
    .when({ ...told, type: 'ApplyGroupAct', source: '601', actor: '4000', keys }, manager)
    .then([banned, ...entries('4000', '601')])
  const many = Array.from({ length: maxAddressBans }, (_, index) => `key ${index}`)
  const full: readonly ChannelDraft[] = [
    { type: 'MemberBanned', seq: 6, member: '2002', until: null, origin: null },
    { type: 'AddressesBanned', actor: lead, member: '2002', keys: many },
  ]
  given([...grouped, ...full])
    .when({ ...told, type: 'ApplyGroupAct', source: '601', actor: '4000', keys }, manager)
    .then([
      { ...banned, seq: 7 },
      logged({ ...entry, actor: '4000', action: 'ban_member', durationMs: 60_000, origin: '601' }),
    ])
})

const preset: ChannelDraft = {
  type: 'ShieldPresetSet',
  actor: moderator,
  modes: ['emote_only', 'followers_only'],
  values: [1, 3600],
}
const shield: ChannelDraft = { type: 'ModeChanged', seq: 6, actor: moderator, mode: 'shield', value: 1, since: t0 }
const post = {
  type: 'PostMessage',
  text: 'words',
  form: null,
  color: null,
  replyTo: null,
  attachments: null,
} as const

test('what shield mode switches on is the channel’s to say, at once where it is on', () => {
  const change = {
    type: 'SetShieldPreset',
    modes: ['emote_only', 'followers_only'],
    values: [1, 3600],
    reason: null,
  } as const
  given(staffed)
    .when(change, by(moderator))
    .then([preset, logged({ actor: moderator, action: 'set_shield_preset', value: 2 })])
  const facts = { displayName: 'V', followedAt: '0', verified: 'true', accountCreatedAt: '0' }
  given([...staffed, shield, preset])
    .when(post, { facts })
    .thenRejected({ code: 'channel.emote_only' })
  given([...staffed, preset, happened(shield, { at: t0 })])
    .when(post, { facts: {} })
    .thenRejected({ code: 'channel.followers_only', seconds: 3600 })
  const none: ChannelDraft = { ...preset, modes: [], values: [] } as ChannelDraft
  given([...staffed, shield, preset, none])
    .when(post, { facts: { ...facts, followedAt: `${t0}` } })
    .thenRejected({ code: 'channel.followers_only', seconds: 600, remainingMs: 600_000 })
  for (const unfit of [
    { modes: ['shield'], values: [1] },
    { modes: ['slow'], values: [] },
    { modes: ['slow', 'slow'], values: [5, 6] },
    { modes: ['slow'], values: [1_000_000] },
    { modes: ['nonsense'], values: [1] },
  ])
    given(staffed)
      .when({ ...change, ...unfit }, by(moderator))
      .thenRejected({ code: 'channel.preset_unfit' })
})
