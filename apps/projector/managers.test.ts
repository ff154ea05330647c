import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { codecs } from '#libs/contracts/codecs.ts'
import type { IdentityDraft } from '#libs/identity/events.ts'
import { accountId } from '#libs/identity/identity.fixtures.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { stubSeal, t0 } from '#libs/testing/specification.ts'
import { openVault } from '#libs/vault/open.ts'
import { factorsManager } from './managers.ts'

test('factors whose removal stands in the journal leave the vault, whatever became of the request', async (t) => {
  const vault = await openVault({
    databaseUrl: await testDatabase(t),
    masterKey: randomBytes(32).toString('base64'),
  })
  t.after(() => vault.close())
  const { totp, passkeys, recoveryCodes } = vault.factors
  const manager = factorsManager(vault)
  const after = async (draft: IdentityDraft) => {
    const events = [codecs.account.encodeEvent(codecs.account.sealEvent(draft, 'command/0', stubSeal))]
    const record = { key: accountId, at: t0, commandId: 'command', outcome: { kind: 'accepted', events, summary: {} } }
    for (const task of await manager.prepare([record as unknown as OutcomeRecord]))
      await task.run(new AbortController().signal, { decided: 0, parked: false })
  }
  const [code, key] = [randomUUID(), randomUUID()]
  await totp.enrol(accountId, code, randomBytes(20))
  await recoveryCodes.replace(accountId, 1)
  const publicHalf = {
    credentialId: randomBytes(16),
    publicKey: randomBytes(32),
    counter: 0,
    transports: [],
    name: 'x',
  }
  await passkeys.add({ ...publicHalf, accountId, factorId: key })
  const left = async () => [
    (await totp.find(accountId)) !== undefined,
    await recoveryCodes.left(accountId),
    (await passkeys.listOf(accountId)).length,
  ]
  await after({ type: 'FactorRemoved', accountId, factor: 'passkey', factorId: key })
  assert.deepEqual(await left(), [true, 10, 0])
  await after({ type: 'FactorRemoved', accountId, factor: 'totp', factorId: code })
  assert.deepEqual(await left(), [false, 0, 0])
})
