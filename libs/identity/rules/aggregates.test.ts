import { test } from 'node:test'
import type { IdentityCommand } from '../commands.ts'
import {
  accountId,
  byManager,
  claim,
  claimed,
  erased,
  givenAccount,
  givenHandle,
  openAccount,
  opened,
  otherAccountId,
} from '../identity.fixtures.ts'

test('a handle is claimed once, by the same person too', () => {
  givenHandle([claimed()]).when(claim()).thenRejected({ code: 'identity.handle_taken' })
  givenHandle([claimed()])
    .when(claim({ holderId: otherAccountId, ownerId: otherAccountId }), { principal: otherAccountId })
    .thenRejected({ code: 'identity.handle_taken' })
})

test('a handle that was given back is free again', () => {
  const released = { type: 'HandleReleased', holderId: accountId, ownerId: accountId, nameKey: null } as const
  givenHandle([claimed(), released]).when(claim()).then([claimed()])
  givenHandle([claimed(), released])
    .when({ type: 'ReleaseHandle', holderId: accountId }, byManager)
    .thenRejected({ code: 'identity.handle_not_held' })
})

test('only the handle of its holder is given back', () => {
  for (const history of [[], [claimed()]])
    givenHandle(history)
      .when({ type: 'ReleaseHandle', holderId: otherAccountId }, byManager)
      .thenRejected({ code: 'identity.handle_not_held' })
})

test('an account is opened once', () => {
  givenAccount([opened]).when(openAccount, byManager).thenRejected({ code: 'identity.account_exists' })
  givenAccount([opened, erased]).when(openAccount, byManager).thenRejected({ code: 'identity.account_erased' })
})

const ofAccounts: readonly IdentityCommand[] = [
  { type: 'RecordPasswordChange', sessionIds: ['s'] },
  { type: 'RevokeSessions', sessionIds: ['s'] },
  { type: 'EraseAccount' },
]

test('nothing is done with an account that is not open yet, or erased', () => {
  for (const command of ofAccounts) {
    givenAccount([]).when(command).thenRejected({ code: 'identity.account_unknown' })
    givenAccount([opened, erased]).when(command).thenRejected({ code: 'identity.account_erased' })
  }
})

test('commands on accounts are not decided by handles, nor the other way round', () => {
  const wrong = { code: 'identity.wrong_aggregate' } as const
  for (const command of [...ofAccounts, openAccount]) givenHandle([claimed()]).when(command).thenRejected(wrong)
  givenAccount([]).when(claim()).thenRejected(wrong)
  givenAccount([opened]).when({ type: 'ReleaseHandle', holderId: accountId }, byManager).thenRejected(wrong)
})
