import { randomUUID } from 'node:crypto'
import type { Sql } from 'postgres'
import type { Vault } from './vault.ts'
import type { Wrapping } from './wrapping.ts'

type Row = { readonly wrapped_hash: Buffer; readonly must_change: boolean; readonly password_id: string }

/** A hash is bound to its account. */
export const passwordHashName = (accountId: string): string => `password hash of ${accountId}`

/** Password hashes by account, wrapped: without the master key there is nothing at which passwords could be guessed. */
export const createCredentials = (sql: Sql, wrapping: Wrapping): Vault['credentials'] => {
  const wrapped = (accountId: string, passwordHash: string) =>
    wrapping.wrap(passwordHashName(accountId), Buffer.from(passwordHash))
  const unwrapped = async (accountId: string, row: Pick<Row, 'wrapped_hash'>): Promise<string> =>
    (await wrapping.unwrap(passwordHashName(accountId), row.wrapped_hash)).toString()
  return {
    put: async ({ accountId, passwordHash, mustChange, passwordId = randomUUID() }) => {
      await sql`
        insert into vault.credentials (account_id, wrapped_hash, must_change, password_id)
        values (${accountId}, ${await wrapped(accountId, passwordHash)}, ${mustChange}, ${passwordId})
        on conflict (account_id) do update
        set wrapped_hash = excluded.wrapped_hash, password_hash = null, must_change = excluded.must_change,
          password_id = excluded.password_id`
    },
    replace: async ({ accountId, passwordHash, mustChange, passwordId = randomUUID() }, formerId) => {
      const hash = await wrapped(accountId, passwordHash)
      const { count } =
        formerId === undefined
          ? await sql`
              insert into vault.credentials (account_id, wrapped_hash, must_change, password_id)
              values (${accountId}, ${hash}, ${mustChange}, ${passwordId}) on conflict do nothing`
          : await sql`
              update vault.credentials
              set wrapped_hash = ${hash}, password_hash = null, must_change = ${mustChange}, password_id = ${passwordId}
              where account_id = ${accountId} and password_id = ${formerId}`
      return count === 1
    },
    get: async (accountId) => {
      const [row] = await sql<Row[]>`
        select wrapped_hash, must_change, password_id from vault.credentials where account_id = ${accountId}`
      if (!row) return undefined
      const { must_change: mustChange, password_id: passwordId } = row
      return { accountId, passwordHash: await unwrapped(accountId, row), mustChange, passwordId }
    },
    rehash: async (accountId, before, after) => {
      const next = await wrapped(accountId, after)
      await sql.begin(async (transaction) => {
        const [row] = await transaction<Pick<Row, 'wrapped_hash'>[]>`
          select wrapped_hash from vault.credentials where account_id = ${accountId} for update`
        if (!row || (await unwrapped(accountId, row)) !== before) return
        await transaction`update vault.credentials set wrapped_hash = ${next} where account_id = ${accountId}`
      })
    },
    remove: async (accountId) => {
      await sql`delete from vault.credentials where account_id = ${accountId}`
    },
  }
}

type InClear = { readonly account_id: string; readonly password_hash: string }

const BATCH = 1_000

/** Wraps the hashes that an older release left in clear. Run by two at once it does no harm. */
export const wrapHashesInClear = async (sql: Sql, wrapping: Wrapping): Promise<void> => {
  for (;;) {
    const rows = await sql<InClear[]>`
      select account_id, password_hash from vault.credentials where password_hash is not null limit ${BATCH}`
    if (rows.length === 0) return
    const wrapped = await Promise.all(
      rows.map(async ({ account_id, password_hash }) => ({
        account_id,
        password_hash,
        wrapped: (await wrapping.wrap(passwordHashName(account_id), Buffer.from(password_hash))).toString('base64'),
      })),
    )
    await sql`
      update vault.credentials set wrapped_hash = decode(r.wrapped, 'base64'), password_hash = null
      from jsonb_to_recordset(${sql.json(wrapped)}) as r (account_id text, password_hash text, wrapped text)
      where credentials.account_id = r.account_id and credentials.password_hash = r.password_hash`
  }
}
