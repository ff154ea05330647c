import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { readConfig, withSettings } from '#libs/config/config.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { openVault } from '#libs/vault/open.ts'
import { rotateKeys } from './keys.ts'

test('keys rotate: another process serves the new key beside the one that still signs', async (t) => {
  const settings = { databaseUrl: await testDatabase(t), masterKey: randomBytes(32).toString('base64') }
  const config = withSettings(readConfig({ ACCESS_TOKEN_ALGORITHM: 'ES256' }), settings)
  const before = await openVault(config)
  const first = await before.signing.current()
  await before.close()
  const write = t.mock.method(process.stdout, 'write', () => true)
  assert.equal(await rotateKeys(config, [], new AbortController().signal), 0)
  const [kid = ''] = String(write.mock.calls[0]?.arguments[0]).split(' ')
  write.mock.restore()
  const edge = await openVault(config)
  t.after(() => edge.close())
  const { keys } = await edge.signing.jwks()
  assert.deepEqual(
    keys.map((key) => [key.kid, key.alg]),
    [
      [kid, 'ES256'],
      [first.kid, 'ES256'],
    ],
  )
  assert.equal((await edge.signing.current()).kid, first.kid)
})
