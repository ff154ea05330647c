import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { masterKeyOf, readMasterKeyFile } from './master-key.ts'

test('a file that others may read is refused, with the command that mends it', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'master-key-'))
  t.after(() => rm(folder, { recursive: true }))
  const path = join(folder, 'master.key')
  const key = randomBytes(32).toString('base64')
  await writeFile(path, `${key}\n`, { mode: 0o600 })
  assert.equal(readMasterKeyFile(path), key)
  for (const mode of [0o640, 0o604, 0o660]) {
    await chmod(path, mode)
    assert.throws(() => readMasterKeyFile(path), { code: 'vault.master_key_exposed', message: /chmod 600 / })
  }
  assert.throws(() => readMasterKeyFile(join(folder, 'none')), { code: 'vault.master_key_missing' })
})

test('keys for different purposes have nothing in common, and the same one comes again', () => {
  const text = randomBytes(32).toString('base64')
  const key = masterKeyOf(text)
  assert.notDeepEqual(key.derive('wrap'), key.derive('check'))
  assert.deepEqual(key.derive('wrap'), masterKeyOf(`${text}\n`).derive('wrap'))
})

test('what is not 32 bytes in base64 is malformed', () => {
  for (const text of ['x', '!'.repeat(44), randomBytes(31).toString('base64'), randomBytes(33).toString('base64')])
    assert.throws(() => masterKeyOf(text), { code: 'vault.master_key_malformed' })
})
