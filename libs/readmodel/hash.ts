import { createHash } from 'node:crypto'
import type { TransactionSql } from 'postgres'
import type { Projection } from './projection.ts'

const ROWS_AT_ONCE = 5_000

/**
 * SHA-256 over every column of every row of a build, table by table in key order, as the transaction sees it: to compare
 * builds, it has to be a repeatable-read one, and both have to stand at one position.
 */
export const stateHash = async (
  tx: TransactionSql,
  build: string,
  { hashed }: Projection,
  onRows?: (rows: number) => void,
): Promise<string> => {
  const hash = createHash('sha256')
  await tx`set local timezone to 'UTC'`
  for (const { table, key, unless } of hashed) {
    hash.update(`\n${table}\n`)
    const counted = unless ? `where not ${unless(build)}` : ''
    const order = key.map((column) => `row_text.${column}`).join(', ')
    const query = `select row_text::text as row from ${build}.${table} as row_text ${counted} order by ${order}`
    await tx.unsafe<{ readonly row: string }[]>(query).cursor(ROWS_AT_ONCE, (rows) => {
      for (const { row } of rows) hash.update(row).update('\n')
      onRows?.(rows.length)
    })
  }
  return hash.digest('hex')
}
