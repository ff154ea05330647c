import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { testDatabase } from '#libs/testing/engines.ts'
import { openVault } from '#libs/vault/open.ts'
import { newCodes } from './recovery-codes.ts'

test('recovery codes of an earlier record do not take the place of later ones, and it is said so', async (t) => {
  const databaseUrl = await testDatabase(t)
  const vault = await openVault({ databaseUrl, masterKey: randomBytes(32).toString('base64') })
  t.after(() => vault.close())
  const [later = ''] = await newCodes(vault.factors, '1000', 9)
  await assert.rejects(newCodes(vault.factors, '1000', 4), { code: 'identity.codes_renewed' })
  assert.equal(await vault.factors.recoveryCodes.use('1000', later), 9)
})
