import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '#infra/embedded/engine.ts'
import { ConfigError } from '#libs/config/config.ts'
import { makeAuthority } from '#libs/testing/certificates.ts'
import { inReverse } from '#libs/testing/in-reverse.ts'
import { securePostgres } from '#libs/testing/secure-postgres.ts'
import { temporaryFolder } from '#libs/testing/shared-engines.ts'
import { until } from '#libs/testing/until.ts'
import { readAddress } from './address.ts'
import { openPostgres } from './open.ts'
import { reachPostgres } from './reach.ts'

const refusal = (url: string, withinMs = 10_000): Promise<string> =>
  reachPostgres(url, { withinMs }).then(
    () => 'reached',
    (error: Error & { readonly code?: string }) => {
      assert.ok(error.message.endsWith(`(${error.code})`), error.message)
      return String(error.code)
    },
  )

const isEncrypted = async (url: string): Promise<boolean> => {
  const sql = openPostgres(url, { max: 1 })
  try {
    const [row] = await sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`
    return row?.ssl
  } finally {
    await sql.end()
  }
}

/** The address with these parameters, and with other parts where they are given. */
const address = (url: string, parameters: Readonly<Record<string, string>>, parts: Partial<URL> = {}): string => {
  const changed = Object.assign(new URL(url), parts)
  for (const [name, value] of Object.entries(parameters)) changed.searchParams.set(name, value)
  return changed.href
}

test('Postgres with TLS', { timeout: 120_000 }, async (outer) => {
  const t = inReverse(outer)
  const { url, authority, show } = await securePostgres(t)
  const folder = await mkdtemp(join(temporaryFolder(), 'whiply-reach-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const stranger = await makeAuthority(join(folder, 'stranger'))
  const full = { sslmode: 'verify-full', sslrootcert: authority.ca }
  const here = 'DNS:localhost,IP:127.0.0.1'

  await outer.test('a server that speaks no TLS is told where it is asked for, and else used', async () => {
    assert.equal(await refusal(address(url, full)), 'postgres.connection_closed')
    assert.equal(await isEncrypted(address(url, { sslmode: 'prefer' })), false)
    assert.equal(await isEncrypted(url), false)
  })

  await outer.test('each mode asks of the certificate what libpq asks', async () => {
    await show(await authority.issue('server', { names: here }))
    await until(async () => (await refusal(address(url, full))) === 'reached')
    for (const sslmode of ['prefer', 'require', 'verify-ca', 'verify-full'])
      assert.equal(await isEncrypted(address(url, { ...full, sslmode })), true, sslmode)
    assert.equal(await isEncrypted(address(url, { sslmode: 'require' })), true)
    assert.equal(await isEncrypted(address(url, { sslmode: 'disable' })), false)
    assert.equal(await refusal(address(url, full, { hostname: '127.0.0.1' })), 'reached')
    for (const sslmode of ['require', 'verify-ca', 'verify-full'])
      assert.equal(
        await refusal(address(url, { sslmode, sslrootcert: stranger.ca })),
        'postgres.certificate_untrusted',
        sslmode,
      )
    assert.equal(await refusal(address(url, { sslmode: 'verify-full' })), 'postgres.certificate_untrusted')
  })

  await outer.test('a login that is refused and a database that is missing are told apart', async () => {
    assert.equal(await refusal(address(url, full, { password: 'wrong' })), 'postgres.credentials_refused')
    assert.equal(await refusal(address(url, full, { pathname: '/none' })), 'postgres.database_missing')
  })

  await outer.test('a certificate for another name serves only who does not look at names', async () => {
    await show(await authority.issue('other', { names: 'DNS:db.example' }))
    await until(async () => (await refusal(address(url, full))) === 'postgres.certificate_of_another')
    assert.equal(await refusal(address(url, full, { hostname: '127.0.0.1' })), 'postgres.certificate_of_another')
    assert.equal(await refusal(address(url, { ...full, sslmode: 'verify-ca' })), 'reached')
  })

  await outer.test('a certificate that has expired is told', async () => {
    await show(await authority.issue('expired', { names: here, expired: true }))
    await until(async () => (await refusal(address(url, full))) === 'postgres.certificate_expired')
  })
})

test('a server that does not answer is waited for, and then told', async () => {
  assert.equal(await refusal(`postgres://a:b@127.0.0.1:${await freePort()}/c`, 300), 'postgres.unreachable')
  assert.equal(await refusal('postgres://a:b@db.invalid:5432/c', 300), 'postgres.unreachable')
})

test('an address that makes no sense is told before anything connects', () => {
  const isConfigError = (pattern: RegExp) => (error: unknown) =>
    error instanceof ConfigError && pattern.test(error.message)
  const read = (parameters: string) => () => readAddress(`postgres://a:b@c:1/d?${parameters}`)
  assert.throws(read('sslmode=verify'), isConfigError(/sslmode in DATABASE_URL must be one of/))
  assert.throws(read('sslrootcert=/ca.pem'), isConfigError(/need an sslmode/))
  assert.throws(read('sslmode=verify-full&sslrootcert=/none/ca.pem'), isConfigError(/sslrootcert .*cannot be read/))
  assert.deepEqual(readAddress('postgres://a:b@c:1/d?sslmode=disable&application_name=e'), {
    url: 'postgres://a:b@c:1/d?application_name=e',
    ssl: false,
  })
})
