import assert from 'node:assert/strict'
import { test } from 'node:test'
import { t0 } from '#libs/testing/specification.ts'
import type { IdentityCommandOf } from '../commands.ts'
import { identityDecider } from '../decider.ts'
import type { IdentityDraft, IdentityDraftOf } from '../events.ts'
import {
  accountId,
  byAdmin,
  bySystem,
  erased,
  evolved,
  givenAccount,
  opened,
  otherAccountId,
} from '../identity.fixtures.ts'
import { maxBlocked } from './rules.ts'

const byOther = { principal: otherAccountId }
const forbidden = { code: 'identity.forbidden' } as const
const clock = { principal: 'manager/clock' }

const noChange = { displayName: null, bio: null, colour: null, avatar: null, displayNameKey: null } as const
const change = (fields: Partial<IdentityCommandOf<'ChangeProfile'>>) =>
  ({ type: 'ChangeProfile', ...noChange, ...fields }) as const
const changed = (fields: Partial<IdentityDraftOf<'ProfileChanged'>>): IdentityDraft => ({
  type: 'ProfileChanged',
  accountId,
  ...noChange,
  previousDisplayNameKey: null,
  ...fields,
})

test('a profile changes by what is sent, the rest stays', () => {
  givenAccount([opened])
    .when(change({ bio: 'Hello\nthere' }))
    .then([changed({ bio: 'Hello\nthere' })])
  givenAccount([opened])
    .when(change({ colour: '#00ff7f' }))
    .then([changed({ colour: '#00ff7f' })])
  givenAccount([opened])
    .when(change({ colour: '', avatar: '', bio: '' }))
    .then([changed({ colour: '', avatar: '', bio: '' })])
  givenAccount([opened]).when(change({})).thenRejected({ code: 'identity.nothing_to_change' })
  givenAccount([opened])
    .when(change({ bio: 'x' }), byAdmin)
    .thenRejected(forbidden)
  givenAccount([opened])
    .when(change({ bio: 'x'.repeat(301) }))
    .thenRejected({ code: 'identity.bio_invalid', max: 300 })
  for (const colour of ['red', '#FFF', '#00FF7F'])
    givenAccount([opened]).when(change({ colour })).thenRejected({ code: 'identity.colour_invalid' })
  for (const avatar of ['http://example.org/a.png', `avatars/1/${'a'.repeat(64)}.svg`, `avatars/../${'a'.repeat(64)}`])
    givenAccount([opened]).when(change({ avatar })).thenRejected({ code: 'identity.avatar_invalid' })
  givenAccount([opened])
    .when(change({ displayName: ' ' }))
    .thenRejected({ code: 'identity.display_name_invalid', max: 25 })
})

test('another name shown says which name it needs, and which it leaves', () => {
  const history = [{ ...opened, displayNameKey: 'old' } as IdentityDraft]
  givenAccount(history)
    .when(change({ displayName: 'Zoe', displayNameKey: 'new' }))
    .then([changed({ displayName: 'Zoe', displayNameKey: 'new', previousDisplayNameKey: 'old' })])
  givenAccount(history)
    .when(change({ displayName: 'ADA', displayNameKey: 'old' }))
    .then([changed({ displayName: 'ADA' })])
  givenAccount([...history, changed({ displayName: 'Zoe', displayNameKey: 'new', previousDisplayNameKey: 'old' })])
    .when(change({ displayName: 'Ada', displayNameKey: 'old' }))
    .then([changed({ displayName: 'Ada', displayNameKey: 'old', previousDisplayNameKey: 'new' })])
})

test('terms are accepted by their version, by nobody else', () => {
  const accept = { type: 'AcceptTerms', version: '2026-11' } as const
  const accepted: IdentityDraft = { type: 'TermsAccepted', accountId, version: '2026-11' }
  givenAccount([opened]).when(accept).then([accepted])
  givenAccount([opened, accepted]).when(accept).then([])
  givenAccount([{ ...opened, termsVersion: '2026-11' } as IdentityDraft])
    .when(accept)
    .then([])
  givenAccount([opened]).when(accept, byAdmin).thenRejected(forbidden)
  givenAccount([opened])
    .when({ ...accept, version: 'a b' })
    .thenRejected({ code: 'identity.terms_not_accepted' })
})

test('others are blocked and unblocked, each once, and not without end', () => {
  const block = { type: 'BlockAccount', blocked: otherAccountId } as const
  const blocked = (id: string): IdentityDraft => ({ type: 'AccountBlocked', accountId, blocked: id })
  givenAccount([opened])
    .when(block)
    .then([blocked(otherAccountId)])
  givenAccount([opened, blocked(otherAccountId)])
    .when(block)
    .then([])
  const unblock = { type: 'UnblockAccount', blocked: otherAccountId } as const
  givenAccount([opened, blocked(otherAccountId)])
    .when(unblock)
    .then([{ type: 'AccountUnblocked', accountId, blocked: otherAccountId }])
  givenAccount([opened]).when(unblock).then([])
  for (const who of [accountId, 'nobody'])
    givenAccount([opened])
      .when({ ...block, blocked: who })
      .thenRejected({ code: 'identity.block_invalid' })
  for (const command of [block, unblock]) givenAccount([opened]).when(command, byOther).thenRejected(forbidden)
  const many = Array.from({ length: maxBlocked }, (_, index) => blocked(String(5000 + index)))
  givenAccount([opened, ...many])
    .when(block)
    .thenRejected({ code: 'identity.too_many_blocks', max: maxBlocked })
})

test('an account is put out of use with its sessions, and comes back', () => {
  const out = { type: 'DeactivateAccount', sessionIds: ['s1'] } as const
  const deactivated: IdentityDraft = { type: 'AccountDeactivated', accountId }
  givenAccount([opened])
    .when(out)
    .then([deactivated, { type: 'SessionsRevoked', sessionIds: ['s1'] }])
  givenAccount([opened])
    .when({ ...out, sessionIds: [] })
    .then([deactivated])
  givenAccount([opened, deactivated]).when(out).thenRejected({ code: 'identity.account_deactivated' })
  givenAccount([opened, deactivated])
    .when({ type: 'ReactivateAccount' })
    .then([{ type: 'AccountReactivated', accountId }])
  givenAccount([opened]).when({ type: 'ReactivateAccount' }).thenRejected({ code: 'identity.not_deactivated' })
  givenAccount([opened]).when(out, byAdmin).thenRejected(forbidden)
})

test('an account is erased after a delay, unless that is cancelled', () => {
  const schedule = { type: 'ScheduleErasure', delayMs: 60_000 } as const
  const eraseAt = t0 + 60_000
  const scheduled: IdentityDraft = { type: 'ErasureScheduled', accountId, eraseAt }
  const cancelled: IdentityDraft = { type: 'ErasureCancelled', accountId }
  const complete = { type: 'CompleteErasure', dueAt: eraseAt } as const
  givenAccount([opened]).when(schedule).then([scheduled], { eraseAt })
  givenAccount([opened, scheduled])
    .when(schedule, { at: t0 + 5 })
    .then([], { eraseAt })
  assert.deepEqual(identityDecider.due(evolved([opened, scheduled], accountId)), { name: 'erasure', at: eraseAt })
  assert.deepEqual(identityDecider.dueCommand('erasure', eraseAt), complete)
  givenAccount([opened, scheduled]).when(complete, clock).then([erased])
  givenAccount([opened, scheduled]).when({ type: 'CancelErasure' }).then([cancelled])
  givenAccount([opened, scheduled, cancelled])
    .when({ type: 'CancelErasure' })
    .thenRejected({ code: 'identity.erasure_not_scheduled' })
  assert.equal(identityDecider.due(evolved([opened, scheduled, cancelled], accountId)), undefined)
  for (const history of [[opened, scheduled, cancelled], [opened]])
    givenAccount(history).when(complete, clock).thenRejected({ code: 'identity.nothing_due' })
  givenAccount([opened, scheduled, erased]).when(complete, clock).thenRejected({ code: 'identity.account_erased' })
  assert.equal(identityDecider.due(evolved([opened, scheduled, erased], accountId)), undefined)
  givenAccount([opened, scheduled]).when(complete, bySystem).thenRejected(forbidden)
  givenAccount([opened]).when(schedule, byOther).thenRejected(forbidden)
  for (const delayMs of [0, -1, 91 * 86_400_000])
    givenAccount([opened])
      .when({ ...schedule, delayMs })
      .thenRejected({ code: 'identity.delay_invalid', max: 90 * 86_400_000 })
})
