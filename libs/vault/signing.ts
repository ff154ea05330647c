import { calculateJwkThumbprint, exportJWK, exportPKCS8, generateKeyPair, importPKCS8, type JWK } from 'jose'
import type { ISql, Sql } from 'postgres'
import type { SigningAlgorithm, Vault } from './vault.ts'
import type { Wrapping } from './wrapping.ts'

/** Other processes read the keys again this often; so long a new one is served before it signs. */
export const REREAD_MS = 60_000
const PUBLISH_MS = 5 * REREAD_MS

/** A key that signs no more is served until every token that it signed has expired, with a wide margin. */
const SERVE_MS = 24 * 3_600_000

/** The vault's own among Postgres's advisory locks: two processes that start at once make one first key. */
const SIGNING_LOCK = 0x7369676e

type Row = {
  readonly kid: string
  readonly wrapped: Buffer
  readonly public_key: JWK & { readonly alg: SigningAlgorithm }
  readonly created_at: Date
}

export type SigningOptions = {
  /** Of keys that are made from now on: EdDSA by default. */
  readonly algorithm?: SigningAlgorithm
  /** For tests. */
  readonly now?: () => number
}

export const signingKeyName = (kid: string): string => `signing key ${kid}`

/** Who signs at a time: the newest that has been served long enough, at the beginning the oldest. Newest first. */
const signer = (rows: readonly Row[], now: number): Row | undefined =>
  rows.find((row) => row.created_at.getTime() <= now - PUBLISH_MS) ?? rows.at(-1)

/** Served: all that will sign, that signs, and those that it followed on less than `SERVE_MS` ago. Newest first. */
const served = (rows: readonly Row[], now: number): readonly Row[] =>
  rows.filter((_row, index) => {
    const successor = rows[index - 1]
    return !successor || successor.created_at.getTime() + PUBLISH_MS > now - SERVE_MS
  })

/**
 * Signing keys for access tokens: Ed25519 or P-256, named by their RFC 7638 thumbprint. Whoever signs with another
 * algorithm than that of the newest key makes a new one, which then takes its turn like any other.
 */
export const createSigning = (sql: Sql, wrapping: Wrapping, options: SigningOptions = {}): Vault['signing'] => {
  const { algorithm = 'EdDSA', now = Date.now } = options
  let cached: { readonly rows: readonly Row[]; readonly until: number } | undefined
  let imported: Awaited<ReturnType<Vault['signing']['current']>> | undefined
  let hasAlgorithm = false

  const stored = (from: ISql): Promise<readonly Row[]> => from<Row[]>`
    select kid, wrapped, public_key, created_at from vault.signing_keys order by created_at desc, kid`

  const make = async (into: ISql): Promise<string> => {
    const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true })
    const jwk = await exportJWK(publicKey)
    const kid = await calculateJwkThumbprint(jwk)
    const wrapped = await wrapping.wrap(signingKeyName(kid), Buffer.from(await exportPKCS8(privateKey)))
    const published = { ...jwk, kid, alg: algorithm, use: 'sig' }
    await into`
      insert into vault.signing_keys (kid, wrapped, public_key, created_at)
      values (${kid}, ${wrapped}, ${into.json(published as never)}, ${new Date(now())})`
    return kid
  }

  /** Of processes that find a key missing at once the first makes it. */
  const makeWhere = (isMissing: (rows: readonly Row[]) => boolean): Promise<readonly Row[]> =>
    sql.begin(async (transaction) => {
      await transaction`select pg_advisory_xact_lock(${SIGNING_LOCK})`
      if (isMissing(await stored(transaction))) await make(transaction)
      return await stored(transaction)
    })

  const remember = (rows: readonly Row[]): readonly Row[] => {
    cached = { rows, until: now() + REREAD_MS }
    return rows
  }

  const keys = async (): Promise<readonly Row[]> => {
    if (cached && now() < cached.until) return cached.rows
    const found = await stored(sql)
    return remember(found.length > 0 ? found : await makeWhere((rows) => rows.length === 0))
  }

  /** Once a process: it is the setting that changes, and only between two starts. */
  const keysToSign = async (): Promise<readonly Row[]> => {
    const rows = await keys()
    if (hasAlgorithm) return rows
    const isOther = ([newest]: readonly Row[]): boolean => newest?.public_key.alg !== algorithm
    const ready = isOther(rows) ? remember(await makeWhere(isOther)) : rows
    hasAlgorithm = true
    return ready
  }

  return {
    current: async () => {
      const row = signer(await keysToSign(), now())
      if (!row) throw new Error('the vault has no signing key though one was just made')
      if (imported?.kid !== row.kid) {
        const pem = (await wrapping.unwrap(signingKeyName(row.kid), row.wrapped)).toString()
        const { alg } = row.public_key
        imported = { kid: row.kid, algorithm: alg, privateKey: await importPKCS8(pem, alg) }
      }
      return imported
    },
    jwks: async () => ({ keys: served(await keys(), now()).map((row) => ({ ...row.public_key })) }),
    rotate: async () => {
      const kid = await make(sql)
      // What is served no more verifies nothing: its private part has no reason to be there.
      const left = served(await stored(sql), now()).map((row) => row.kid)
      await sql`delete from vault.signing_keys where kid not in ${sql(left)}`
      cached = undefined
      return { kid, signsFrom: now() + PUBLISH_MS }
    },
  }
}
