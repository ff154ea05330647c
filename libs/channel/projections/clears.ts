import type { TransactionSql } from 'postgres'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'

/**
 * A clear deletes all that a channel has, a purge all that an author has written there, however much that is: each is noted
 * here once, and views over messages read it as the deletion of whatever stands before it and was not changed by a later
 * record.
 */
export const clearsTables = `
create table clears (
  channel_id bigint not null,
  seq bigint not null,
  n bigint not null,
  primary key (channel_id, seq)
);
create table purges (
  channel_id bigint not null,
  author bigint not null,
  seq bigint not null,
  n bigint not null,
  primary key (channel_id, author, seq)
);
`

export const hashedClears = [
  { table: 'clears', key: ['channel_id', 'seq'] },
  { table: 'purges', key: ['channel_id', 'author', 'seq'] },
] as const

/** A table of messages, with `channel_id`, `seq` and `n`, and the column of who wrote them. */
type Messages = { readonly table: string; readonly author: string }

const firstOf = (noted: string, column: 'seq' | 'n', table: string, also = ''): string => `(
  select ${noted}.${column} from ${noted}
  where ${noted}.channel_id = ${table}.channel_id ${also} and ${noted}.seq > ${table}.seq and ${noted}.n > ${table}.n
  order by ${noted}.seq limit 1)`

/**
 * Of the first clear or purge that has deleted a message: its number, or its record's. Both grow together, so that the
 * least of each is of the same.
 */
export const clearedBy = (column: 'seq' | 'n', { table, author }: Messages): string =>
  `least(${firstOf('clears', column, table)}, ${firstOf('purges', column, table, `and purges.author = ${table}.${author}`)})`

type Deletion = {
  readonly type: string
  readonly seq: number
  readonly author?: string | null
  readonly messageSeqs?: readonly number[] | null
}

/** Whether an event deletes whatever there is, of a channel or of an author. */
export const isClear = (event: Deletion): boolean => event.type === 'MessagesDeleted' && event.messageSeqs === null

export const noteClear = (sql: TransactionSql, { key, n }: OutcomeRecord, { seq, author }: Deletion) =>
  author == null
    ? sql`insert into clears (channel_id, seq, n) values (${key}, ${seq}, ${n})`
    : sql`insert into purges (channel_id, author, seq, n) values (${key}, ${author}, ${seq}, ${n})`
