import type { Sql } from 'postgres'
import { accountNames, handleHolder } from '#libs/identity/queries.ts'
import type { Vault } from '#libs/vault/vault.ts'
import type { Names } from './people.ts'

/** Names from the read models of accounts. */
export const ircNames = (sql: Sql, { hashes }: Pick<Vault, 'hashes'>): Names => ({
  handles: async (accountIds) => {
    const names = await accountNames(sql, accountIds)
    return new Map(Array.from(names, ([accountId, { handle }]) => [accountId, handle]))
  },
  // An account's own channel has the id of the account.
  channel: async (name) => (await handleHolder(sql, hashes.compare('handle', name.toLowerCase())))?.id,
})
