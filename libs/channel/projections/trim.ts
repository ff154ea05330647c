import type { TransactionSql } from 'postgres'
import { codecs } from '#libs/contracts/codecs.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { eventsIn } from '#libs/readmodel/events.ts'

/** How far the history of a channel is gone: all of the public lane up to that number, posted before that time. */
export const trimmedTable = `
create table trimmed (
  channel_id bigint primary key,
  seq bigint not null,
  before bigint not null,
  n bigint not null
);
`

export type Trim = { readonly channel: string; readonly before: number; readonly n: number }

/** What channels let go of, in its order. */
export const trimsIn = (outcomes: readonly OutcomeRecord[]): readonly Trim[] =>
  eventsIn(codecs.channel, outcomes, ['HistoryTrimmed']).map(({ record, event }) => ({
    channel: record.key,
    before: event.before,
    n: record.n,
  }))

/** In a lane times never go back, so what is older than a time lies before the first that is not: no row is looked at twice. */
export const firstKept = (sql: TransactionSql, table: string, { channel, before }: Trim) => sql`
  coalesce((
    select seq from ${sql(table)} where channel_id = ${channel} and at >= ${before} order by seq limit 1
  ), ${Number.MAX_SAFE_INTEGER})`

/** Removes what is older from the rows of the lane, and says how far. Earlier texts of messages that were edited go with them. */
export const trimLane = async (sql: TransactionSql, outcomes: readonly OutcomeRecord[]): Promise<void> => {
  for (const trim of trimsIn(outcomes)) {
    const { channel, before, n } = trim
    await sql`
      with gone as (
        delete from lane_events
        where channel_id = ${channel} and seq < ${firstKept(sql, 'lane_events', trim)} returning seq)
      insert into trimmed (channel_id, seq, before, n)
      select ${channel}, max(seq), ${before}, ${n} from gone having count(*) > 0
      on conflict (channel_id) do update set seq = excluded.seq, before = excluded.before, n = excluded.n`
    await sql`
      delete from message_edits where channel_id = ${channel} and message_seq <= (
        select seq from trimmed where channel_id = ${channel})`
  }
}

/** Removes the words of messages that were held from the moderators' log; that they were, and what was done, stays. */
export const trimLog = async (sql: TransactionSql, outcomes: readonly OutcomeRecord[]): Promise<void> => {
  for (const { channel, before } of trimsIn(outcomes))
    await sql`
      update moderation_log set author_name = null, text = null, entities = null
      where channel_id = ${channel} and at < ${before} and text is not null`
}
