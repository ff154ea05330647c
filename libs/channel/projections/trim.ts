import type { TransactionSql } from 'postgres'
import { codecs } from '#libs/contracts/codecs.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { eventsIn, hasEvent } from '#libs/readmodel/events.ts'
import type { Sweep } from '#libs/readmodel/projection.ts'
import { firstFrom } from '../reads/first-from.ts'

/**
 * How far the history of a channel is gone: all up to that number, posted before that time. Rows up to there that are
 * there still, since they were too many to go at once, belong to channels in `trimming`.
 */
export const trimTables = `
create table trimmed (
  channel_id bigint primary key,
  seq bigint not null,
  before bigint not null,
  n bigint not null
);
create table trimming (channel_id bigint primary key);
`

/** So many rows go in one transaction: some tens of milliseconds. */
export const trimmedAtOnce = 5_000

/** Rows of a table that `trimRows` has let go of, whether they are there still or not. */
export const isTrimmed =
  (seq = 'seq') =>
  (build: string): string =>
    `exists (select from ${build}.trimmed where trimmed.channel_id = row_text.channel_id and row_text.${seq} <= trimmed.seq)`

/** A table of messages, with `channel_id`, `seq` and `at`; `also` removes what hangs on those up to a number. */
export type TrimmedTable = {
  readonly table: string
  readonly also?: (sql: TransactionSql, channelId: string, upTo: number) => Promise<unknown>
}

type Trim = { readonly channel: string; readonly before: number; readonly n: number }

/** What channels let go of, in its order. */
const trimsIn = (outcomes: readonly OutcomeRecord[]): readonly Trim[] =>
  eventsIn(codecs.channel, outcomes, ['HistoryTrimmed']).map(({ record, event }) => ({
    channel: record.key,
    before: event.before,
    n: record.n,
  }))

/** Removes the oldest of what a channel has let go of. @returns whether there may be more */
const removeSome = async (
  sql: TransactionSql,
  { table, also = async () => {} }: TrimmedTable,
  channelId: string,
): Promise<boolean> => {
  const [gone] = await sql<{ count: number; last: string | null }[]>`
    with oldest as (
      select channel_id, seq from ${sql(table)} as kept
      where channel_id = ${channelId} and seq <= (select seq from trimmed where channel_id = ${channelId})
      order by seq limit ${trimmedAtOnce}),
    gone as (
      delete from ${sql(table)} as kept using oldest
      where kept.channel_id = oldest.channel_id and kept.seq = oldest.seq returning kept.seq)
    select count(*)::integer as count, max(seq) as last from gone`
  if (gone?.last != null) await also(sql, channelId, Number(gone.last))
  return gone?.count === trimmedAtOnce
}

/** The row in `trimming` is held meanwhile, so that of two who remove from one channel the other waits, or goes elsewhere. */
const removeHeld = async (sql: TransactionSql, trimmed: TrimmedTable, channelId: string): Promise<void> => {
  if (await removeSome(sql, trimmed, channelId)) return
  await sql`delete from trimming where channel_id = ${channelId}`
}

/** Lets go of what is older than channels keep: the first rows go at once, the rest by `trimSweep`. */
export const trimRows = async (
  sql: TransactionSql,
  trimmed: TrimmedTable,
  outcomes: readonly OutcomeRecord[],
): Promise<void> => {
  for (const { channel, before, n } of trimsIn(outcomes)) {
    const seq = (await firstFrom(sql, trimmed.table, channel, before)) - 1
    const moved = await sql`
      insert into trimmed (channel_id, seq, before, n) select ${channel}, ${seq}, ${before}, ${n} where ${seq} > 0
      on conflict (channel_id) do update set seq = excluded.seq, before = excluded.before, n = excluded.n
      where trimmed.seq < excluded.seq returning 1`
    if (moved.length === 0) continue
    await sql`
      insert into trimming (channel_id) values (${channel})
      on conflict (channel_id) do update set channel_id = excluded.channel_id`
    await removeHeld(sql, trimmed, channel)
  }
}

/** Removes the rest of what channels have let go of, of one channel after the other. */
export const trimSweep = (trimmed: TrimmedTable): Sweep => ({
  follows: hasEvent(['HistoryTrimmed']),
  step: async (sql) => {
    const [row] = await sql<{ channel: string }[]>`
      select channel_id::text as channel from trimming order by channel_id limit 1 for update skip locked`
    if (row) await removeHeld(sql, trimmed, row.channel)
    return row !== undefined
  },
})

/** Removes the words of messages that were held from the moderators' log; that they were, and what was done, stays. */
export const trimLog = async (sql: TransactionSql, outcomes: readonly OutcomeRecord[]): Promise<void> => {
  for (const { channel, before } of trimsIn(outcomes))
    await sql`
      update moderation_log set author_name = null, text = null, entities = null
      where channel_id = ${channel} and at < ${before} and text is not null`
}
