import { test } from 'node:test'
import { t0 } from '#libs/testing/specification.ts'
import { accountId, byAdmin, erased, givenAccount, opened, otherAccountId } from '../identity.fixtures.ts'
import { exportEveryMs } from './decide.ts'

const own = { type: 'RecordExport', reason: null } as const
const byStaff = { type: 'RecordExport', reason: 'asked by letter' } as const
const exported = { type: 'PersonalDataExported', accountId, actor: accountId, reason: null } as const

test('people have all about them handed out, once in a while', () => {
  givenAccount([opened]).when(own).then([exported])
  givenAccount([opened, exported])
    .when(own, { at: t0 + exportEveryMs - 1_000 })
    .thenRejected({ code: 'identity.exported_lately', remainingMs: 1_000 })
  givenAccount([opened, exported])
    .when(own, { at: t0 + exportEveryMs })
    .then([exported])
  givenAccount([opened, erased]).when(own).thenRejected({ code: 'identity.account_erased' })
})

test('nobody else does but staff who stand above, with a reason that the owner is told', () => {
  const made = { ...exported, actor: byAdmin.principal, reason: byStaff.reason }
  givenAccount([opened]).when(byStaff, byAdmin).then([made])
  givenAccount([opened, exported]).when(byStaff, byAdmin).then([made])
  givenAccount([opened, made])
    .when(own, { at: t0 + 1 })
    .then([exported])
  givenAccount([opened])
    .when({ ...byStaff, reason: ' ' }, byAdmin)
    .thenRejected({ code: 'identity.reason_invalid', max: 500 })
  givenAccount([opened]).when(own, byAdmin).thenRejected({ code: 'identity.forbidden' })
  for (const platformRole of ['user', 'moderator', 'support'])
    givenAccount([opened])
      .when(byStaff, { principal: otherAccountId, facts: { platformRole } })
      .thenRejected({ code: 'identity.forbidden' })
  givenAccount([opened, { type: 'PlatformRoleAssigned', accountId, role: 'admin', reason: null }])
    .when(byStaff, byAdmin)
    .thenRejected({ code: 'identity.outranked' })
})
