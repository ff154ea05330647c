import assert from 'node:assert/strict'
import { test } from 'node:test'
import { t0 } from '#libs/testing/specification.ts'
import type { IdentityCommand } from '../commands.ts'
import { identityDecider } from '../decider.ts'
import type { IdentityDraft } from '../events.ts'
import { accountId, byAdmin, bySystem, evolved, givenAccount, opened, otherAccountId } from '../identity.fixtures.ts'
import { maxPasskeys } from './rules.ts'
import type { Factor } from './state.ts'

const totp: Factor = { factor: 'totp', factorId: 'codes' }
const passkey = (index = 1): Factor => ({ factor: 'passkey', factorId: `key-${index}` })
const add = (factor: Factor): IdentityCommand => ({ type: 'AddFactor', ...factor })
const remove = (factor: Factor): IdentityCommand => ({ type: 'RemoveFactor', ...factor })
const added = (factor: Factor): IdentityDraft => ({ type: 'FactorAdded', accountId, ...factor })
const removed = (factor: Factor): IdentityDraft => ({ type: 'FactorRemoved', accountId, ...factor })
const passwordRemoved: IdentityDraft = { type: 'PasswordRemoved', accountId }
const suspended: IdentityDraft = { type: 'AccountSuspended', accountId, reason: 'spam', until: null }
const clock = { principal: 'manager/clock' }
const bySupport = { principal: otherAccountId, facts: { platformRole: 'support' } }

test('an account has codes by time once, and so many passkeys', () => {
  givenAccount([opened])
    .when(add(totp))
    .then([added(totp)])
  givenAccount([opened, added(totp)])
    .when(add({ ...totp, factorId: 'others' }))
    .thenRejected({ code: 'identity.factor_exists' })
  givenAccount([opened, added(totp)])
    .when(add(passkey()))
    .then([added(passkey())])
  const all = Array.from({ length: maxPasskeys }, (_, index) => added(passkey(index)))
  givenAccount([opened, ...all])
    .when(add(passkey(99)))
    .thenRejected({ code: 'identity.too_many_factors', max: maxPasskeys })
  givenAccount([opened, ...all, removed(passkey(3))])
    .when(add(passkey(99)))
    .then([added(passkey(99))])
  givenAccount([opened, suspended]).when(add(totp)).thenRejected({ code: 'identity.account_suspended' })
  for (const command of [add(totp), remove(totp), { type: 'RemovePassword' } as const])
    givenAccount([opened]).when(command, byAdmin).thenRejected({ code: 'identity.forbidden' })
})

test('what is left to log in with stays', () => {
  givenAccount([opened]).when({ type: 'RemovePassword' }).thenRejected({ code: 'identity.last_factor' })
  givenAccount([opened, added(totp)])
    .when({ type: 'RemovePassword' })
    .thenRejected({ code: 'identity.last_factor' })
  givenAccount([opened, added(passkey())])
    .when({ type: 'RemovePassword' })
    .then([passwordRemoved])
  const passwordless = [opened, added(passkey()), added(totp), passwordRemoved]
  givenAccount(passwordless).when({ type: 'RemovePassword' }).then([])
  givenAccount(passwordless).when(remove(passkey())).thenRejected({ code: 'identity.last_factor' })
  givenAccount(passwordless)
    .when(remove(totp))
    .then([removed(totp)])
  givenAccount([...passwordless, added(passkey(2))])
    .when(remove(passkey()))
    .then([removed(passkey())])
  givenAccount([...passwordless, { type: 'PasswordChanged' }])
    .when(remove(passkey()))
    .then([removed(passkey())])
  givenAccount([opened]).when(remove(totp)).thenRejected({ code: 'identity.factor_unknown' })
})

test('recovery codes go with codes by time, and each use is recorded', () => {
  givenAccount([opened]).when({ type: 'IssueRecoveryCodes' }).thenRejected({ code: 'identity.factor_unknown' })
  givenAccount([opened, added(totp)])
    .when({ type: 'IssueRecoveryCodes' })
    .then([{ type: 'RecoveryCodesIssued', accountId }])
  givenAccount([opened, added(totp)])
    .when({ type: 'UseRecoveryCode', left: 9 })
    .then([{ type: 'RecoveryCodeUsed', accountId, left: 9 }])
  givenAccount([opened])
    .when({ type: 'RecordFailedFactor' }, bySystem)
    .then([{ type: 'FactorFailed', accountId }])
})

test('who is logged in shows once more who they are, unless suspended', () => {
  const renew = { type: 'RenewAuthentication', sessionId: 's1', method: 'password' } as const
  givenAccount([opened])
    .when(renew)
    .then([{ ...renew, type: 'AuthenticationRenewed', accountId }])
  givenAccount([opened, suspended]).when(renew).thenRejected({ code: 'identity.account_suspended' })
})

const schedule = { type: 'ScheduleFactorReset', delayMs: 60_000, reason: 'lost the phone' } as const
const resetAt = t0 + 60_000
const scheduled: IdentityDraft = { type: 'FactorResetScheduled', accountId, resetAt, reason: 'lost the phone' }
const cancelled: IdentityDraft = { type: 'FactorResetCancelled', accountId, reason: null }
const cancel = (reason: string | null = null) => ({ type: 'CancelFactorReset', reason }) as const
const complete = { type: 'CompleteFactorReset', dueAt: resetAt } as const
const withTotp = [opened, added(totp)]

test('staff have factors reset after a wait, which the owner may end', () => {
  givenAccount(withTotp).when(schedule, bySupport).then([scheduled], { resetAt })
  givenAccount([...withTotp, scheduled])
    .when(schedule, { ...bySupport, at: t0 + 5 })
    .then([], { resetAt })
  givenAccount(withTotp).when(schedule).thenRejected({ code: 'identity.forbidden' })
  givenAccount([opened]).when(schedule, bySupport).thenRejected({ code: 'identity.factor_unknown' })
  givenAccount(withTotp)
    .when({ ...schedule, reason: '' }, bySupport)
    .thenRejected({ code: 'identity.reason_invalid', max: 500 })
  givenAccount(withTotp)
    .when({ ...schedule, delayMs: 0 }, bySupport)
    .thenRejected({ code: 'identity.delay_invalid', max: 90 * 86_400_000 })
  givenAccount([...withTotp, scheduled])
    .when(cancel())
    .then([cancelled])
  givenAccount([...withTotp, scheduled])
    .when(cancel('it was found'), bySupport)
    .then([{ ...cancelled, reason: 'it was found' }])
  givenAccount([...withTotp, scheduled])
    .when(cancel(), bySupport)
    .thenRejected({ code: 'identity.forbidden' })
  givenAccount([...withTotp, scheduled])
    .when(cancel(' '), bySupport)
    .thenRejected({ code: 'identity.reason_invalid', max: 500 })
  givenAccount([...withTotp, scheduled, cancelled])
    .when(cancel())
    .thenRejected({ code: 'identity.factor_reset_not_scheduled' })
})

test('the clock completes a reset, once and only while it is due', () => {
  const state = evolved([...withTotp, scheduled], accountId)
  assert.deepEqual(identityDecider.due(state), { name: 'factor_reset', at: resetAt })
  assert.deepEqual(identityDecider.dueCommand('factor_reset', resetAt), complete)
  const erasure = (eraseAt: number): IdentityDraft => ({ type: 'ErasureScheduled', accountId, eraseAt })
  for (const [eraseAt, name] of [
    [resetAt - 1, 'erasure'],
    [resetAt + 1, 'factor_reset'],
  ] as const)
    assert.equal(identityDecider.due(evolved([...withTotp, scheduled, erasure(eraseAt)], accountId))?.name, name)
  const reset: IdentityDraft = { type: 'FactorsReset', accountId }
  givenAccount([...withTotp, scheduled])
    .when(complete, clock)
    .then([reset])
  for (const history of [withTotp, [...withTotp, scheduled, cancelled], [...withTotp, scheduled, reset]])
    givenAccount(history).when(complete, clock).thenRejected({ code: 'identity.nothing_due' })
  givenAccount([...withTotp, scheduled])
    .when(complete, bySystem)
    .thenRejected({ code: 'identity.forbidden' })
  givenAccount([...withTotp, scheduled, reset])
    .when(add(totp))
    .then([added(totp)])
})

test('who logs in by a factor has not lost it', () => {
  const open = (method: 'password' | 'totp' | 'passkey' | 'recovery_code') =>
    ({ type: 'OpenSession', sessionId: 's1', method, device: null }) as const
  for (const method of ['totp', 'passkey'] as const) {
    const session: IdentityDraft = { ...open(method), type: 'SessionOpened', accountId }
    givenAccount([...withTotp, scheduled])
      .when(open(method))
      .then([session, cancelled])
    givenAccount(withTotp).when(open(method)).then([session])
  }
  givenAccount([...withTotp, scheduled])
    .when(open('recovery_code'))
    .then([{ ...open('recovery_code'), type: 'SessionOpened', accountId }])
})
