import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import {
  banShown,
  type EdgeView,
  evolveView as evolvedAt,
  modesShown,
  roleIn,
  seesModeration,
  timeoutsShown,
  withoutPerson,
} from './edge-view.ts'

/** When events happen matters to modes alone. */
const evolveView = (view: EdgeView, event: Parameters<typeof evolvedAt>[1]) => evolvedAt(view, event, 9)

const view: EdgeView = {
  ownerId: '1',
  slug: 'lobby',
  topic: 'Be kind',
  slowModeSeconds: 5,
  roles: new Map([['42', 'moderator']]),
  timeouts: new Map(),
  modes: {},
  seq: 10,
  moderationSeq: 3,
}

test('roles follow the events, and the broadcaster is always one', () => {
  const next = evolveView(view, { type: 'RoleAssigned', seq: 11, member: '43', role: 'vip' })
  const last = evolveView(next, { type: 'RoleAssigned', seq: 12, member: '42', role: null })
  assert.deepEqual(
    ['1', '42', '43', '44'].map((accountId) => roleIn(last, { accountId, platformRole: 'user' })),
    ['broadcaster', null, 'vip', null],
  )
  assert.equal(roleIn(view, { accountId: '42', platformRole: 'user' }), 'moderator')
  assert.equal(roleIn(view, { accountId: '44', platformRole: 'admin' }), 'platform_admin')
  assert.equal(roleIn(view, undefined), null)
})

test('settings that are left out stay as they were', () => {
  const slower = evolveView(view, { type: 'SettingsChanged', seq: 11, actor: '1', topic: null, slowModeSeconds: 30 })
  assert.deepEqual([slower.topic, slower.slowModeSeconds, slower.seq], ['Be kind', 30, 11])
  const bare = evolveView(view, { type: 'SettingsChanged', seq: 11, actor: '1', topic: '', slowModeSeconds: null })
  assert.deepEqual([bare.topic, bare.slowModeSeconds], [null, 5])
})

test('modes say who switched them on and when, slow mode among them', () => {
  const changed = { type: 'ModeChanged', seq: 11, actor: '42', mode: 'unique', value: 1, since: 7 } as const
  const on = evolveView(view, changed)
  const slower = evolveView(on, { type: 'SettingsChanged', seq: 12, actor: '1', topic: null, slowModeSeconds: 30 })
  assert.deepEqual(modesShown(slower.modes), [
    { mode: 'unique', value: 1, actor: '42', since: 7 },
    { mode: 'slow', value: 30, actor: '1', since: 9 },
  ])
  assert.deepEqual(evolveView(on, { ...changed, seq: 12, value: null }).modes, {})
})

test('a topic goes with who wrote it, and stays when somebody else is erased', () => {
  const said = evolveView(view, { type: 'SettingsChanged', seq: 11, actor: '42', topic: 'Hi', slowModeSeconds: null })
  const slower = evolveView(said, { type: 'SettingsChanged', seq: 12, actor: '1', topic: null, slowModeSeconds: 30 })
  assert.equal(withoutPerson(slower, '1').topic, 'Hi')
  assert.equal(withoutPerson(slower, '42').topic, null)
})

test('what the view has seen already changes nothing', () => {
  assert.equal(evolveView(view, { type: 'RoleAssigned', seq: 10, member: '42', role: null }), view)
  const logged = {
    type: 'ModerationLogged',
    ...channelAbsent.ModerationLogged,
    actor: '1',
    action: 'assign_role',
    member: '42',
    messageId: null,
    reason: null,
    durationMs: null,
    role: 'vip',
  } as const
  assert.equal(evolveView(view, { ...logged, moderationSeq: 3 }), view)
  assert.equal(evolveView(view, { ...logged, moderationSeq: 4 }).moderationSeq, 4)
})

test('moderators see the lane of moderation, others do not', () => {
  const roles = ['platform_admin', 'broadcaster', 'lead_moderator', 'moderator', 'vip', 'bot', null] as const
  assert.deepEqual(roles.map(seesModeration), [true, true, true, true, false, false, false])
})

test('moderators are told of all timeouts in force, others of their own', () => {
  const timedOut = (member: string, until: number, seq: number) => ({
    type: 'MemberTimedOut' as const,
    seq,
    member,
    until,
  })
  const events = [timedOut('43', 100, 8), timedOut('44', 200, 9), timedOut('45', 200, 10)]
  const after = evolveView(events.reduce(evolveView, { ...view, seq: 7 }), {
    type: 'TimeoutEnded',
    seq: 11,
    member: '45',
    cause: 'lifted',
  })
  const told = (accountId: string | undefined, at: number) => {
    const person = accountId === undefined ? undefined : { accountId, platformRole: 'user' }
    return timeoutsShown(after, person, roleIn(after, person), at).map(({ member }) => member)
  }
  assert.deepEqual(told('42', 50), ['43', '44'])
  assert.deepEqual(told('42', 100), ['44'])
  assert.deepEqual([told('44', 50), told('43', 100), told('45', 50), told(undefined, 50)], [['44'], [], [], []])
})

test('who is banned is told of it while it holds, and nobody else is', () => {
  const after = [
    { type: 'MemberBanned', seq: 11, member: '43', until: null, origin: null } as const,
    { type: 'MemberBanned', seq: 12, member: '44', until: 100, origin: null } as const,
    { type: 'MemberBanned', seq: 13, member: '45', until: null, origin: null } as const,
    { type: 'BanEnded', seq: 14, member: '45', cause: 'lifted' } as const,
  ].reduce(evolveView, view)
  const told = (accountId: string, at = 50) => banShown(after, { accountId, platformRole: 'user' }, at)
  assert.deepEqual([told('43'), told('44'), told('44', 100)], [{ until: null }, { until: 100 }, undefined])
  assert.deepEqual([told('45'), told('42'), banShown(after, undefined, 50)], [undefined, undefined, undefined])
})
