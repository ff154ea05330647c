import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { readConfig, withSettings } from '#libs/config/config.ts'
import { openPostgres } from '#libs/postgres/open.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { openVault } from '#libs/vault/open.ts'
import { assertRightMasterKey, rememberMasterKeys } from './right-master-key.ts'
import { retireVaultKeys, rotateVaultKeys } from './vault.ts'

const { signal } = new AbortController()
const newKey = (): string => randomBytes(32).toString('base64')

/** A vault, and the settings of a whiply that starts its own Postgres for it. */
const kept = async (t: TestContext) => {
  const data = await mkdtemp(join(tmpdir(), 'whiply-right-key-'))
  t.after(() => rm(data, { recursive: true, force: true }))
  await mkdir(join(data, 'postgres'))
  const embedded = withSettings(readConfig({}), { data })
  const own = withSettings(embedded, { databaseUrl: await testDatabase(t) })
  return { data, embedded, own, files: () => readdir(join(data, 'postgres')) }
}

test('a vault in a Postgres of the settings is asked, and one that is not there yet takes any master key', async (t) => {
  const { own, files } = await kept(t)
  await assertRightMasterKey(own, newKey())
  const masterKey = newKey()
  await (await openVault({ ...own, masterKey })).close()
  await assertRightMasterKey(own, masterKey)
  await assert.rejects(assertRightMasterKey(own, newKey()), /not one that opens the vault: whiply does not start/)
  assert.deepEqual(await files(), [])
})

test('of a vault that does not run yet a file tells, and nothing of the key', async (t) => {
  const { data, embedded, own, files } = await kept(t)
  const masterKey = newKey()
  await rememberMasterKeys(embedded, own.databaseUrl)
  assert.deepEqual(await files(), [], 'there is no vault yet')
  await (await openVault({ ...own, masterKey })).close()
  await assertRightMasterKey(embedded, newKey())
  await rememberMasterKeys(embedded, own.databaseUrl)
  await assertRightMasterKey(embedded, masterKey)
  await assert.rejects(assertRightMasterKey(embedded, newKey()), /master\.key is not one that opens the vault/)
  const inSetting = withSettings(embedded, { masterKey: newKey() })
  await assert.rejects(assertRightMasterKey(inSetting, inSetting.masterKey), /WHIPLY_MASTER_KEY is not one/)
  const file = join(data, 'postgres', 'master-keys')
  assert.match(await readFile(file, 'utf8'), /^[0-9a-f]{64}\n$/)
  assert.ok(!(await readFile(file, 'utf8')).includes(Buffer.from(masterKey, 'base64').toString('hex')))
  assert.equal((await stat(file)).mode & 0o077, 0)
})

test('while the master key is changed both are right, and the new one alone from then on', async (t) => {
  const { data, embedded, own } = await kept(t)
  const [former, next] = [newKey(), newKey()]
  await (await openVault({ ...own, masterKey: former })).close()
  await rememberMasterKeys(embedded, own.databaseUrl)
  t.mock.method(process.stdout, 'write', () => true)
  const file = join(data, 'next')
  assert.equal(await rotateVaultKeys(withSettings(own, { masterKey: former }), [file], signal), 0)
  const made = (await readFile(file, 'utf8')).trim()
  for (const right of [former, made]) await assertRightMasterKey(embedded, right)
  await assert.rejects(assertRightMasterKey(embedded, next))

  const sql = openPostgres(own.databaseUrl, { max: 1 })
  t.after(() => sql.end())
  await sql`update vault.wrapping_keys set created_at = created_at - interval '1 hour'`
  assert.equal(await retireVaultKeys(withSettings(own, { masterKey: made }), [], signal), 0)
  await assertRightMasterKey(embedded, made)
  await assert.rejects(assertRightMasterKey(embedded, former))
})

test('a master key that is about to be added is not refused, though the change is cut off', async (t) => {
  const { data, embedded, own } = await kept(t)
  const former = newKey()
  await (await openVault({ ...own, masterKey: former })).close()
  await rememberMasterKeys(embedded, own.databaseUrl)
  const file = join(data, 'next')
  const wrong = withSettings(own, { masterKey: newKey() })
  await assert.rejects(rotateVaultKeys(wrong, [file], signal), { code: 'vault.master_key_wrong' })
  for (const right of [former, (await readFile(file, 'utf8')).trim()]) await assertRightMasterKey(embedded, right)
  await rememberMasterKeys(embedded, own.databaseUrl)
  await assert.rejects(async () => assertRightMasterKey(embedded, (await readFile(file, 'utf8')).trim()))
})
