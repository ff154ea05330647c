import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import type { Sql } from 'postgres'
import type { Vault } from './vault.ts'
import type { Wrapping } from './wrapping.ts'

const NAME = 'evidence key'

/** Makes `Vault.evidence`: Ed25519 (RFC 8032), by one key for as long as there is the vault. */
export const createEvidence = (sql: Sql, wrapping: Wrapping): Vault['evidence'] => {
  let made: Promise<KeyObject> | undefined

  const load = async (): Promise<KeyObject> => {
    const { privateKey } = generateKeyPairSync('ed25519')
    const fresh = wrapping.wrap(NAME, privateKey.export({ type: 'pkcs8', format: 'der' }))
    // Of processes that find none at once the first makes it.
    await sql`insert into vault.secrets (name, wrapped) values (${NAME}, ${fresh}) on conflict do nothing`
    const [row] = await sql<{ wrapped: Buffer }[]>`select wrapped from vault.secrets where name = ${NAME}`
    const key = wrapping.unwrap(NAME, row?.wrapped ?? Buffer.alloc(0))
    return createPrivateKey({ key, type: 'pkcs8', format: 'der' })
  }

  const key = (): Promise<KeyObject> => {
    made ??= load().catch((error) => {
      made = undefined
      throw error
    })
    return made
  }

  return {
    sign: async (bytes) => sign(null, bytes, await key()).toString('base64url'),
    verify: async (bytes, signature) =>
      verify(null, bytes, createPublicKey(await key()), Buffer.from(signature, 'base64url')),
  }
}
