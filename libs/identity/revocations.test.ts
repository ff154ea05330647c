import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codecs } from '#libs/contracts/codecs.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
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
  assert.equal(revocations.refusal({ accountId: '1', sessionId: 's2' }), 'identity.token_invalid')
  assert.equal(revocations.refusal({ accountId: '5', sessionId: 's9' }), 'identity.token_invalid')
  assert.equal(revocations.refusal({ accountId: '1', sessionId: 's3' }), undefined)
  now += 100_000
  const later = codecs.account.encodeEvent({ type: 'SessionsRevoked', sessionIds: ['s4'] })
  revocations.observe([record({ at: now, outcome: { kind: 'accepted', events: [later], summary: {} } })])
  assert.equal(revocations.size(), 1)
})
