import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { hashSync } from 'bcryptjs'
import { type LoggedIn, startPlatform } from '#apps/http-edge/platform.fixtures.ts'
import { openPostgres } from '#libs/postgres/open.ts'
import { until } from '#libs/testing/until.ts'
import { openVault } from '#libs/vault/open.ts'
import { importAccounts } from './import.ts'

test('accounts of another platform are imported, log in with their passwords, and are not doubled', async (t) => {
  const platform = await startPlatform(t)
  const { id } = await platform.register('taken')
  const sql = openPostgres(platform.config.databaseUrl, { max: 1 })
  t.after(() => sql.end())
  const file = join(platform.config.data, 'accounts.csv')
  const lines = [
    'handle,email,password_hash,display_name,created',
    `ada_old,ada@example.org,${hashSync('her old password', 4)},Ada of old,2019-05-06T00:00:00Z`,
    'nopass,nopass@example.org,,,',
    'taken,,,,',
    'a b,,,,',
    'bob_old,,plain text,,',
  ]
  await writeFile(file, lines.join('\n'))

  const refused: string[] = []
  const write = process.stdout.write.bind(process.stdout)
  t.mock.method(process.stdout, 'write', (...given: Parameters<typeof write>) =>
    String(given[0]).startsWith('line ') ? refused.push(String(given[0])) > 0 : write(...given),
  )
  const code = await importAccounts(platform.config, [file], new AbortController().signal)
  const again = await importAccounts(platform.config, [file], new AbortController().signal)
  assert.deepEqual([code, again], [2, 2])
  for (const expected of [
    /^line 4: identity\.(handle_taken|name_confusable)\n$/,
    /^line 5: identity\.handle_invalid\n$/,
    /^line 6: passwordHash/,
  ])
    assert.equal(refused.filter((text) => expected.test(text)).length, 2, String(expected))

  const logIn = () =>
    platform.call<LoggedIn>('POST', '/v1/sessions', { body: { handle: 'ada_old', password: 'her old password' } })
  await until(async () => (await logIn()).status === 201, { what: 'the old password is good' })
  const { body } = await logIn()
  const own = await platform.call('GET', '/v1/accounts/me', { token: body.accessToken })
  assert.deepEqual(
    [own.body.displayName, own.body.email, own.body.createdAt],
    ['Ada of old', 'ada@example.org', '2019-05-06T00:00:00.000Z'],
  )
  const vault = await openVault(platform.config)
  t.after(() => vault.close())
  const hash = async () => (await vault.credentials.get(body.account.id))?.passwordHash ?? ''
  await until(async () => (await hash()).startsWith('$argon2id$'), { what: 'it was hashed anew' })
  const names = await sql<{ handle: string }[]>`select handle from readmodel.accounts order by account_id`
  assert.deepEqual(names.map(({ handle }) => handle).toSorted(), ['ada_old', 'nopass', 'taken'])
  assert.ok(Number(body.account.id) > Number(id))
})
