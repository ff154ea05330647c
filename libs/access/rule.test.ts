import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actions, may } from './permissions.ts'
import { mayOnPlatform, platformActions, platformRoles } from './platform.ts'
import { roles } from './roles.ts'
import { type AccessRule, decideAccess, isAccessRule, isOpen, ruleText, type Subject } from './rule.ts'

const guest: Subject = { signedIn: false }
const account: Subject = { signedIn: true, platformRole: 'user' }

test('without a rule, or by one that names nothing, nobody passes', () => {
  const owner: Subject = { signedIn: true, platformRole: 'owner', channelRole: 'platform_admin' }
  const none: readonly unknown[] = [
    undefined,
    null,
    '',
    'everybody',
    {},
    { platform: 'read' },
    { channel: 'invite' },
    1,
  ]
  for (const rule of none) {
    assert.ok(!isAccessRule(rule))
    assert.equal(decideAccess(rule as AccessRule, owner), 'forbidden')
  }
})

test('everybody passes what is public, every account what is for those signed in', () => {
  assert.deepEqual([decideAccess('public', guest), decideAccess('public', account)], ['allowed', 'allowed'])
  assert.deepEqual(
    [decideAccess('signed in', guest), decideAccess('signed in', account)],
    ['unauthenticated', 'allowed'],
  )
})

test('a permission on the platform passes those whose role has it', () => {
  for (const platform of platformActions) {
    assert.equal(decideAccess({ platform }, { ...guest, platformRole: 'owner' }), 'unauthenticated')
    for (const platformRole of platformRoles)
      assert.equal(
        decideAccess({ platform }, { signedIn: true, platformRole }),
        mayOnPlatform(platformRole, platform) ? 'allowed' : 'forbidden',
        `${platformRole} ${platform}`,
      )
  }
})

test('a permission in a channel passes those whose role there has it; where it is not known, whoever may have it', () => {
  for (const channel of actions) {
    assert.equal(decideAccess({ channel }, guest), may('none', channel) ? 'allowed' : 'unauthenticated')
    assert.equal(decideAccess({ channel }, account), 'allowed')
    for (const channelRole of roles)
      assert.equal(
        decideAccess({ channel }, { ...account, channelRole }),
        may(channelRole, channel) ? 'allowed' : 'forbidden',
        `${channelRole} ${channel}`,
      )
  }
})

test('a rule says what it is, and whether it is open', () => {
  const rules: readonly AccessRule[] = ['public', 'signed in', { platform: 'invite' }, { channel: 'read' }]
  assert.deepEqual(rules.map(ruleText), ['public', 'signed in', 'platform: invite', 'channel: read'])
  assert.deepEqual(rules.map(isOpen), [true, false, false, true])
})
