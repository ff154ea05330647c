import type { Sql } from 'postgres'
import type { Wrapping } from './wrapping.ts'

export type TotpSecret = {
  readonly factorId: string
  readonly secret: Buffer
  /** Whether its owner has shown that they have it; before, nobody is asked for a code. */
  readonly confirmed: boolean
}

/** Secrets of codes by time, one for an account, sealed by the master key. */
export type TotpSecrets = {
  /** Keeps a secret until it is confirmed, in the place of one that never was. @returns undefined where one is confirmed */
  readonly enrol: (accountId: string, factorId: string, secret: Buffer) => Promise<TotpSecret | undefined>
  readonly find: (accountId: string) => Promise<TotpSecret | undefined>
  readonly confirm: (accountId: string) => Promise<void>
  /** Uses a time step up: of two that use one at once one gets it. @returns whether neither it nor a later one was used */
  readonly use: (accountId: string, step: number) => Promise<boolean>
  /** Takes this one and the account's recovery codes away; neither where another one was set up since. */
  readonly removeOne: (accountId: string, factorId: string) => Promise<void>
  readonly remove: (accountId: string) => Promise<void>
}

type Row = { readonly factor_id: string; readonly wrapped_secret: Buffer; readonly confirmed_at: Date | null }

/** A secret is bound to its account. */
export const totpSecretName = (accountId: string): string => `totp secret ${accountId}`

export const createTotpSecrets = (sql: Sql, wrapping: Wrapping): TotpSecrets => {
  const secretOf = async (accountId: string, row: Row): Promise<TotpSecret> => ({
    factorId: row.factor_id,
    secret: await wrapping.unwrap(totpSecretName(accountId), row.wrapped_secret),
    confirmed: row.confirmed_at !== null,
  })
  return {
    enrol: async (accountId, factorId, secret) => {
      const wrapped = await wrapping.wrap(totpSecretName(accountId), secret)
      // The id of one that was never confirmed stays: the journal may have it already.
      const [row] = await sql<Row[]>`
        insert into vault.totp (account_id, factor_id, wrapped_secret, created_at)
        values (${accountId}, ${factorId}, ${wrapped}, ${new Date()})
        on conflict (account_id) do update
        set wrapped_secret = excluded.wrapped_secret, created_at = excluded.created_at, last_step = 0
        where totp.confirmed_at is null
        returning factor_id, wrapped_secret, confirmed_at`
      return row && secretOf(accountId, row)
    },
    find: async (accountId) => {
      const [row] = await sql<Row[]>`
        select factor_id, wrapped_secret, confirmed_at from vault.totp where account_id = ${accountId}`
      return row && secretOf(accountId, row)
    },
    confirm: async (accountId) => {
      await sql`update vault.totp set confirmed_at = ${new Date()} where account_id = ${accountId}`
    },
    use: async (accountId, step) => {
      const { count } = await sql`
        update vault.totp set last_step = ${step} where account_id = ${accountId} and last_step < ${step}`
      return count === 1
    },
    removeOne: async (accountId, factorId) => {
      await sql`
        with removed as (
          delete from vault.totp where account_id = ${accountId} and factor_id = ${factorId} returning account_id
        )
        delete from vault.recovery_codes where account_id in (select account_id from removed)`
    },
    remove: async (accountId) => {
      await sql`delete from vault.totp where account_id = ${accountId}`
    },
  }
}
