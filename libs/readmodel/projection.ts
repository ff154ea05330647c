import type { TransactionSql } from 'postgres'
import type { Family } from '#libs/journal/families.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'

/**
 * A read model: rows that are a function of the journals. A new `version` is built in a Postgres schema of its own,
 * beside the old one, and switched to by view once it has caught up.
 *
 * Rows of different aggregates must not depend on the order between partitions, since there is none.
 */
export type Projection = {
  readonly name: string
  readonly version: number
  readonly families: readonly Family[]
  /** Creates the tables in the schema that is first on the search path. */
  readonly tables: string
  /** The tables that `rebuild` hashes, each with its primary key. */
  readonly hashed: readonly { readonly table: string; readonly key: readonly string[] }[]
  /** Tables that queries see, as views of the same name in the schema `readmodel`; unique among all projections. */
  readonly views: readonly string[]
  /**
   * Whether rows may follow from an outcome; without it, from each. Of no other is anything applied, and positions that
   * move past nothing else are written at a slower pace.
   */
  readonly concerns?: (outcome: OutcomeRecord) => boolean
  /**
   * Applies valid outcomes, in the transaction that also moves the positions: of one partition in order, of many
   * partitions in no order. Several calls may run at once, in transactions of their own, for partitions of their own.
   * Throws when a record cannot be applied; the kit then finds the one and parks it with its key.
   */
  readonly apply: (sql: TransactionSql, family: Family, outcomes: readonly OutcomeRecord[]) => Promise<void>
}
