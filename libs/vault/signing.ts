import type { webcrypto } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, exportPKCS8, generateKeyPair, importPKCS8, type JWK } from 'jose'
import type { ISql, Sql } from 'postgres'
import type { Vault } from './vault.ts'
import type { Wrapping } from './wrapping.ts'

const ALGORITHM = 'EdDSA'

/** Other processes read the keys again this often; so long a new one is served before it signs. */
export const REREAD_MS = 60_000
const PUBLISH_MS = 5 * REREAD_MS

/** A key that signs no more is served until every token that it signed has expired, with a wide margin. */
const SERVE_MS = 24 * 3_600_000

/** The vault's own among Postgres's advisory locks: two processes that start at once make one first key. */
const SIGNING_LOCK = 0x7369676e

type Row = { readonly kid: string; readonly wrapped: Buffer; readonly public_key: JWK; readonly created_at: Date }

const nameOf = (kid: string): string => `signing key ${kid}`

/** Who signs at a time: the newest that has been served long enough, at the beginning the oldest. Newest first. */
const signer = (rows: readonly Row[], now: number): Row | undefined =>
  rows.find((row) => row.created_at.getTime() <= now - PUBLISH_MS) ?? rows.at(-1)

/** Served: all that will sign, that signs, and those that it followed on less than `SERVE_MS` ago. Newest first. */
const served = (rows: readonly Row[], now: number): readonly Row[] =>
  rows.filter((_row, index) => {
    const successor = rows[index - 1]
    return !successor || successor.created_at.getTime() + PUBLISH_MS > now - SERVE_MS
  })

/** Signing keys for access tokens: Ed25519, named by their RFC 7638 thumbprint. `now` is for tests. */
export const createSigning = (sql: Sql, wrapping: Wrapping, now: () => number = Date.now): Vault['signing'] => {
  let cached: { readonly rows: readonly Row[]; readonly until: number } | undefined
  let imported: { readonly kid: string; readonly privateKey: webcrypto.CryptoKey } | undefined

  const stored = (from: ISql): Promise<readonly Row[]> => from<Row[]>`
    select kid, wrapped, public_key, created_at from vault.signing_keys order by created_at desc, kid`

  const make = async (into: ISql): Promise<string> => {
    const { publicKey, privateKey } = await generateKeyPair(ALGORITHM, { extractable: true })
    const jwk = await exportJWK(publicKey)
    const kid = await calculateJwkThumbprint(jwk)
    const wrapped = wrapping.wrap(nameOf(kid), Buffer.from(await exportPKCS8(privateKey)))
    const published = { ...jwk, kid, alg: ALGORITHM, use: 'sig' }
    await into`
      insert into vault.signing_keys (kid, wrapped, public_key, created_at)
      values (${kid}, ${wrapped}, ${into.json(published as never)}, ${new Date(now())})`
    return kid
  }

  const makeFirst = (): Promise<readonly Row[]> =>
    sql.begin(async (transaction) => {
      await transaction`select pg_advisory_xact_lock(${SIGNING_LOCK})`
      if ((await stored(transaction)).length === 0) await make(transaction)
      return await stored(transaction)
    })

  const keys = async (): Promise<readonly Row[]> => {
    if (cached && now() < cached.until) return cached.rows
    const found = await stored(sql)
    const rows = found.length > 0 ? found : await makeFirst()
    cached = { rows, until: now() + REREAD_MS }
    return rows
  }

  return {
    current: async () => {
      const row = signer(await keys(), now())
      if (!row) throw new Error('the vault has no signing key though one was just made')
      if (imported?.kid !== row.kid) {
        const pem = wrapping.unwrap(nameOf(row.kid), row.wrapped).toString()
        imported = { kid: row.kid, privateKey: await importPKCS8(pem, ALGORITHM) }
      }
      return imported
    },
    jwks: async () => ({ keys: served(await keys(), now()).map((row) => ({ ...row.public_key })) }),
    rotate: async () => {
      const kid = await make(sql)
      cached = undefined
      return kid
    },
  }
}
