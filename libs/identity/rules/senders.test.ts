import { test } from 'node:test'
import {
  accountId,
  byAdmin,
  byManager,
  byOwner,
  bySystem,
  channelHolder,
  claim,
  claimed,
  erased,
  givenAccount,
  givenHandle,
  openAccount,
  opened,
  otherAccountId,
} from '../identity.fixtures.ts'

const forbidden = { code: 'identity.forbidden' } as const

test('people claim handles for themselves and their channels, the system for anybody', () => {
  givenHandle([]).when(claim(), byOwner).then([claimed()], { holderId: accountId })
  givenHandle([])
    .when(claim(channelHolder), byOwner)
    .then([claimed(channelHolder)])
  givenHandle([]).when(claim(), bySystem).then([claimed()])
  for (const context of [{ principal: otherAccountId }, byAdmin, byManager])
    givenHandle([]).when(claim(), context).thenRejected(forbidden)
})

test('only the system makes an admin of the platform', () => {
  givenHandle([])
    .when(claim({ platformRole: 'admin' }), bySystem)
    .then([claimed({ platformRole: 'admin' })])
  givenHandle([])
    .when(claim({ platformRole: 'admin' }), byOwner)
    .thenRejected(forbidden)
})

test('accounts are opened and handles given back by the manager of handles', () => {
  const release = { type: 'ReleaseHandle', holderId: accountId } as const
  for (const context of [byManager, bySystem]) {
    givenAccount([]).when(openAccount, context).then([opened], { accountId })
    givenHandle([claimed()])
      .when(release, context)
      .then([{ type: 'HandleReleased', holderId: accountId, ownerId: accountId, nameKey: null }])
  }
  for (const context of [byOwner, byAdmin, { principal: 'manager/clock' }]) {
    givenAccount([]).when(openAccount, context).thenRejected(forbidden)
    givenHandle([claimed()]).when(release, context).thenRejected(forbidden)
  }
})

test('an account is in the hands of its owner, the system and admins of the platform', () => {
  for (const context of [byOwner, bySystem, byAdmin])
    givenAccount([opened]).when({ type: 'EraseAccount' }, context).then([erased])
  const others = [
    { principal: otherAccountId },
    { principal: otherAccountId, facts: { platformRole: 'user' } },
    { principal: 'manager/handles', facts: { platformRole: 'admin' } },
  ]
  for (const context of others) {
    givenAccount([opened]).when({ type: 'EraseAccount' }, context).thenRejected(forbidden)
    givenAccount([opened])
      .when({ type: 'RevokeSessions', sessionIds: ['s'] }, context)
      .thenRejected(forbidden)
    givenAccount([opened]).when({ type: 'RecordPasswordChange', sessionIds: [] }, context).thenRejected(forbidden)
  }
})
