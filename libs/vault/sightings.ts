import type { Sql } from 'postgres'
import type { Sighting, Vault } from './vault.ts'

/** Of one account no more addresses are kept: those seen last. */
const MOST_OF_ACCOUNT = 200

/** As many accounts as a person looks through. */
const MOST_ACCOUNTS = 200

type Row = {
  readonly address_key: string
  readonly network_key: string
  readonly first_seen: Date
  readonly last_seen: Date
}

const sightingOf = (row: Row): Sighting => ({
  address: row.address_key,
  network: row.network_key,
  firstSeenAt: row.first_seen.getTime(),
  lastSeenAt: row.last_seen.getTime(),
})

/** Makes `Vault.sightings`. */
export const createVaultSightings = (sql: Sql): Vault['sightings'] => ({
  see: async (accountId, { address, network }, at) => {
    const seen = new Date(at)
    await sql`
      insert into vault.sightings (account_id, address_key, network_key, first_seen, last_seen)
      values (${accountId}, ${address}, ${network}, ${seen}, ${seen})
      on conflict (account_id, address_key) do update set last_seen = greatest(sightings.last_seen, excluded.last_seen)`
    await sql`
      delete from vault.sightings where account_id = ${accountId} and address_key in (
        select address_key from vault.sightings where account_id = ${accountId}
        order by last_seen desc, address_key offset ${MOST_OF_ACCOUNT})`
  },
  of: async (accountId) => {
    const rows = await sql<Row[]>`
      select address_key, network_key, first_seen, last_seen from vault.sightings
      where account_id = ${accountId} order by last_seen desc, address_key`
    return rows.map(sightingOf)
  },
  accountsAt: async (key) => {
    const rows = await sql<{ account_id: string }[]>`
      select account_id from vault.sightings where address_key = ${key} or network_key = ${key}
      group by account_id order by max(last_seen) desc, account_id limit ${MOST_ACCOUNTS}`
    return rows.map(({ account_id }) => account_id)
  },
  drop: async (accountId) => {
    await sql`delete from vault.sightings where account_id = ${accountId}`
  },
  age: async (before) => {
    await sql`delete from vault.sightings where last_seen < ${new Date(before)}`
  },
})
