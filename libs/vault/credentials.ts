import type { Sql } from 'postgres'
import type { Credential, Vault } from './vault.ts'

/** Password hashes by account. */
export const createCredentials = (sql: Sql): Vault['credentials'] => ({
  put: async ({ accountId, passwordHash, mustChange }) => {
    await sql`
      insert into vault.credentials (account_id, password_hash, must_change)
      values (${accountId}, ${passwordHash}, ${mustChange})
      on conflict (account_id) do update
      set password_hash = excluded.password_hash, must_change = excluded.must_change`
  },
  get: async (accountId) => {
    const [credential] = await sql<Credential[]>`
      select account_id as "accountId", password_hash as "passwordHash", must_change as "mustChange"
      from vault.credentials where account_id = ${accountId}`
    return credential && { ...credential }
  },
  rehash: async (accountId, before, after) => {
    await sql`
      update vault.credentials set password_hash = ${after}
      where account_id = ${accountId} and password_hash = ${before}`
  },
  remove: async (accountId) => {
    await sql`delete from vault.credentials where account_id = ${accountId}`
  },
})
