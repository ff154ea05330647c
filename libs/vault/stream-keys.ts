import { createHash, randomBytes } from 'node:crypto'
import type { Sql } from 'postgres'
import type { StreamKey, Vault } from './vault.ts'

const SECRET_BYTES = 32

type Row = { readonly key_id: string; readonly channel_id: string; readonly expires_at: Date | null }

/** The secret has 256 random bits, so a plain hash of it cannot be searched. */
const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()

const keyOf = ({ key_id, channel_id, expires_at }: Row): StreamKey => ({
  keyId: key_id,
  channelId: channel_id,
  expiresAt: expires_at?.getTime() ?? null,
})

/** Makes `Vault.streamKeys`. */
export const createStreamKeys = (sql: Sql): Vault['streamKeys'] => ({
  issue: async ({ keyId, channelId, expiresAt }) => {
    const secret = randomBytes(SECRET_BYTES).toString('base64url')
    const until = expiresAt === null ? null : new Date(expiresAt)
    await sql`
      insert into vault.stream_keys (key_hash, key_id, channel_id, expires_at)
      values (${hashOf(secret)}, ${keyId}, ${channelId}, ${until})`
    return secret
  },
  find: async (secret) => {
    const [row] = await sql<Row[]>`
      select key_id, channel_id, expires_at from vault.stream_keys where key_hash = ${hashOf(secret)}`
    return row && keyOf(row)
  },
  renew: async (keyId, channelId) => {
    const secret = randomBytes(SECRET_BYTES).toString('base64url')
    const rows = await sql`
      insert into vault.stream_keys (key_hash, key_id, channel_id, expires_at)
      select ${hashOf(secret)}, key_id, channel_id, expires_at from vault.stream_keys
      where key_id = ${keyId} and channel_id = ${channelId} limit 1
      returning key_id`
    return rows.length === 0 ? undefined : secret
  },
  settle: async ({ keyId, channelId, secret, n }, others) =>
    await sql.begin(async (transaction) => {
      const ofKey = transaction`key_id = ${keyId} and channel_id = ${channelId}`
      await transaction`select from vault.stream_keys where ${ofKey} order by key_hash for update`
      const later = await transaction`select from vault.stream_keys where ${ofKey} and issued_n > ${n} limit 1`
      if (later.length > 0) {
        await transaction`delete from vault.stream_keys where key_hash = ${hashOf(secret)}`
        return false
      }
      await transaction`update vault.stream_keys set issued_n = ${n} where key_hash = ${hashOf(secret)}`
      if (others === 'drop')
        await transaction`delete from vault.stream_keys where ${ofKey} and key_hash <> ${hashOf(secret)}`
      return true
    }),
  discard: async (secret) => {
    await sql`delete from vault.stream_keys where key_hash = ${hashOf(secret)}`
  },
  remove: async (keyId, channelId) => {
    await sql`delete from vault.stream_keys where key_id = ${keyId} and channel_id = ${channelId}`
  },
  dropAll: async (channelId) => {
    await sql`delete from vault.stream_keys where channel_id = ${channelId}`
  },
})
