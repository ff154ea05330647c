import { openPostgres } from '#libs/postgres/open.ts'
import { checkValueOf, masterKeyOf } from './master-key.ts'

/** By which a vault knows this master key, in hexadecimal; nothing of the key can be found from it. @throws VaultError */
export const masterKeyCheck = (masterKey: string): string => checkValueOf(masterKeyOf(masterKey)).toString('hex')

/** The same of every master key that opens a vault; none where there is no vault yet. Nothing is changed. */
export const masterKeyChecks = async (databaseUrl: string): Promise<readonly string[]> => {
  const sql = openPostgres(databaseUrl, { max: 1 })
  try {
    const [table] = await sql<{ oid: string | null }[]>`select to_regclass('vault.master_key')::text as oid`
    if (!table?.oid) return []
    const rows = await sql<{ check_value: Buffer }[]>`select check_value from vault.master_key order by check_value`
    return rows.map((row) => row.check_value.toString('hex'))
  } finally {
    await sql.end({ timeout: 5 })
  }
}
