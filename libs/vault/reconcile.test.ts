import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import postgres from 'postgres'
import { testDatabase } from '#libs/testing/engines.ts'
import { openVault } from './open.ts'
import { journalFacts, type VaultEvent } from './reconcile.ts'

test('the journals say who is erased and which id is the highest', () => {
  const events: readonly VaultEvent[] = [
    { type: 'AccountOpened', accountId: '1000' },
    { type: 'HandleClaimed', holderId: '1007' },
    { type: 'AccountErased', accountId: '1000' },
    { type: 'AccountErased', accountId: '1000' },
  ]
  assert.deepEqual(journalFacts(events), { erased: ['1000'], highestId: 1007 })
})

test('a backup from before an erasure is restored: the person stays erased, and no id is given twice', async (t) => {
  const options = { databaseUrl: await testDatabase(t), masterKey: randomBytes(32).toString('base64') }
  const vault = await openVault(options)
  const sql = postgres(options.databaseUrl, { max: 1, onnotice: () => {} })
  t.after(() => Promise.all([vault.close(), sql.end()]))
  for (const account of ['1000', '1001']) {
    await vault.keys.create(account)
    await vault.credentials.put({ accountId: account, passwordHash: '$argon2id$', mustChange: false })
  }
  const { secret } = await vault.sessions.open('1000', 60_000)
  const sealed = vault.keys.seal('1000', 'c/0', 'text', 'x')

  assert.deepEqual(await vault.reconcile({ erased: ['1000', '1002'], highestId: 1500 }), ['1000'])

  assert.equal(vault.keys.open('1000', 'c/0', 'text', sealed), undefined)
  assert.equal(await vault.credentials.get('1000'), undefined)
  assert.equal(await vault.sessions.find(secret), undefined)
  assert.ok(await vault.credentials.get('1001'))
  assert.equal((await sql`select from vault.personal_keys where wrapped is not null and subject <> '0'`).length, 1)
  assert.equal(await vault.nextId(), '1501')
  assert.deepEqual(await vault.reconcile({ erased: ['1000', '1002'], highestId: 1500 }), [])
  assert.equal(await vault.nextId(), '1502')
})
