import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readConfig, withSettings } from '#libs/config/config.ts'
import { loadMasterKey, masterKeyFile, nextMasterKeyFile } from '#libs/config/master-key.ts'
import { openPostgres } from '#libs/postgres/open.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { openVault } from '#libs/vault/open.ts'
import { retireVaultKeys, rotateVaultKeys } from './vault.ts'

const { signal } = new AbortController()

test('the master key is changed as the guide has it: rotate, put the file in its place, start, retire', async (t) => {
  const data = await mkdtemp(join(tmpdir(), 'whiply-vault-'))
  t.after(() => rm(data, { recursive: true, force: true }))
  const databaseUrl = await testDatabase(t)
  const settings = withSettings(readConfig({}), { data, databaseUrl })
  const start = async () => {
    const { masterKey } = await loadMasterKey(settings, false)
    const config = withSettings(settings, { masterKey })
    await (await openVault(config)).close()
    return config
  }
  const before = await start()
  const write = t.mock.method(process.stdout, 'write', () => true)
  assert.equal(await rotateVaultKeys(before, [], signal), 0)
  assert.equal(await rotateVaultKeys(before, [], signal), 0, 'run again it finds that all is done')
  const told = write.mock.calls.map((call) => String(call.arguments[0])).join('')
  write.mock.restore()
  assert.match(told, /run: whiply vault retire/)
  assert.equal((await stat(nextMasterKeyFile(settings))).mode & 0o077, 0)

  await rename(nextMasterKeyFile(settings), masterKeyFile(settings))
  const after = await start()
  assert.notEqual(after.masterKey, before.masterKey)
  assert.ok(!told.includes(after.masterKey), 'the key itself is not shown')
  await assert.rejects(retireVaultKeys(after, [], signal), { code: 'vault.rotation_unfinished' })
  const sql = openPostgres(databaseUrl, { max: 1 })
  t.after(() => sql.end())
  await sql`update vault.wrapping_keys set created_at = created_at - interval '1 hour'`
  assert.equal(await retireVaultKeys(after, [], signal), 0)
  await assert.rejects(openVault(before), { code: 'vault.master_key_wrong' })
  await start()
})

test('a file that others may read, or that has no key, changes nothing', async (t) => {
  const data = await mkdtemp(join(tmpdir(), 'whiply-vault-'))
  t.after(() => rm(data, { recursive: true, force: true }))
  const masterKey = randomBytes(32).toString('base64')
  const config = withSettings(readConfig({}), { data, databaseUrl: await testDatabase(t), masterKey })
  await (await openVault(config)).close()
  const file = join(data, 'key')
  await writeFile(file, `${masterKey}\n`, { mode: 0o644 })
  await assert.rejects(rotateVaultKeys(config, [file], signal), /chmod 600/)
  await writeFile(join(data, 'short'), 'short\n', { mode: 0o600 })
  await assert.rejects(rotateVaultKeys(config, [join(data, 'short')], signal), /is not one/)
  await writeFile(join(data, 'same'), `${masterKey}\n`, { mode: 0o600 })
  await assert.rejects(rotateVaultKeys(config, [join(data, 'same')], signal), { code: 'vault.rotation_unfinished' })
  await (await openVault(config)).close()
})
