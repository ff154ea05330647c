import { createHash, randomInt } from 'node:crypto'
import type { Sql } from 'postgres'

/** Codes that take the place of a second factor that was lost, each once. */
export type RecoveryCodes = {
  /**
   * Makes new ones by the record `n` of the account's journal, which are returned this once; those before are good no more.
   * Undefined where there are some by a later record, which stay.
   */
  readonly replace: (accountId: string, n: number) => Promise<readonly string[] | undefined>
  /** Uses one up: of two that use one at once one gets it. @returns how many are left, undefined where it is none */
  readonly use: (accountId: string, code: string) => Promise<number | undefined>
  readonly left: (accountId: string) => Promise<number>
  readonly remove: (accountId: string) => Promise<void>
}

const CODES = 10

/** Letters that are not mistaken for one another. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789'

const GROUPS = 5
const GROUP_LETTERS = 6

/** 148 random bits, so a plain hash of it cannot be searched. */
const newCode = (): string =>
  Array.from({ length: GROUPS }, () =>
    Array.from({ length: GROUP_LETTERS }, () => letters[randomInt(letters.length)]).join(''),
  ).join('-')

/** However it is written down: case and what stands between the letters make no difference. */
const hashOf = (code: string): Buffer =>
  createHash('sha256')
    .update(code.toLowerCase().replaceAll(/[^a-z0-9]/g, ''))
    .digest()

export const createRecoveryCodes = (sql: Sql): RecoveryCodes => {
  const left = async (accountId: string): Promise<number> => {
    const [row] = await sql<{ left: number }[]>`
      select count(*)::integer as left from vault.recovery_codes where account_id = ${accountId}`
    return row?.left ?? 0
  }
  return {
    replace: async (accountId, n) => {
      const codes = Array.from({ length: CODES }, newCode)
      return await sql.begin(async (transaction) => {
        await transaction`select pg_advisory_xact_lock(hashtextextended(${`recovery codes ${accountId}`}, 0))`
        const later = await transaction`
          select from vault.recovery_codes where account_id = ${accountId} and issued_n > ${n} limit 1`
        if (later.length > 0) return undefined
        await transaction`delete from vault.recovery_codes where account_id = ${accountId}`
        for (const code of codes)
          await transaction`
            insert into vault.recovery_codes (account_id, code_hash, issued_n)
            values (${accountId}, ${hashOf(code)}, ${n})`
        return codes
      })
    },
    use: async (accountId, code) => {
      const { count } = await sql`
        delete from vault.recovery_codes where account_id = ${accountId} and code_hash = ${hashOf(code)}`
      return count === 1 ? await left(accountId) : undefined
    },
    left,
    remove: async (accountId) => {
      await sql`delete from vault.recovery_codes where account_id = ${accountId}`
    },
  }
}
