import type { TransactionSql } from 'postgres'
import type { Family } from '#libs/journal/families.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'

/**
 * A read model: rows that are a function of the journals. A new `version` is a new Postgres schema `<name>_v<version>`,
 * filled beside the old one and switched by view once it has caught up.
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
  /** The view names that queries use, by table: `messages` → `<name>_v<version>.messages`. */
  readonly views: readonly string[]
  /**
   * Applies valid outcomes of one partition, in order, inside the transaction that also moves the position.
   * Throws when a record cannot be applied; the kit then finds the one and parks it with its key.
   */
  readonly apply: (sql: TransactionSql, family: Family, outcomes: readonly OutcomeRecord[]) => Promise<void>
}
