import { test } from 'node:test'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { t0 } from '#libs/testing/specification.ts'
import {
  broadcaster,
  given,
  lead,
  logged,
  moderator,
  otherModerator,
  otherViewer,
  posted,
  roleAssigned,
  staffed,
  timedOutUntil,
  viewer,
  vip,
} from '../channel.fixtures.ts'
import { maxRoles } from './ranks.ts'

const timeOut = (member: string) =>
  ({ type: 'TimeOutMember', member, durationMs: 60_000, reason: null, messages: null }) as const
const admin = { principal: viewer, facts: { platformRole: 'admin', displayName: 'Viewer' } }

test('who may time out whom goes by rank', () => {
  for (const [actor, members] of [
    [broadcaster, [lead, moderator, vip, viewer]],
    [lead, [moderator, vip, viewer]],
    [moderator, [vip, viewer]],
  ] as const)
    for (const member of members)
      given(staffed)
        .when(timeOut(member), { principal: actor })
        .then([
          timedOutUntil(t0 + 60_000, { seq: 6, member }),
          logged({ actor, action: 'time_out_member', member, durationMs: 60_000 }),
        ])
  for (const [actor, member] of [
    [moderator, otherModerator],
    [moderator, lead],
    [moderator, moderator],
    [lead, lead],
  ] as const)
    given(staffed).when(timeOut(member), { principal: actor }).thenRejected({ code: 'channel.rank_too_low' })
})

test('nobody times out the broadcaster, or gives them a role', () => {
  for (const context of [{ principal: broadcaster }, { principal: lead }, admin]) {
    given(staffed).when(timeOut(broadcaster), context).thenRejected({ code: 'channel.rank_too_low' })
    given(staffed)
      .when({ type: 'AssignRole', member: broadcaster, role: 'vip', reason: null }, context)
      .thenRejected({ code: 'channel.rank_too_low' })
  }
})

test('who has no permission is told which one it takes', () => {
  for (const principal of [vip, viewer, 'system', 'manager/handles'])
    given(staffed)
      .when(timeOut(otherViewer), { principal })
      .thenRejected({ code: 'channel.forbidden', action: 'time_out' })
  given(staffed)
    .when({ type: 'AssignRole', member: viewer, role: 'vip', reason: null }, { principal: moderator })
    .thenRejected({ code: 'channel.forbidden', action: 'assign_roles' })
  given(staffed)
    .when({ type: 'PostMessage', ...channelAbsent.PostMessage, text: 'hi' }, { principal: 'system' })
    .thenRejected({ code: 'channel.forbidden', action: 'post' })
})

test('an admin of the platform acts in every channel', () => {
  given(staffed)
    .when(timeOut(lead), admin)
    .then([
      timedOutUntil(t0 + 60_000, { seq: 6, member: lead }),
      logged({ actor: viewer, action: 'time_out_member', member: lead, durationMs: 60_000 }),
    ])
  given(staffed)
    .when(timeOut(lead), { facts: { platformRole: 'user' } })
    .thenRejected({ code: 'channel.forbidden', action: 'time_out' })
})

test('roles are given and taken below one’s own', () => {
  for (const [actor, member, role] of [
    [broadcaster, viewer, 'lead_moderator'],
    [broadcaster, lead, null],
    [lead, viewer, 'moderator'],
    [lead, moderator, 'bot'],
  ] as const)
    given(staffed)
      .when({ type: 'AssignRole', member, role, reason: null }, { principal: actor })
      .then([roleAssigned({ seq: 6, member, role }), logged({ actor, action: 'assign_role', member, role })], {
        seq: 6,
        moderationSeq: 1,
      })
  given(staffed)
    .when({ type: 'AssignRole', member: viewer, role: 'lead_moderator', reason: null }, { principal: lead })
    .thenRejected({ code: 'channel.rank_too_low' })
  given(staffed)
    .when({ type: 'AssignRole', member: lead, role: null, reason: null }, { principal: lead })
    .thenRejected({ code: 'channel.rank_too_low' })
})

test('the role of the broadcaster cannot be given, nor one that is none', () => {
  for (const role of ['broadcaster', 'platform_admin', 'member', ''])
    given(staffed)
      .when({ type: 'AssignRole', member: viewer, role: role as 'vip', reason: null }, { principal: broadcaster })
      .thenRejected({ code: 'channel.role_not_assignable' })
})

test('a role that was taken away gives no rights any more', () => {
  given([...staffed, roleAssigned({ seq: 6, member: moderator, role: null })])
    .when(timeOut(viewer), { principal: moderator })
    .thenRejected({ code: 'channel.forbidden', action: 'time_out' })
})

test('only the id of an account can be a member', () => {
  const notAMember = { code: 'channel.member_invalid' } as const
  for (const member of ['', 'abc', '01', '9007199254740992']) {
    given(staffed).when(timeOut(member), { principal: broadcaster }).thenRejected(notAMember)
    given(staffed)
      .when({ type: 'LiftTimeout', reason: null, member }, { principal: broadcaster })
      .thenRejected(notAMember)
    given(staffed)
      .when({ type: 'AssignRole', member, role: null, reason: null }, { principal: broadcaster })
      .thenRejected(notAMember)
  }
})

test('a timed-out moderator moderates, but does not lift their own timeout', () => {
  const history = [...staffed, timedOutUntil(t0 + 60_000, { seq: 6, member: moderator }), posted({ seq: 7 })]
  given(history)
    .when({ type: 'LiftTimeout', reason: null, member: moderator }, { principal: moderator })
    .thenRejected({ code: 'channel.rank_too_low' })
  given(history)
    .when(timeOut(viewer), { principal: moderator })
    .then([
      timedOutUntil(t0 + 60_000, { seq: 8 }),
      logged({ actor: moderator, action: 'time_out_member', member: viewer, durationMs: 60_000 }),
    ])
})

test('a channel has a thousand roles to give', () => {
  const others = Array.from({ length: maxRoles - 4 }, (_, index) => `${5000 + index}`)
  const full = [...staffed, ...others.map((member, index) => roleAssigned({ member, role: 'vip', seq: 6 + index }))]
  const give = (member: string, role: 'vip' | 'bot' | null) =>
    ({ type: 'AssignRole', member, role, reason: null }) as const
  given(full)
    .when(give(viewer, 'vip'), { principal: broadcaster })
    .thenRejected({ code: 'channel.too_many_roles', max: maxRoles })
  for (const role of ['bot', null] as const)
    given(full)
      .when(give('5000', role), { principal: broadcaster })
      .then([
        roleAssigned({ member: '5000', role, seq: 6 + others.length }),
        logged({ action: 'assign_role', actor: broadcaster, member: '5000', role }),
      ])
})
