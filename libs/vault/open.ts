import { randomBytes } from 'node:crypto'
import type { Sql } from 'postgres'
import { openPostgres } from '#libs/postgres/open.ts'
import { createAccessTokens } from './access-tokens.ts'
import { createCredentials, wrapHashesInClear } from './credentials.ts'
import { createEvidence } from './evidence.ts'
import { createFactors } from './factors.ts'
import { createHashes } from './hashes.ts'
import { createImports } from './imports.ts'
import { createKnownDevices } from './known-devices.ts'
import { masterKeyOf } from './master-key.ts'
import { migrate } from './migrate.ts'
import { createOneTime } from './one-time.ts'
import { createPersonalKeys } from './personal-keys.ts'
import { platformSubject } from './platform-subject.ts'
import { createReconcile } from './reconcile.ts'
import { createReconciled } from './reconciled.ts'
import { createRegistrations } from './registrations.ts'
import { createRequests } from './requests.ts'
import { createSessions } from './sessions.ts'
import { createVaultSightings } from './sightings.ts'
import { createSigning } from './signing.ts'
import { createStreamKeys } from './stream-keys.ts'
import type { SigningAlgorithm, Vault } from './vault.ts'
import type { Wrapping } from './wrapping.ts'
import { openWrapping } from './wrapping-keys.ts'

export type VaultOptions = {
  readonly databaseUrl: string
  /** 32 bytes in base64. */
  readonly masterKey: string
  /** Personal keys kept in memory, 50,000 by default: about 20 MiB. */
  readonly keyCapacity?: number
  /** By which access tokens are signed from now on, EdDSA by default. */
  readonly accessTokenAlgorithm?: SigningAlgorithm
  /** Connections to Postgres, 4 by default. */
  readonly connections?: number
}

const pepperOf = async (sql: Sql, wrapping: Wrapping): Promise<Buffer> => {
  const fresh = await wrapping.wrap('pepper', randomBytes(32))
  await sql`insert into vault.secrets (name, wrapped) values ('pepper', ${fresh}) on conflict do nothing`
  const [row] = await sql<{ wrapped: Buffer }[]>`select wrapped from vault.secrets where name = 'pepper'`
  return wrapping.unwrap('pepper', row?.wrapped ?? Buffer.alloc(0))
}

/**
 * Opens the vault, and makes it at the very first start. Whoever opens it closes it.
 * @throws VaultError when the master key is missing, malformed or not this vault's, and for a vault of a newer release.
 */
export const openVault = async (options: VaultOptions): Promise<Vault> => {
  const masterKey = masterKeyOf(options.masterKey)
  const sql = openPostgres(options.databaseUrl, { max: options.connections ?? 4 })
  try {
    await migrate(sql)
    const wrapping = await openWrapping(sql, masterKey)
    await wrapHashesInClear(sql, wrapping)
    const pepper = await pepperOf(sql, wrapping)
    const keys = createPersonalKeys(sql, wrapping, options.keyCapacity ?? 50_000)
    await keys.create(platformSubject)
    return {
      keys,
      hashes: createHashes(pepper),
      nextId: async () => {
        const [row] = await sql<{ id: string }[]>`select nextval('vault.ids')::text as id`
        if (!row) throw new Error('a sequence always has a next value')
        return row.id
      },
      credentials: createCredentials(sql, wrapping),
      sessions: createSessions(sql),
      factors: createFactors(sql, wrapping),
      knownDevices: createKnownDevices(sql),
      imports: createImports(sql, wrapping),
      oneTime: createOneTime(sql, wrapping),
      registrations: createRegistrations(sql),
      requests: createRequests(sql, wrapping),
      streamKeys: createStreamKeys(sql),
      accessTokens: createAccessTokens(sql, wrapping),
      sightings: createVaultSightings(sql),
      evidence: createEvidence(sql, wrapping),
      signing: createSigning(sql, wrapping, { algorithm: options.accessTokenAlgorithm ?? 'EdDSA' }),
      reconcile: createReconcile(sql, keys),
      reconciled: createReconciled(sql),
      close: () => sql.end({ timeout: 5 }),
    }
  } catch (error) {
    await sql.end({ timeout: 5 })
    throw error
  }
}
