import type { TransactionSql } from 'postgres'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'

/**
 * A clear deletes all that a channel has, however much that is: it is noted here once, and views over messages read it as
 * the deletion of whatever stands before it and was not changed by a later record.
 */
export const clearsTable = `
create table clears (
  channel_id bigint not null,
  seq bigint not null,
  n bigint not null,
  primary key (channel_id, seq)
);
`

/** Of the first clear that has deleted a row of this table, with `channel_id`, `seq` and `n`: its number, or its record's. */
export const clearedBy = (column: 'seq' | 'n', table: string): string => `(
  select clears.${column} from clears
  where clears.channel_id = ${table}.channel_id and clears.seq > ${table}.seq and clears.n > ${table}.n
  order by clears.seq limit 1)`

export const noteClear = (sql: TransactionSql, { key, n }: OutcomeRecord, seq: number) => sql`
  insert into clears (channel_id, seq, n) values (${key}, ${seq}, ${n})`

type Deletion = {
  readonly type: string
  readonly author?: string | null
  readonly messageSeqs?: readonly number[] | null
}

/** Whether an event deletes whatever there is. */
export const isClear = (event: Deletion): boolean =>
  event.type === 'MessagesDeleted' && event.author === null && event.messageSeqs === null
