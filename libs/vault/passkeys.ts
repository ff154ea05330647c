import type { Sql } from 'postgres'

/** The public half of a passkey. */
export type Passkey = {
  /** Of the authenticator's making. */
  readonly credentialId: Buffer
  /** Of ours: the journal knows it by this. */
  readonly factorId: string
  readonly accountId: string
  /** COSE (RFC 9052). */
  readonly publicKey: Buffer
  /** How often it was used, as it counts itself; many do not, and say 0. */
  readonly counter: number
  /** By what it can be reached: `usb`, `internal` …. */
  readonly transports: readonly string[]
  /** Its owner's own word for it. */
  readonly name: string
}

export type ListedPasskey = Passkey & { readonly createdAt: number; readonly lastUsedAt: number | null }

export type Passkeys = {
  /** @returns whether nobody had it before */
  readonly add: (passkey: Passkey) => Promise<boolean>
  readonly find: (credentialId: Buffer) => Promise<Passkey | undefined>
  /** The oldest first. */
  readonly listOf: (accountId: string) => Promise<readonly ListedPasskey[]>
  /**
   * Notes that it was used. Where it counts, of two uses with one count only the first holds: the second is a copy, or was
   * sent again. @returns whether it holds
   */
  readonly use: (credentialId: Buffer, counter: number) => Promise<boolean>
  /** @returns whether the account has it */
  readonly rename: (accountId: string, factorId: string, name: string) => Promise<boolean>
  readonly remove: (accountId: string, factorId: string) => Promise<void>
  readonly removeAll: (accountId: string) => Promise<void>
}

type Row = {
  readonly credential_id: Buffer
  readonly factor_id: string
  readonly account_id: string
  readonly public_key: Buffer
  readonly counter: string
  readonly transports: readonly string[]
  readonly name: string
  readonly created_at: Date
  readonly last_used_at: Date | null
}

const passkeyOf = (row: Row): ListedPasskey => ({
  credentialId: row.credential_id,
  factorId: row.factor_id,
  accountId: row.account_id,
  publicKey: row.public_key,
  counter: Number(row.counter),
  transports: row.transports,
  name: row.name,
  createdAt: row.created_at.getTime(),
  lastUsedAt: row.last_used_at?.getTime() ?? null,
})

export const createPasskeys = (sql: Sql): Passkeys => ({
  add: async ({ credentialId, factorId, accountId, publicKey, counter, transports, name }) => {
    const { count } = await sql`
      insert into vault.passkeys
        (credential_id, factor_id, account_id, public_key, counter, transports, name, created_at)
      values (${credentialId}, ${factorId}, ${accountId}, ${publicKey}, ${counter}, ${sql.json([...transports])},
        ${name}, ${new Date()})
      on conflict do nothing`
    return count === 1
  },
  find: async (credentialId) => {
    const [row] = await sql<Row[]>`select * from vault.passkeys where credential_id = ${credentialId}`
    return row && passkeyOf(row)
  },
  listOf: async (accountId) => {
    const rows = await sql<Row[]>`
      select * from vault.passkeys where account_id = ${accountId} order by created_at, factor_id`
    return rows.map(passkeyOf)
  },
  use: async (credentialId, counter) => {
    const { count } = await sql`
      update vault.passkeys set counter = ${counter}, last_used_at = ${new Date()}
      where credential_id = ${credentialId} and (counter < ${counter} or (counter = 0 and ${counter} = 0))`
    return count === 1
  },
  rename: async (accountId, factorId, name) => {
    const { count } = await sql`
      update vault.passkeys set name = ${name} where account_id = ${accountId} and factor_id = ${factorId}`
    return count === 1
  },
  remove: async (accountId, factorId) => {
    await sql`delete from vault.passkeys where account_id = ${accountId} and factor_id = ${factorId}`
  },
  removeAll: async (accountId) => {
    await sql`delete from vault.passkeys where account_id = ${accountId}`
  },
})
