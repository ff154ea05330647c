import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  isPlatformRole,
  mayOnPlatform,
  outranksOnPlatform,
  type PlatformAction,
  type PlatformRole,
  platformActions,
  platformRoles,
} from './platform.ts'

/** One letter a role, in the order of the roles: owner, admin, moderator, support, developer, user. */
const expected: Readonly<Record<PlatformAction, string>> = {
  administer_channels: 'oa    ',
  search_accounts: 'oams  ',
  see_sessions: 'oams  ',
  force_logout: 'oams  ',
  invite: 'oams  ',
  see_audit: 'oam   ',
  export_audit: 'oa    ',
  suspend_accounts: 'oam   ',
  reset_factors: 'oa s  ',
  assign_platform_roles: 'oa    ',
  impersonate: 'oa    ',
  manage_emotes: 'oam   ',
  ban_addresses: 'oam   ',
  erase_accounts: 'oa    ',
  export_personal_data: 'oa    ',
  manage_integrations: 'oa  d ',
}

test('every platform role may do what the table says, and nothing else', () => {
  assert.deepEqual([...platformActions].sort(), Object.keys(expected).sort())
  for (const action of platformActions)
    for (const [rank, role] of platformRoles.entries())
      assert.equal(mayOnPlatform(role, action), expected[action][rank] !== ' ', `${role} ${action}`)
})

test('what is no platform role may nothing', () => {
  for (const role of [undefined, '', 'root', 'broadcaster', 'Owner', 1, true])
    for (const action of platformActions) {
      assert.ok(!isPlatformRole(role))
      assert.ok(!mayOnPlatform(role, action), `${role} ${action}`)
    }
})

test('owners stand above admins, those above staff, staff above users, and nobody above an equal', () => {
  const above = (one: PlatformRole) => platformRoles.filter((other) => outranksOnPlatform(one, other)).join(' ')
  assert.deepEqual(platformRoles.map(above), [
    'admin moderator support developer user',
    'moderator support developer user',
    'user',
    'user',
    'user',
    '',
  ])
})
