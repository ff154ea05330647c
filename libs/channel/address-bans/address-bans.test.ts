import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Action } from '#libs/access/permissions.ts'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { happened, t0 } from '#libs/testing/specification.ts'
import type { Sighting } from '#libs/vault/vault.ts'
import {
  broadcaster,
  given,
  lead,
  logged,
  moderator,
  otherViewer,
  staffed,
  timedOutUntil,
  viewer,
  vip,
} from '../channel.fixtures.ts'
import type { ChannelCommand } from '../commands.ts'
import type { ChannelDraft } from '../events.ts'
import { addressBan, marksFrom, noMarks, setAddresses, setMark } from '../state/marks.ts'
import { initial } from '../state.ts'
import { addressesEachOf, addressesOf, originOf } from './facts.ts'
import { maxAddressBans, tooManyAddressBans } from './rules.ts'
import { addressFacts, originFact } from './stamps.ts'

const day = 86_400_000
const ban = { type: 'BanMember', ...channelAbsent.BanMember, member: viewer, addresses: 'address' } as const
const banned = (until: number | null = null, seq = 6): ChannelDraft => ({
  type: 'MemberBanned',
  seq,
  member: viewer,
  until,
  origin: null,
})
const withHome: ChannelDraft = { type: 'AddressesBanned', actor: moderator, member: viewer, keys: ['home', 'work'] }
const home = { address: 'home homes' }
const by = (principal: string, facts: Readonly<Record<string, string>> = {}) => ({ principal, facts })
const post = { type: 'PostMessage', ...channelAbsent.PostMessage, text: 'hi' } as const
const vote = { type: 'CastVote', pollId: 'poll', option: 1 } as const

test('a member is banned with where they came from, and the log says with how many addresses', () => {
  const entry = { actor: moderator, member: viewer } as const
  given(staffed)
    .when({ ...ban, durationMs: day, reason: 'raid' }, by(moderator, { addresses: 'home work' }))
    .then(
      [
        banned(t0 + day),
        logged({ ...entry, action: 'ban_member', durationMs: day, reason: 'raid' }),
        withHome,
        logged({ ...entry, moderationSeq: 2, action: 'ban_address', value: 2, durationMs: day, reason: 'raid' }),
      ],
      { seq: 6, moderationSeq: 2, addresses: 2 },
    )
  const alone = [banned(), logged({ ...entry, action: 'ban_member' })]
  given(staffed).when(ban, by(moderator)).then(alone)
  given(staffed)
    .when({ ...ban, addresses: null }, by(moderator, { addresses: 'home' }))
    .then(alone)
  given(staffed).when(ban, by(vip)).thenRejected({ code: 'channel.forbidden', action: 'ban' })
})

test('nobody posts from there but those whom the channel trusts, for as long as the ban holds', () => {
  const refusal = { code: 'channel.address_banned', remainingMs: day }
  const there = [...staffed, banned(t0 + day), withHome]
  given(there).when(post, by(otherViewer, home)).thenRejected(refusal)
  given(there)
    .when(post, by(otherViewer, { address: 'else work' }))
    .thenRejected(refusal)
  given(there)
    .when(vote, by(otherViewer, home))
    .thenRejected({ ...refusal })
  given([...staffed, banned(), withHome])
    .when(post, by(otherViewer, home))
    .thenRejected({ code: 'channel.address_banned' })
  given(there).when(post, by(viewer, home)).thenRejected({ code: 'channel.banned', remainingMs: day })
  for (const trusted of [broadcaster, lead, moderator, vip]) given(there).when(post, by(trusted, home)).thenAccepted()
  given(there)
    .when(post, by(otherViewer, { ...home, platformRole: 'admin' }))
    .thenAccepted()
  given(there)
    .when(post, by(otherViewer, { address: 'else elses' }))
    .thenAccepted()
  given(there).when(post, by(otherViewer)).thenAccepted()
  given(there)
    .when(post, { ...by(otherViewer, home), at: t0 + day })
    .thenAccepted()
  const mark: ChannelDraft = {
    type: 'MemberMarked',
    actor: lead,
    member: otherViewer,
    mark: 'protected',
    until: null,
    value: null,
    reason: null,
  }
  given([...there, mark])
    .when(post, by(otherViewer, home))
    .thenAccepted()
})

test('addresses are let go with the ban, or alone; a ban anew keeps them', () => {
  const there = [...staffed, banned(), withHome]
  const over: ChannelDraft = { type: 'BanEnded', seq: 7, member: viewer, cause: 'lifted' }
  given([...there, over])
    .when(post, by(otherViewer, home))
    .thenAccepted()
  given([...there, over, banned(null, 8)])
    .when(post, by(otherViewer, home))
    .thenAccepted()
  given([...there, banned(null, 7)])
    .when(post, by(otherViewer, home))
    .thenRejected({ code: 'channel.address_banned' })
  const lift = { type: 'LiftAddressBan', member: viewer, reason: 'a school' } as const
  const lifted: ChannelDraft = { type: 'AddressBanLifted', actor: moderator, member: viewer }
  given(there)
    .when(lift, by(moderator))
    .then([lifted, logged({ actor: moderator, action: 'lift_address_ban', member: viewer, reason: 'a school' })])
  given([...there, lifted])
    .when(post, by(otherViewer, home))
    .thenAccepted()
  given([...there, lifted])
    .when(post, by(viewer, home))
    .thenRejected({ code: 'channel.banned' })
  given([...there, lifted])
    .when(lift, by(moderator))
    .thenRejected({ code: 'channel.address_not_banned' })
  given(there).when(lift).thenRejected({ code: 'channel.forbidden', action: 'ban' })
})

test('where a ban waits for others, so do its addresses', () => {
  const quorum: ChannelDraft = { type: 'QuorumSet', actor: lead, approvals: 2, lapseMs: day }
  const proposed: ChannelDraft = {
    type: 'BanProposed',
    proposalId: null,
    actor: moderator,
    member: viewer,
    needed: 2,
    until: t0 + day,
    keys: ['home'],
  }
  const waiting = [...staffed, quorum, happened(proposed, { commandId: 'ban' })]
  given(waiting).when(post, by(otherViewer, home)).thenAccepted()
  given([...staffed, quorum])
    .when(ban, by(moderator, { addresses: 'home' }))
    .then([
      timedOutUntil(t0 + day, { seq: 6 }),
      logged({ actor: moderator, action: 'propose_ban', member: viewer, value: 2, caseId: 'when' }),
      proposed,
    ])
  const entry = { actor: lead, member: viewer } as const
  given(waiting)
    .when({ type: 'VoteOnBan', proposalId: 'ban', approve: true, reason: null }, by(lead))
    .then(
      [
        banned(),
        { type: 'BanApproved', proposalId: 'ban', actor: lead, approvals: 2 },
        { type: 'BanProposalEnded', proposalId: 'ban', member: viewer, cause: 'approved' },
        logged({ ...entry, action: 'approve_ban', value: 2, caseId: 'ban' }),
        logged({ ...entry, moderationSeq: 2, action: 'ban_member', caseId: 'ban' }),
        { type: 'AddressesBanned', actor: lead, member: viewer, keys: ['home'] },
        logged({ ...entry, moderationSeq: 3, action: 'ban_address', value: 1 }),
      ],
      { seq: 6, moderationSeq: 3 },
    )
})

test('of several bans the one counts that holds longest, and each lets go of its own addresses', () => {
  const one = setAddresses(setMark(noMarks, '1', 'ban', { until: 5, value: null }), '1', ['home', 'work'])
  const both = setAddresses(setMark(one, '2', 'ban', { until: 9, value: null }), '2', ['home'])
  assert.equal(addressBan(both, ['home', 'homes'], 0)?.until, 9)
  assert.equal(addressBan(both, ['work'], 0)?.until, 5)
  assert.equal(addressBan(both, ['home'], 9), undefined)
  assert.deepEqual(marksFrom(both.byMember), both, 'a snapshot has the members alone')
  const left = setAddresses(both, '2', [])
  assert.deepEqual([...left.byAddress.keys()].sort(), ['home', 'work'])
  assert.equal(addressBan(left, ['home'], 0)?.until, 5)
  assert.equal(setAddresses(left, '3', ['home']), left, 'who is not banned has none')
})

test('a channel has so many banned addresses and no more', () => {
  const many = Array.from({ length: maxAddressBans }, (_, index) => `key ${index}`)
  const marks = setAddresses(setMark(noMarks, viewer, 'ban', { until: null, value: null }), viewer, many)
  const full = { ...initial('500'), marks }
  assert.deepEqual(tooManyAddressBans(full, ['home']), {
    kind: 'rejected',
    code: 'channel.too_many_address_bans',
    detail: { max: maxAddressBans },
  })
  assert.equal(tooManyAddressBans(full, []), undefined)
})

test('what is banned is where somebody came from of late, by hashes alone', async () => {
  const now = 100 * day
  const seen = (address: string, network: string, days: number): Sighting => ({
    address,
    network,
    firstSeenAt: 0,
    lastSeenAt: now - days * day,
  })
  const sightings = [...'abcdef']
    .map((name, index) => seen(name, index < 2 ? 'near' : name, index))
    .concat(seen('g', 'g', 31))
  const of = async () => sightings
  const keysOf = async (width: 'address' | 'network') =>
    addressesOf(await addressFacts({ of }, { members: [viewer], width, each: false, action: 'ban' }, 'moderator', now))
  assert.deepEqual(await keysOf('address'), ['a', 'b', 'c', 'd', 'e'])
  assert.deepEqual(await keysOf('network'), ['near', 'c', 'd', 'e', 'f'])
  assert.deepEqual(
    await addressFacts(
      { of: async () => [seen('g', 'g', 31)] },
      { members: [viewer], width: 'address', each: false, action: 'ban' },
      'moderator',
      now,
    ),
    {},
  )
  const known = async (member: string) => (member === '9' ? [] : [seen(`at ${member}`.replace(' ', '-'), 'n', 1)])
  const several = { members: ['7', '9', '8'], width: 'address', each: true, action: 'import_bans' } as const
  const each = await addressFacts({ of: known }, several, 'lead_moderator', now)
  assert.deepEqual(
    [...addressesEachOf(each)],
    [
      ['7', ['at-7']],
      ['8', ['at-8']],
    ],
  )
  assert.deepEqual(addressesEachOf({}).size, 0)
  assert.deepEqual(originOf({ address: originFact({ address: 'a', network: 'n' }) }), ['a', 'n'])
  assert.deepEqual([originOf({}), addressesOf({})], [[], []])
})

test('of whom somebody may not ban nothing is looked up, and nobody is banned by half', async () => {
  const of = () => assert.fail('it was looked up')
  const several = { members: [viewer, otherViewer], width: 'address', each: true, action: 'import_bans' } as const
  const unread = { addressesUnread: 'true' } as const
  for (const role of ['member', 'vip', 'moderator', 'none'] as const)
    assert.deepEqual(await addressFacts({ of }, several, role, 0), unread)
  const pending: readonly ChannelDraft[] = [
    { type: 'BanListSubscribed', actor: broadcaster, source: '600', mode: 'review' },
    { type: 'BanListReceived', source: '600', added: [viewer], removed: [] },
  ]
  const list = { members: [viewer], reason: null, addresses: 'address' } as const
  const commands: readonly (readonly [ChannelCommand, Action])[] = [
    [ban, 'ban'],
    [{ type: 'ImportBans', reasons: [], ...list }, 'import_bans'],
    [{ type: 'ReviewBanList', source: '600', accept: true, ...list }, 'ban'],
  ]
  for (const [command, action] of commands) {
    given([...staffed, ...pending])
      .when(command, by(broadcaster))
      .thenAccepted()
    given([...staffed, ...pending])
      .when(command, by(broadcaster, unread))
      .thenRejected({ code: 'channel.forbidden', action })
  }
})
