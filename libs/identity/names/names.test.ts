import assert from 'node:assert/strict'
import { test } from 'node:test'
import { t0 } from '#libs/testing/specification.ts'
import { identityDecider } from '../decider.ts'
import type { IdentityDraft } from '../events.ts'
import {
  accountId,
  byManager,
  byOwner,
  bySystem,
  claimed,
  evolved,
  givenAccount,
  givenHandle,
  opened,
  otherAccountId,
} from '../identity.fixtures.ts'
import { reservationMs } from './decide.ts'

const holderId = accountId
const until = t0 + reservationMs
const reserve = { type: 'ReserveName', holderId, handleKey: null } as const
const keep = (uses = 1) => ({ type: 'KeepName', holderId, uses }) as const
const release = { type: 'ReleaseName', holderId } as const
const reserved = { type: 'NameReserved', holderId, until, handleKey: null } as const satisfies IdentityDraft
const kept = (uses = 1): IdentityDraft => ({ type: 'NameKept', holderId, uses })
const released: IdentityDraft = { type: 'NameReleased', holderId }
const ended: IdentityDraft = { type: 'NameReservationEnded', holderId }
const byOther = { principal: otherAccountId }
const clock = { principal: 'manager/clock' }

test('a name belongs to who reserved it, and again to nobody once nothing came of it', () => {
  givenHandle([]).when(reserve).then([reserved])
  givenHandle([reserved])
    .when(reserve, { at: t0 + 1 })
    .then([{ ...reserved, until: until + 1 }])
  const other = { ...reserve, holderId: otherAccountId }
  givenHandle([reserved]).when(other, byOther).thenRejected({ code: 'identity.name_confusable' })
  givenHandle([reserved]).when({ type: 'EndNameReservation', holderId }).then([ended])
  givenHandle([reserved, ended])
    .when(other, byOther)
    .then([{ ...reserved, holderId: otherAccountId }])
  givenHandle([]).when({ type: 'EndNameReservation', holderId }).thenRejected({ code: 'identity.name_not_held' })
})

test('who comes second for a handle is told that it is taken, and of another that looks like it that it does', () => {
  const first = { ...reserved, handleKey: 'key of bob' }
  const second = (handleKey: string | null) => ({ ...reserve, holderId: otherAccountId, handleKey })
  for (const history of [[first], [first, kept()], [first, kept(), reserved]]) {
    givenHandle(history).when(second('key of bob'), byOther).thenRejected({ code: 'identity.handle_taken' })
    for (const other of ['key of b0b', null])
      givenHandle(history).when(second(other), byOther).thenRejected({ code: 'identity.name_confusable' })
  }
  givenHandle([])
    .when({ ...reserve, handleKey: 'key of bob' })
    .then([first])
})

test('a reservation ends by its time, a name in use does not', () => {
  const { due } = identityDecider
  assert.deepEqual(due(evolved([reserved])), { name: 'reservation', at: until })
  assert.equal(due(evolved([reserved, kept()])), undefined)
  const lapse = { type: 'LapseName', dueAt: until } as const
  assert.deepEqual(identityDecider.dueCommand('reservation', until), lapse)
  givenHandle([reserved]).when(lapse, clock).then([ended])
  const early = { type: 'LapseName', dueAt: until - 1 } as const
  givenHandle([reserved]).when(early, clock).thenRejected({ code: 'identity.nothing_due' })
  givenHandle([reserved, kept()]).when(lapse, clock).thenRejected({ code: 'identity.nothing_due' })
  givenHandle([reserved]).when(lapse, bySystem).thenRejected({ code: 'identity.forbidden' })
})

test('a name is kept for as long as a handle or a name shown looks like it', () => {
  givenHandle([reserved])
    .when(keep(2), byManager)
    .then([kept(2)])
  const other = { ...reserve, holderId: otherAccountId }
  const confusable = { code: 'identity.name_confusable' } as const
  givenHandle([kept(2), released])
    .when(other, byOther)
    .thenRejected(confusable)
  givenHandle([kept(2), released, released])
    .when(other, byOther)
    .then([{ ...reserved, holderId: otherAccountId }])
  givenHandle([kept(1), reserved, released])
    .when(other, byOther)
    .thenRejected(confusable)
  givenHandle([kept()])
    .when({ ...keep(), holderId: otherAccountId }, byManager)
    .thenRejected(confusable)
  givenHandle([kept()])
    .when({ ...release, holderId: otherAccountId }, byManager)
    .thenRejected({ code: 'identity.name_not_held' })
})

test('people reserve names for themselves; what is kept is for the manager of handles to say', () => {
  for (const context of [byOwner, bySystem]) givenHandle([]).when(reserve, context).then([reserved])
  const forbidden = { code: 'identity.forbidden' } as const
  givenHandle([]).when(reserve, byOther).thenRejected(forbidden)
  for (const command of [keep(), release]) givenHandle([kept()]).when(command, byOwner).thenRejected(forbidden)
})

test('names, handles and accounts do not decide for one another', () => {
  const wrong = { code: 'identity.wrong_aggregate' } as const
  givenAccount([opened]).when(reserve).thenRejected(wrong)
  for (const command of [keep(), release]) givenAccount([opened]).when(command, byManager).thenRejected(wrong)
  givenHandle([claimed()]).when(release, byManager).thenRejected({ code: 'identity.name_not_held' })
})
