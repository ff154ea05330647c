import { randomBytes } from 'node:crypto'
import type { Sql } from 'postgres'
import { passwordHashName } from './credentials.ts'
import { personalKeyName } from './personal-keys.ts'
import type { Wrapping } from './wrapping.ts'

/** What the vault keeps of an account that is brought from elsewhere. */
export type ImportedSecrets = {
  /** Where the account stands in what is imported. */
  readonly line: number
  /** As it was made elsewhere; undefined for an account without a password. */
  readonly passwordHash: string | undefined
}

export type ImportedLine = { readonly line: number; readonly accountId: string; readonly done: boolean }

/** Which lines of an import have which account, so that one that was cut off goes on and doubles nothing. */
export type Imports = {
  /** Lines of these that were begun before. */
  readonly find: (importId: string, lines: readonly number[]) => Promise<readonly ImportedLine[]>
  /** Gives each an id, a personal key and its password hash, all in one transaction. @returns them in the same order */
  readonly begin: (importId: string, accounts: readonly ImportedSecrets[]) => Promise<readonly ImportedLine[]>
  readonly finish: (importId: string, lines: readonly number[]) => Promise<void>
  /** Forgets a line that was refused, with its secrets; its key leaves a tombstone. */
  readonly abandon: (importId: string, line: ImportedLine) => Promise<void>
}

type Row = { readonly line: number; readonly account_id: string; readonly done: boolean }

const lineOf = ({ line, account_id: accountId, done }: Row): ImportedLine => ({ line, accountId, done })

export const createImports = (sql: Sql, wrapping: Wrapping): Imports => {
  const inBase64 = async (name: string, secret: Buffer) => (await wrapping.wrap(name, secret)).toString('base64')
  return {
    find: async (importId, lines) => {
      const rows = await sql<Row[]>`
      select line, account_id, done from vault.imports
      where import_id = ${importId} and line = any(array(select jsonb_array_elements_text(${sql.json([...lines])})::integer))`
      return rows.map(lineOf)
    },
    begin: async (importId, accounts) => {
      const ids = await sql<{ id: string }[]>`
      select nextval('vault.ids')::text as id from generate_series(1, ${accounts.length})`
      const rows = await Promise.all(
        accounts.map(async ({ line, passwordHash }, index) => {
          const accountId = ids[index]?.id ?? ''
          const wrapped = await inBase64(personalKeyName(accountId), randomBytes(32))
          const hash =
            passwordHash === undefined ? null : await inBase64(passwordHashName(accountId), Buffer.from(passwordHash))
          return { line, account_id: accountId, wrapped, hash, done: false }
        }),
      )
      const json = sql.json(rows)
      await sql.begin(async (transaction) => {
        await transaction`
        insert into vault.imports (import_id, line, account_id)
        select ${importId}, line, account_id from jsonb_to_recordset(${json}) as r (line integer, account_id text)`
        await transaction`
        insert into vault.personal_keys (subject, wrapped)
        select account_id, decode(wrapped, 'base64')
        from jsonb_to_recordset(${json}) as r (account_id text, wrapped text)`
        await transaction`
        insert into vault.credentials (account_id, wrapped_hash, must_change)
        select account_id, decode(hash, 'base64'), false
        from jsonb_to_recordset(${json}) as r (account_id text, hash text) where hash is not null`
      })
      return rows.map(lineOf)
    },
    finish: async (importId, lines) => {
      await sql`
      update vault.imports set done = true
      where import_id = ${importId} and line = any(array(select jsonb_array_elements_text(${sql.json([...lines])})::integer))`
    },
    abandon: async (importId, { line, accountId }) => {
      await sql.begin(async (transaction) => {
        await transaction`delete from vault.imports where import_id = ${importId} and line = ${line}`
        await transaction`delete from vault.credentials where account_id = ${accountId}`
        await transaction`
        update vault.personal_keys set wrapped = null, erased_at = now()
        where subject = ${accountId} and erased_at is null`
      })
    },
  }
}
