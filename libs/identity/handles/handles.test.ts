import assert from 'node:assert/strict'
import { test } from 'node:test'
import { happened, t0 } from '#libs/testing/specification.ts'
import { identityDecider } from '../decider.ts'
import type { IdentityDraft } from '../events.ts'
import {
  accountId,
  byManager,
  bySystem,
  channelHolder,
  claim,
  claimed,
  erased,
  evolved,
  givenAccount,
  givenHandle,
  opened,
  otherAccountId,
} from '../identity.fixtures.ts'
import { handleKeptMs, retirementMs } from './decide.ts'

const holderId = accountId
const take = (handle = 'Ada_2', previousKey: string | null = 'old') =>
  ({ type: 'TakeHandle', holderId, handle, previousKey, nameKey: 'name' }) as const
const taken = (
  held: 'free' | 'retired' | 'current',
  handle = 'Ada_2',
  nameKey: string | null = null,
): IdentityDraft => ({
  type: 'HandleTaken',
  holderId,
  handle,
  held,
  previousKey: 'old',
  nameKey,
})
const retire = { type: 'RetireHandle', holderId } as const
const until = t0 + retirementMs
const retired: IdentityDraft = { type: 'HandleRetired', holderId, until }
const clock = { principal: 'manager/clock' }
const handleTaken = { code: 'identity.handle_taken' } as const

test('a free handle is taken, final at once; of two who want it one has it', () => {
  givenHandle([])
    .when(take())
    .then([taken('free', 'Ada_2', 'name')], { holderId })
  const other = { ...take(), holderId: otherAccountId }
  givenHandle([taken('free')])
    .when(other, { principal: otherAccountId })
    .thenRejected(handleTaken)
  givenHandle([taken('free')])
    .when(claim({ holderId: otherAccountId, ownerId: otherAccountId }), { principal: otherAccountId })
    .thenRejected(handleTaken)
  givenHandle([claimed(channelHolder)])
    .when(take())
    .thenRejected(handleTaken)
})

test('one’s own handle is taken in other letters, or back from its retirement', () => {
  givenHandle([claimed()])
    .when(take('ADA_L'))
    .then([taken('current', 'ADA_L')])
  givenHandle([claimed(), retired])
    .when(take())
    .then([taken('retired')])
})

test('who takes a handle takes a fit one, for themselves', () => {
  givenHandle([]).when(take('a b')).thenRejected({ code: 'identity.handle_invalid' })
  givenHandle([]).when(take('admin')).thenRejected({ code: 'identity.handle_reserved' })
  givenHandle([]).when(take(), { principal: otherAccountId }).thenRejected({ code: 'identity.forbidden' })
  givenAccount([opened]).when(take()).thenRejected({ code: 'identity.wrong_aggregate' })
})

const change = { type: 'ChangeHandle', handle: 'Ada_2', handleKey: 'new', previousKey: 'told' } as const
const changed = (previousKey: string | null): IdentityDraft => ({
  type: 'HandleChanged',
  accountId,
  handle: 'Ada_2',
  handleKey: 'new',
  previousKey,
})

test('an account goes by what was taken, and knows what it leaves', () => {
  givenAccount([{ ...opened, handleKey: 'known' } as IdentityDraft])
    .when(change, byManager)
    .then([changed('known')])
  givenAccount([opened])
    .when(change, byManager)
    .then([changed('told')])
  givenAccount([opened]).when(change).thenRejected({ code: 'identity.forbidden' })
  givenAccount([opened, erased]).when(change, byManager).thenRejected({ code: 'identity.account_erased' })
})

test('a handle is kept for a week at least', () => {
  const history = [opened, changed('known')]
  givenAccount(history)
    .when(change, { ...byManager, at: t0 + 1000 })
    .thenRejected({ code: 'identity.handle_changed_lately', remainingMs: handleKeptMs - 1000 })
  givenAccount(history)
    .when(change, { ...byManager, at: t0 + handleKeptMs })
    .then([changed('new')])
})

test('a handle that was left is kept for a month, then free', () => {
  givenHandle([claimed()]).when(retire, byManager).then([retired])
  givenHandle([claimed()]).when(retire).thenRejected({ code: 'identity.forbidden' })
  givenHandle([]).when(retire, byManager).thenRejected({ code: 'identity.handle_not_held' })
  const history = [claimed({ nameKey: 'name' }), retired]
  assert.deepEqual(identityDecider.due(evolved(history)), { name: 'retirement', at: until })
  const end = { type: 'EndRetirement', dueAt: until } as const
  assert.deepEqual(identityDecider.dueCommand('retirement', until), end)
  const freed = { type: 'HandleReleased', holderId, ownerId: accountId, nameKey: 'name' } as const
  givenHandle(history).when(end, clock).then([freed])
  givenHandle([...history, happened(freed, { at: until })])
    .when({ ...claim({ holderId: otherAccountId, ownerId: otherAccountId }) }, { principal: otherAccountId })
    .then([claimed({ holderId: otherAccountId, ownerId: otherAccountId })])
  givenHandle(history)
    .when({ ...end, dueAt: until - 1 }, clock)
    .thenRejected({ code: 'identity.nothing_due' })
  givenHandle([...history, taken('retired')])
    .when(end, clock)
    .thenRejected({ code: 'identity.nothing_due' })
  givenHandle(history).when(end, bySystem).thenRejected({ code: 'identity.forbidden' })
})
