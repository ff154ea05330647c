import type { TransactionSql } from 'postgres'
import type { Open } from '#libs/contracts/sealed.ts'
import type { PersonalKeys } from '#libs/vault/vault.ts'

/** What projections that hold people's texts in clear need of the vault. */
export type ReaderKeys = Pick<PersonalKeys, 'prefetch' | 'open' | 'forget'>

/**
 * Storage of a table that holds what people wrote. Postgres keeps the old version of a scrubbed row until the next vacuum,
 * which by default waits until a fifth of the table has changed: here it comes within minutes of any change. The bytes
 * may lie in the free space of their page until something is written there; a rebuilt table never had them.
 */
export const vacuumedSoon = 'with (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0)'

/**
 * Erased accounts, a table of each build that holds texts of other families' aggregates. Families have no common order:
 * an erasure may be applied before the texts that it concerns, while their key still lies in a cache.
 *
 * So whoever writes texts holds this table in SHARE mode while it looks here and writes, and an erasure, which inserts,
 * waits until those have committed, and then scrubs what they wrote; who comes after it finds the account here.
 */
export const erasedTable = 'create table erased (account_id bigint primary key);'

/** Enters the accounts, after which the caller scrubs their rows, and forgets their keys. */
export const enterErased = async (
  sql: TransactionSql,
  keys: ReaderKeys,
  accountIds: readonly string[],
): Promise<void> => {
  for (const accountId of accountIds) keys.forget(accountId)
  await sql`
    insert into erased select jsonb_array_elements_text(${sql.json([...accountIds])})::bigint on conflict do nothing`
}

/** An `open` for these subjects until the end of the transaction: undefined for all who are erased by now. */
export const openerFor = async (
  sql: TransactionSql,
  keys: ReaderKeys,
  subjects: ReadonlySet<string>,
): Promise<Open> => {
  if (subjects.size === 0) return () => undefined
  const [, rows] = await Promise.all([
    sql`lock table erased in share mode`,
    sql<{ readonly account_id: string }[]>`
      select account_id::text from erased
      where account_id in (select jsonb_array_elements_text(${sql.json([...subjects])})::bigint)`,
  ])
  const erased = new Set(rows.map(({ account_id }) => account_id))
  for (const accountId of erased) keys.forget(accountId)
  await keys.prefetch(erased.size === 0 ? subjects : [...subjects].filter((subject) => !erased.has(subject)))
  return (subject, eventId, field, sealed) =>
    erased.has(subject) ? undefined : keys.open(subject, eventId, field, sealed)
}
