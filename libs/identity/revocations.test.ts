import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codecs } from '#libs/contracts/codecs.ts'
import type { Sealed } from '#libs/contracts/sealed.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import type { IdentityEvent } from './events.ts'
import { createRevocations } from './revocations.ts'

const record = (part: Partial<OutcomeRecord>): OutcomeRecord => ({
  family: 'account',
  partition: 0,
  offset: 0,
  claim: 0,
  n: 7,
  key: '1',
  at: 0,
  commandOffset: 0,
  commandId: '',
  commandType: '',
  principal: '',
  origin: '',
  fingerprint: '',
  stateVersion: 1,
  outcome: { kind: 'accepted', events: [], summary: {} },
  ...part,
})

test('revocations are remembered for as long as a token may hold', () => {
  let now = 1_000_000
  const erased: string[] = []
  const revocations = createRevocations({ tokenMs: 1000, onErased: (id) => erased.push(id), now: () => now })
  const revoked = codecs.account.encodeEvent({ type: 'SessionsRevoked', sessionIds: ['s1', 's2'] })
  const gone = codecs.account.encodeEvent({ type: 'AccountErased', accountId: '5' })
  const changed = codecs.account.encodeEvent({ type: 'PasswordChanged' })
  revocations.observe([
    record({ at: now, outcome: { kind: 'accepted', events: [changed, revoked], summary: {} } }),
    record({ at: now, outcome: { kind: 'accepted', events: [gone], summary: {} } }),
    record({ at: 0, outcome: { kind: 'accepted', events: [{ ...gone, type: 'AccountErased' }], summary: {} } }),
  ])
  assert.deepEqual(erased, ['5', '5'])
  assert.equal(revocations.refusal({ accountId: '1', sessionId: 's2', platformRole: 'user' }), 'identity.token_invalid')
  assert.equal(revocations.refusal({ accountId: '5', sessionId: 's9', platformRole: 'user' }), 'identity.token_invalid')
  assert.equal(revocations.refusal({ accountId: '1', sessionId: 's3', platformRole: 'user' }), undefined)
  now += 100_000
  const later = codecs.account.encodeEvent({ type: 'SessionsRevoked', sessionIds: ['s4'] })
  revocations.observe([record({ at: now, outcome: { kind: 'accepted', events: [later], summary: {} } })])
  assert.equal(revocations.size(), 2, 'the session, and the account that is gone')
})

test('a suspension is known until it is over or lifted, and a role until the token has it', () => {
  let now = 1_000_000
  const revocations = createRevocations({ tokenMs: 1000, onErased: () => {}, now: () => now })
  const sealed = Buffer.from('sealed') as Sealed
  const tell = (event: IdentityEvent) => {
    const events = [codecs.account.encodeEvent(event)]
    revocations.observe([record({ at: now, outcome: { kind: 'accepted', events, summary: {} } })])
  }
  const of = (accountId: string, platformRole = 'user') =>
    revocations.refusal({ accountId, sessionId: 's', platformRole })
  tell({ type: 'AccountSuspended', accountId: '1', reason: sealed, until: null })
  tell({ type: 'AccountSuspended', accountId: '2', reason: sealed, until: now + 500 })
  assert.deepEqual(
    ['1', '2', '3'].map((id) => of(id)),
    ['identity.account_suspended', 'identity.account_suspended', undefined],
  )
  now += 500
  assert.equal(of('2'), undefined)
  tell({ type: 'AccountRestored', accountId: '1', reason: sealed })
  assert.equal(of('1'), undefined)
  tell({ type: 'PlatformRoleAssigned', accountId: '1', role: 'moderator', reason: null })
  assert.deepEqual([of('1'), of('1', 'moderator')], ['identity.token_expired', undefined])
  tell({ type: 'AccessTokensRevoked', tokenIds: ['s'] })
  assert.equal(of('3'), 'identity.token_invalid')
})

test('what ended for good is remembered however long a token of a program holds; a deactivated account until it is back', () => {
  let now = 1_000_000
  const revocations = createRevocations({ tokenMs: 1000, onErased: () => {}, now: () => now })
  const tell = (event: IdentityEvent) => {
    const events = [codecs.account.encodeEvent(event)]
    revocations.observe([record({ at: now, outcome: { kind: 'accepted', events, summary: {} } })])
  }
  const of = (accountId: string, sessionId: string) =>
    revocations.refusal({ accountId, sessionId, platformRole: 'user' })
  tell({ type: 'AccessTokensRevoked', tokenIds: ['t1', 't2'] })
  tell({ type: 'AccountErased', accountId: '5' })
  tell({ type: 'AccountDeactivated', accountId: '6' })
  now += 365 * 24 * 3_600_000
  assert.deepEqual(
    [of('1', 't2'), of('5', 't9'), of('6', 't9'), of('1', 't3')],
    ['identity.token_invalid', 'identity.token_invalid', 'identity.token_invalid', undefined],
  )
  tell({ type: 'AccountReactivated', accountId: '6' })
  assert.equal(of('6', 't9'), undefined)
  assert.equal(revocations.roleOf('6'), undefined)
  tell({ type: 'PlatformRoleAssigned', accountId: '6', role: 'support', reason: null })
  assert.equal(revocations.roleOf('6'), 'support')
  const session = { accountId: '6', sessionId: 's', platformRole: 'user' }
  assert.equal(
    revocations.refusal({ ...session, heldBackRole: 'support' }),
    undefined,
    'it does not count, and is right',
  )
  assert.equal(revocations.refusal({ ...session, heldBackRole: 'admin' }), 'identity.token_expired')
})

test('whoever acts as somebody does so no longer than they are themselves who they were', () => {
  const revocations = createRevocations({ tokenMs: 900_000, onErased: () => {}, now: () => 0 })
  const tell = (event: IdentityEvent) => {
    const events = [codecs.account.encodeEvent(event)]
    revocations.observe([record({ outcome: { kind: 'accepted', events, summary: {} } })])
  }
  const by = (impersonator: string, impersonatorSession: string) =>
    revocations.refusal({ accountId: '1', sessionId: 's', platformRole: 'user', impersonator, impersonatorSession })
  const reason = Buffer.from('sealed') as Sealed
  tell({ type: 'PlatformRoleAssigned', accountId: '2', role: 'moderator', reason: null })
  tell({ type: 'AccountSuspended', accountId: '3', reason, until: null })
  tell({ type: 'SessionsRevoked', sessionIds: ['ended'] })
  tell({ type: 'PlatformRoleAssigned', accountId: '5', role: 'admin', reason: null })
  const refused = [by('2', 'a'), by('3', 'b'), by('4', 'ended')]
  assert.deepEqual(refused, ['identity.token_invalid', 'identity.token_invalid', 'identity.token_invalid'])
  assert.deepEqual([by('4', 'other'), by('5', 'c')], [undefined, undefined])
})
