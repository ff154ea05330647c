import type { TransactionSql } from 'postgres'
import type { Family } from '#libs/journal/families.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'

/**
 * A table of a read model, with its primary key. Rows for which `unless` holds, a condition on `row_text` in a build, count
 * for nothing: they are let go of, and wait to be swept.
 */
export type HashedTable = {
  readonly table: string
  readonly key: readonly string[]
  readonly unless?: (build: string) => string
}

/** Work that follows outcomes and is too much for the transaction that applies them: done aside, a bounded step at a time. */
export type Sweep = {
  /** Whether an outcome may leave such work behind. */
  readonly follows: (outcome: OutcomeRecord) => boolean
  /**
   * One step, in a transaction that moves no position; several processes may each be in one. Removes only rows that count
   * for nothing. @returns whether there may be more
   */
  readonly step: (sql: TransactionSql) => Promise<boolean>
}

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
  /** The tables that `rebuild` hashes. */
  readonly hashed: readonly HashedTable[]
  /** Tables that queries see, as views of the same name in the schema `readmodel`; unique among all projections. */
  readonly views: readonly string[]
  /**
   * Whether rows may follow from an outcome; without it, from each. Of no other is anything applied, and positions that
   * move past nothing else are written at a slower pace.
   */
  readonly concerns?: (outcome: OutcomeRecord) => boolean
  readonly sweep?: Sweep
  /**
   * Applies valid outcomes, in the transaction that also moves the positions: of one partition in order, of many
   * partitions in no order. Several calls may run at once, in transactions of their own, for partitions of their own.
   * Throws when a record cannot be applied; the kit then finds the one and parks it with its key.
   */
  readonly apply: (sql: TransactionSql, family: Family, outcomes: readonly OutcomeRecord[]) => Promise<void>
}
