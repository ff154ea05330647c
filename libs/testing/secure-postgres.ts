import { chmod, chown, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import postgres from 'postgres'
import { freePort } from '#infra/embedded/engine.ts'
import { startPostgres } from '#infra/embedded/postgres.ts'
import { serviceUser } from '#infra/embedded/service-user.ts'
import { type Authority, type Certificate, makeAuthority } from './certificates.ts'
import { temporaryFolder } from './shared-engines.ts'

/** A server with TLS, which a test may have show another certificate. */
export type SecurePostgres = {
  readonly authority: Authority
  /** Its address by a name, without parameters. */
  readonly url: string
  /** Shows this one from the next connection on; by default it shows none and speaks no TLS. */
  readonly show: (certificate: Certificate) => Promise<void>
}

/** Starts one for this test; stopped and removed after it. */
export const securePostgres = async (t: Pick<TestContext, 'after'>): Promise<SecurePostgres> => {
  const dataDir = await mkdtemp(join(temporaryFolder(), 'whiply-secure-postgres-'))
  // Postgres runs as another user where the tests run as root, and has to pass.
  await chmod(dataDir, 0o711)
  t.after(() => rm(dataDir, { recursive: true, force: true }))
  const authority = await makeAuthority(join(dataDir, 'certificates'))
  const engine = await startPostgres({ dataDir, port: await freePort(), database: 'whiply', unsafe: true })
  t.after(() => engine.stop())
  const user = await serviceUser()
  const sql = postgres(engine.databaseUrl, { max: 1 })
  t.after(() => sql.end())
  const url = new URL(engine.databaseUrl)
  url.hostname = 'localhost'
  return {
    authority,
    url: url.href,
    show: async ({ cert, key }) => {
      // The server refuses a key that others may read.
      await chmod(key, 0o600)
      if (user) for (const file of [cert, key]) await chown(file, user.uid, user.gid)
      await sql.unsafe(`alter system set ssl_cert_file = '${cert}'`)
      await sql.unsafe(`alter system set ssl_key_file = '${key}'`)
      await sql.unsafe('alter system set ssl = on')
      await sql`select pg_reload_conf()`
    },
  }
}
