import { readFileSync } from 'node:fs'
import type { Sql, TransactionSql } from 'postgres'

/** What both a pool and a transaction answer. */
export type Queries = Sql | TransactionSql

/** A number of the registry's own among Postgres's advisory locks: the bytes of `regist`. */
const WRITE_LOCK = 0x726567697374

const tables = readFileSync(new URL('schema.sql', import.meta.url), 'utf8')

/** Makes the tables where they are missing; of processes that start at once one does it. */
export const createRegistrySchema = (sql: Sql): Promise<void> =>
  writing(sql, async (transaction) => {
    await transaction.unsafe(tables)
  })

/**
 * Does what reads and then writes, in one transaction. Writes are few, and each waits for those before it, of whichever
 * process: what was read stays true until the commit.
 */
export const writing = async <T>(sql: Sql, work: (transaction: TransactionSql) => Promise<T>): Promise<T> => {
  let result: { readonly value: T } | undefined
  await sql.begin(async (transaction) => {
    await transaction`select pg_advisory_xact_lock(${WRITE_LOCK})`
    result = { value: await work(transaction) }
  })
  if (!result) throw new Error('the transaction has ended without its work')
  return result.value
}
