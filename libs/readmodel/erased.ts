import type { PendingQuery, Row, TransactionSql } from 'postgres'
import { codecs } from '#libs/contracts/codecs.ts'
import type { Open } from '#libs/contracts/sealed.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import type { PersonalKeys } from '#libs/vault/vault.ts'
import { eventsIn } from './events.ts'

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

/** The ids of who was erased, as what stands behind `in`. */
export type Gone = PendingQuery<Row[]>

/**
 * Applies the erasures among outcomes of accounts: enters them, forgets the keys, and has `scrub` take from the rows what
 * these people wrote. Where nobody was erased nothing is asked of Postgres.
 */
export const whenErased = async (
  sql: TransactionSql,
  keys: ReaderKeys,
  outcomes: readonly OutcomeRecord[],
  scrub: (gone: Gone) => Promise<void>,
): Promise<void> => {
  const accountIds = eventsIn(codecs.account, outcomes, ['AccountErased']).map(({ event }) => event.accountId)
  if (accountIds.length === 0) return
  for (const accountId of accountIds) keys.forget(accountId)
  await sql`
    insert into erased select jsonb_array_elements_text(${sql.json(accountIds)})::bigint on conflict do nothing`
  await scrub(sql`(select jsonb_array_elements_text(${sql.json(accountIds)})::bigint)`)
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
