import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Action, actions, may } from './permissions.ts'
import { isNumericId, isPerson, managerPrincipal, system } from './principal.ts'
import { assignableRoles, isAssignable, outranks, roles } from './roles.ts'

/** One letter a role, in the order of their ranks: admin, broadcaster, lead, moderator, vip, bot, member, none. */
const expected: Readonly<Record<Action, string>> = {
  read: 'ablmvtp-',
  post: 'ablmvtp ',
  attach: 'ablmvtp ',
  announce: 'ablm    ',
  manage_emotes: 'abl     ',
  set_retention: 'ab      ',
  export_history: 'ab      ',
  post_unslowed: 'ablm    ',
  post_in_any_mode: 'ablmvt  ',
  post_when_read_only: 'ablm    ',
  post_from_banned_addresses: 'ablmvt  ',
  post_though_silenced: 'a       ',
  follow: 'ablmvtp ',
  grant_subscriptions: 'ab      ',
  read_moderation: 'ablm    ',
  change_settings: 'ablm    ',
  delete_own_messages: 'ablmvtp ',
  delete_messages: 'ablm    ',
  pin_messages: 'ablm    ',
  transfer_channel: 'ab      ',
  close_channel: 'ab      ',
  run_polls: 'ablm    ',
  vote: 'ablmvtp ',
  clear_channel: 'ablm    ',
  nuke: 'ablm    ',
  ban: 'ablm    ',
  mark_members: 'ablm    ',
  protect_members: 'abl     ',
  review_messages: 'ablm    ',
  set_policy: 'abl     ',
  report: 'ablmvtp ',
  handle_reports: 'ablm    ',
  appeal: 'ablmvtp ',
  answer_appeals: 'ablm    ',
  set_quorum: 'abl     ',
  reject_bans: 'abl     ',
  share_bans: 'abl     ',
  import_bans: 'abl     ',
  set_group: 'ab      ',
  time_out: 'ablm    ',
  lift_timeouts: 'ablm    ',
  assign_roles: 'abl     ',
  manage_stream_keys: 'ab      ',
  stop_broadcasts: 'ablm    ',
  manage_recordings: 'ab      ',
  set_quotas: 'a       ',
  make_clips: 'ablmvtp ',
  change_broadcast_info: 'ablm    ',
  see_broadcast_health: 'ablm    ',
  watch_private_broadcasts: 'ablmvt  ',
}

test('every role may do what the table says, and nothing else', () => {
  assert.deepEqual([...actions].sort(), Object.keys(expected).sort())
  for (const action of actions)
    for (const [rank, role] of roles.entries())
      assert.equal(may(role, action), expected[action][rank] !== ' ', `${role} ${action}`)
})

test('ranks are a strict order', () => {
  for (const [high, one] of roles.entries())
    for (const [low, other] of roles.entries()) assert.equal(outranks(one, other), high < low, `${one} ${other}`)
})

test('nobody is made a broadcaster, an admin or a guest', () => {
  assert.deepEqual(roles.filter(isAssignable), [...assignableRoles])
  assert.ok(!isAssignable('broadcaster') && !isAssignable('platform_admin') && !isAssignable('toString'))
})

test('a person goes by a decimal id below 2^53, parts of the platform do not', () => {
  for (const id of ['1', '1000', '9007199254740991']) assert.ok(isNumericId(id), id)
  for (const text of ['', '0', '01', '-1', '1.5', '1e3', ' 1', '9007199254740992', '99999999999999999', 'abc'])
    assert.ok(!isNumericId(text), text)
  assert.ok(isPerson('1000'))
  assert.ok(!isPerson(system) && !isPerson(managerPrincipal('clock')))
})
