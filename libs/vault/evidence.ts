import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import type { ISql, Sql } from 'postgres'
import type { Vault } from './vault.ts'
import type { Wrapping } from './wrapping.ts'

/** Under which the one key was kept while there was one for all time. */
const SOLE_KEY = 'evidence key'

/** The number of the vault's own for who makes the first key. */
const EVIDENCE_LOCK = 0x65766964

/** What was signed while one key took the place of another may come this late. */
const LATE_MS = 10 * 60_000

const ID_CHARACTERS = 16

type Row = {
  readonly key_id: string
  readonly wrapped_private: Buffer | null
  readonly wrapped_public: Buffer
  readonly created_at: Date
}

export const evidenceNames = {
  private: (keyId: string): string => `evidence key ${keyId}`,
  public: (keyId: string): string => `public evidence key ${keyId}`,
}

const publicOf = (privateKey: Buffer): Buffer =>
  createPublicKey(createPrivateKey({ key: privateKey, type: 'pkcs8', format: 'der' })).export({
    type: 'spki',
    format: 'der',
  })

const keep = async (into: ISql, wrapping: Wrapping, privateKey: Buffer): Promise<void> => {
  const publicKey = publicOf(privateKey)
  const keyId = createHash('sha256').update(publicKey).digest('base64url').slice(0, ID_CHARACTERS)
  const wrappedPrivate = await wrapping.wrap(evidenceNames.private(keyId), privateKey)
  const wrappedPublic = await wrapping.wrap(evidenceNames.public(keyId), publicKey)
  await into`
    insert into vault.evidence_keys (key_id, wrapped_private, wrapped_public, created_at)
    values (${keyId}, ${wrappedPrivate}, ${wrappedPublic}, clock_timestamp())`
}

const newKey = (): Buffer => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' })

/** The next key; the private parts of those before go, so that nobody signs by them any more. */
export const rotateEvidence = async (transaction: ISql, wrapping: Wrapping): Promise<void> => {
  await begin(transaction, wrapping)
  await transaction`update vault.evidence_keys set wrapped_private = null`
  await keep(transaction, wrapping, newKey())
}

/** Makes the first key, which is the one that a vault of before has for all time; of two who find none one does it. */
const begin = async (transaction: ISql, wrapping: Wrapping): Promise<void> => {
  await transaction`select pg_advisory_xact_lock(${EVIDENCE_LOCK})`
  const [any] = await transaction`select from vault.evidence_keys limit 1`
  if (any) return
  const [sole] = await transaction<{ wrapped: Buffer }[]>`
    delete from vault.secrets where name = ${SOLE_KEY} returning wrapped`
  await keep(transaction, wrapping, sole ? await wrapping.unwrap(SOLE_KEY, sole.wrapped) : newKey())
}

/** What is signed names the key, so that a signature is never taken for that of another. */
const named = (keyId: string, bytes: Buffer): Buffer => Buffer.concat([Buffer.from(`${keyId}.`), bytes])

/**
 * Makes `Vault.evidence`: Ed25519 (RFC 8032). A signature is the key's id and the signature itself, parted by a dot; those
 * from before keys had ids are the signature alone, by the first key.
 */
export const createEvidence = (sql: Sql, wrapping: Wrapping): Vault['evidence'] => {
  const stored = (): Promise<readonly Row[]> => sql<Row[]>`
    select key_id, wrapped_private, wrapped_public, created_at from vault.evidence_keys order by created_at, key_id`

  /** Read each time: signatures are few, and a key that has been followed signs nothing. */
  const keys = async (): Promise<readonly Row[]> => {
    const found = await stored()
    if (found.length > 0) return found
    await sql.begin((transaction) => begin(transaction, wrapping))
    return stored()
  }

  return {
    sign: async (bytes) => {
      const { key_id: keyId, wrapped_private: wrapped } = (await keys()).at(-1) ?? {}
      if (keyId === undefined || !wrapped) throw new Error('the newest evidence key has its private part')
      const key = await wrapping.unwrap(evidenceNames.private(keyId), wrapped)
      const signature = sign(null, named(keyId, bytes), createPrivateKey({ key, type: 'pkcs8', format: 'der' }))
      return `${keyId}.${signature.toString('base64url')}`
    },
    verify: async (bytes, signature, at) => {
      const rows = await keys()
      const [keyId, ofKey] = signature.includes('.') ? signature.split('.') : [undefined, signature]
      const index = keyId === undefined ? 0 : rows.findIndex((row) => row.key_id === keyId)
      const row = rows[index]
      const followed = rows[index + 1]?.created_at
      if (!row || ofKey === undefined || (followed && at > followed.getTime() + LATE_MS)) return false
      const key = await wrapping.unwrap(evidenceNames.public(row.key_id), row.wrapped_public)
      const signed = keyId === undefined ? bytes : named(keyId, bytes)
      return verify(
        null,
        signed,
        createPublicKey({ key, type: 'spki', format: 'der' }),
        Buffer.from(ofKey, 'base64url'),
      )
    },
  }
}
