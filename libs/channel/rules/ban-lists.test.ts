import { test } from 'node:test'
import { happened, t0 } from '#libs/testing/specification.ts'
import { maxAddressBans } from '../address-bans/rules.ts'
import { broadcaster, given, lead, logged, moderator, staffed, viewer, vip } from '../channel.fixtures.ts'
import type { ChannelDraft } from '../events.ts'

const by = (principal: string) => ({ principal })
const manager = by('manager/channels')
const clock = by('manager/clock')
const banned = (member: string, seq: number, origin: string | null = null): ChannelDraft => {
  return { type: 'MemberBanned', seq, member, until: null, origin }
}
const published: ChannelDraft = { type: 'BanListPublished', actor: lead, published: true, subscribers: [] }
const follows = (mode: 'review' | 'apply'): ChannelDraft => {
  return { type: 'BanListSubscribed', actor: lead, source: '600', mode }
}
const follower: ChannelDraft = { type: 'BanListSubscriberAdded', subscriber: '700', members: [] }

test('a channel publishes its bans, and withdraws them from all who follow', () => {
  const publish = { type: 'PublishBanList', published: true, reason: null } as const
  given(staffed)
    .when(publish, by(lead))
    .then([published, logged({ actor: lead, action: 'publish_ban_list' })])
  given([...staffed, published])
    .when(publish, by(lead))
    .thenRejected({ code: 'channel.ban_list_unchanged' })
  given(staffed).when(publish, by(moderator)).thenRejected({ code: 'channel.forbidden', action: 'share_bans' })
  given([...staffed, published, follower])
    .when({ ...publish, published: false }, by(lead))
    .then([
      { ...published, published: false, subscribers: ['700'] } as ChannelDraft,
      logged({ actor: lead, action: 'withdraw_ban_list' }),
    ])
})

test('who follows gets all bans that were decided there, and every change in its record', () => {
  const add = { type: 'AddBanListSubscriber', subscriber: '700' } as const
  const listed = [...staffed, published, banned(viewer, 6), banned('2001', 7, '800')]
  const entry = { actor: '0', label: 'subscriber', origin: '700' } as const
  given(listed)
    .when(add, manager)
    .then([{ ...follower, members: [viewer] } as ChannelDraft, logged({ ...entry, action: 'subscribe_ban_list' })])
  given(staffed).when(add, manager).thenRejected({ code: 'channel.ban_list_unknown' })
  given(listed).when(add, by(lead)).thenRejected({ code: 'channel.forbidden', action: 'act_elsewhere' })
  const followed = [...listed, follower]
  const changed = (added: string[], removed: string[]): ChannelDraft => {
    return { type: 'BanListChanged', subscribers: ['700'], added, removed }
  }
  const act = { member: '2002', reason: null, messages: null } as const
  given(followed)
    .when({ type: 'BanMember', ...act, durationMs: null, addresses: null }, by(moderator))
    .then([
      banned('2002', 8),
      logged({ actor: moderator, action: 'ban_member', member: '2002' }),
      changed(['2002'], []),
    ])
  given(followed)
    .when({ type: 'BanMember', ...act, durationMs: 60_000, addresses: null }, by(moderator))
    .then([
      { ...banned('2002', 8), until: t0 + 60_000 } as ChannelDraft,
      logged({ actor: moderator, action: 'ban_member', member: '2002', durationMs: 60_000 }),
    ])
  const lifted = (member: string): readonly ChannelDraft[] => [
    { type: 'BanEnded', seq: 8, member, cause: 'lifted' },
    logged({ actor: moderator, action: 'unban_member', member }),
  ]
  const unban = (member: string) => ({ type: 'UnbanMember', member, reason: null }) as const
  given(followed)
    .when(unban(viewer), by(moderator))
    .then([...lifted(viewer), changed([], [viewer])])
  given(followed).when(unban('2001'), by(moderator)).then(lifted('2001'))
  given(followed)
    .when({ type: 'RemoveBanListSubscriber', subscriber: '700' }, manager)
    .then([
      { type: 'BanListSubscriberRemoved', subscriber: '700' },
      logged({ ...entry, action: 'unsubscribe_ban_list' }),
    ])
})

test('a channel follows others, each in a way of its own, until it is refused or leaves', () => {
  const follow = { type: 'SubscribeBanList', source: '600', mode: 'review', reason: null } as const
  const entry = { actor: lead, origin: '600' } as const
  given(staffed)
    .when(follow, by(lead))
    .then([follows('review'), logged({ ...entry, action: 'subscribe_ban_list', label: 'review' })])
  const found = (publishes: 'true' | 'false') => ({ ...by(lead), facts: { publishes } })
  given(staffed).when(follow, found('true')).thenAccepted()
  given(staffed).when(follow, found('false')).thenRejected({ code: 'channel.ban_list_unknown' })
  const unchanged = { code: 'channel.ban_list_unchanged' }
  given([...staffed, follows('review')])
    .when(follow, by(lead))
    .thenRejected(unchanged)
  given(staffed)
    .when({ ...follow, source: '500' }, by(lead))
    .thenRejected(unchanged)
  const many = Array.from({ length: 20 }, (_, index): ChannelDraft => {
    return { type: 'BanListSubscribed', actor: lead, source: `${700 + index}`, mode: 'review' }
  })
  given([...staffed, ...many])
    .when(follow, by(lead))
    .thenRejected({ code: 'channel.too_many_ban_lists', max: 20 })
  const leave = { type: 'UnsubscribeBanList', source: '600', reason: null } as const
  given([...staffed, follows('review')])
    .when(leave, by(lead))
    .then([
      { type: 'BanListUnsubscribed', actor: lead, source: '600', cause: 'left' },
      logged({ ...entry, action: 'unsubscribe_ban_list', label: 'left' }),
    ])
  given(staffed).when(leave, by(lead)).thenRejected({ code: 'channel.ban_list_unknown' })
  given([...staffed, follows('review')])
    .when({ type: 'EndBanListSubscription', source: '600' }, manager)
    .then([
      { type: 'BanListUnsubscribed', actor: '0', source: '600', cause: 'refused' },
      logged({ ...entry, actor: '0', action: 'unsubscribe_ban_list', label: 'refused' }),
    ])
})

const receive = (added: string[], removed: string[] = []) =>
  ({ type: 'ReceiveBanList', source: '600', added, removed }) as const
const got = (added: string[], removed: string[] = []): ChannelDraft => {
  return { type: 'BanListReceived', source: '600', added, removed }
}

test('bans of others wait; who moderates, is protected or banned here is left out', () => {
  const history = [
    ...staffed,
    follows('review'),
    banned('2002', 6),
    {
      type: 'MemberMarked',
      actor: lead,
      member: '2003',
      mark: 'protected',
      until: null,
      value: null,
      reason: null,
    } as const,
  ]
  const entry = { actor: '0', action: 'receive_ban_list', origin: '600' } as const
  given(history)
    .when(receive([viewer, moderator, broadcaster, '2002', '2003', 'x', vip]), manager)
    .then([got([viewer, vip]), logged({ ...entry, value: 2 })])
  given([...history, got([viewer, vip])])
    .when(receive([viewer], [vip, '9']), manager)
    .then([got([], [vip]), logged({ ...entry, value: 0 })])
  given(history)
    .when(receive([moderator]), manager)
    .thenRejected({ code: 'channel.ban_list_unchanged' })
  given(staffed)
    .when(receive([viewer]), manager)
    .thenRejected({ code: 'channel.ban_list_unknown' })
  given(history)
    .when(receive([viewer]), by(lead))
    .thenRejected({ code: 'channel.forbidden', action: 'act_elsewhere' })
})

test('a moderator lets them count, or not; where they came from is kept', () => {
  const waiting = [...staffed, follows('review'), got([viewer, vip])]
  const review = {
    type: 'ReviewBanList',
    source: '600',
    members: [viewer, '9'],
    accept: true,
    reason: 'ok',
    addresses: null,
  } as const
  const reviewed: ChannelDraft = { type: 'BanListReviewed', source: '600', members: [viewer], accepted: true }
  given(waiting)
    .when(review, by(moderator))
    .then(
      [
        banned(viewer, 6, '600'),
        logged({ actor: moderator, action: 'ban_member', member: viewer, reason: 'ok', origin: '600' }),
        reviewed,
      ],
      { seq: 6, moderationSeq: 1, banned: 1 },
    )
  given(waiting)
    .when({ ...review, accept: false }, by(moderator))
    .then([
      { ...reviewed, accepted: false } as ChannelDraft,
      logged({
        actor: moderator,
        action: 'review_ban_list',
        origin: '600',
        value: 1,
        related: [viewer],
        reason: 'ok',
      }),
    ])
  given([...waiting, reviewed])
    .when(review, by(moderator))
    .thenRejected({ code: 'channel.nothing_pending' })
  given(waiting)
    .when({ ...review, members: [] }, by(moderator))
    .thenRejected({ code: 'channel.ban_list_unfit', max: 100 })
})

test('where they count at once, the clock does it, and they end with what they came from', () => {
  const waiting = [...staffed, follows('apply'), got([viewer])]
  const apply = { type: 'ApplyBanLists', dueAt: t0 } as const
  given(waiting)
    .when(apply, clock)
    .then([
      banned(viewer, 6, '600'),
      logged({ actor: '0', action: 'ban_member', member: viewer, origin: '600' }),
      { type: 'BanListReviewed', source: '600', members: [viewer], accepted: true },
    ])
  given([...staffed, follows('review'), got([viewer])])
    .when(apply, clock)
    .thenRejected({ code: 'channel.nothing_due' })
  given([...staffed, follows('apply'), banned(viewer, 6, '600'), banned(vip, 7)])
    .when(receive([], [viewer, vip]), manager)
    .then([
      { type: 'BanEnded', seq: 8, member: viewer, cause: 'lifted' },
      got([]),
      logged({
        actor: '0',
        action: 'receive_ban_list',
        origin: '600',
        value: 0,
        related: [viewer],
        label: 'lifted',
      }),
    ])
})

test('many wait for several turns, each with a time of its own', () => {
  const members = Array.from({ length: 150 }, (_, index) => `${3000 + index}`)
  const waiting = [...staffed, follows('apply'), got(members)]
  const turn = (from: number, to: number, dueAt: number, history: readonly ChannelDraft[] = []) => {
    const part = members.slice(from, to)
    given([...waiting, ...history])
      .when({ type: 'ApplyBanLists', dueAt }, { ...clock, at: dueAt })
      .then([
        ...part.map((member, index) => banned(member, 6 + index, '600')),
        ...part.map((member, index) =>
          logged({ moderationSeq: 1 + index, actor: '0', action: 'ban_member', member, origin: '600' }),
        ),
        { type: 'BanListReviewed', source: '600', members: part, accepted: true },
      ])
  }
  turn(0, 100, t0)
  const done: ChannelDraft = {
    type: 'BanListReviewed',
    source: '600',
    members: members.slice(0, 100),
    accepted: true,
  }
  turn(100, 150, t0 + 1, [done])
})

test('a list is imported, each with a reason, and nobody twice', () => {
  const list = {
    type: 'ImportBans',
    members: [viewer, vip, viewer, '2002'],
    reasons: ['spam', '', '', ''],
    addresses: null,
  } as const
  const history = [...staffed, happened(banned('2002', 6), { commandId: 'ban' })]
  const entry = { actor: lead, action: 'ban_member', label: 'import' } as const
  given(history)
    .when({ ...list, reason: 'list' }, by(lead))
    .then(
      [
        banned(viewer, 7),
        banned(vip, 8),
        logged({ ...entry, member: viewer, reason: 'spam' }),
        logged({ ...entry, moderationSeq: 2, member: vip, reason: 'list' }),
      ],
      { seq: 8, moderationSeq: 2, banned: 2 },
    )
  const addresses = { principal: lead, facts: { addressesEach: `${vip} home work;2002 home;9 else` } }
  const banning = (member: string, keys: string[]): ChannelDraft => {
    return { type: 'AddressesBanned', actor: lead, member, keys }
  }
  given(history)
    .when({ ...list, reason: 'list', addresses: 'address' }, addresses)
    .then(
      [
        banned(viewer, 7),
        banned(vip, 8),
        logged({ ...entry, member: viewer, reason: 'spam' }),
        logged({ ...entry, moderationSeq: 2, member: vip, reason: 'list' }),
        banning(vip, ['home', 'work']),
        logged({ actor: lead, moderationSeq: 3, action: 'ban_address', member: vip, reason: 'list', value: 2 }),
      ],
      { seq: 8, moderationSeq: 3, banned: 2 },
    )
  given(history)
    .when({ ...list, members: ['2002', moderator], reason: null }, by(lead))
    .thenRejected({ code: 'channel.nothing_to_import' })
  given(history)
    .when({ ...list, reason: null }, by(moderator))
    .thenRejected({ code: 'channel.forbidden', action: 'import_bans' })
})

test('whose addresses do not fit is banned alone, and takes no room from those after them', () => {
  const list = { type: 'ImportBans', members: [viewer, vip], reasons: [], reason: null, addresses: 'address' } as const
  const keys = Array.from({ length: maxAddressBans - 1 }, (_, index) => `key ${index}`)
  const full: ChannelDraft = { type: 'AddressesBanned', actor: lead, member: '2002', keys }
  const entry = { actor: lead, action: 'ban_member', label: 'import' } as const
  given([...staffed, banned('2002', 6), full])
    .when(list, { principal: lead, facts: { addressesEach: `${viewer} home work;${vip} else` } })
    .then(
      [
        banned(viewer, 7),
        banned(vip, 8),
        logged({ ...entry, member: viewer }),
        logged({ ...entry, moderationSeq: 2, member: vip }),
        { type: 'AddressesBanned', actor: lead, member: vip, keys: ['else'] },
        logged({ actor: lead, moderationSeq: 3, action: 'ban_address', member: vip, value: 1 }),
      ],
      { seq: 8, moderationSeq: 3, banned: 2 },
    )
})
