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

/** What channels let go of in steps: those that have more wait in a table. */
type Steps = {
  readonly waiting: string
  /** One step of a channel. @returns whether there may be more */
  readonly step: (sql: TransactionSql, channelId: string) => Promise<boolean>
}

/** The oldest rows go. */
const removeSome = ({ table, also = async () => {} }: TrimmedTable): Steps => ({
  waiting: 'trimming',
  step: async (sql, channelId) => {
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
  },
})

/** The row that waits is held meanwhile, so that of two who come to one channel the other waits, or goes elsewhere. */
const stepHeld = async (sql: TransactionSql, { waiting, step }: Steps, channelId: string): Promise<void> => {
  if (await step(sql, channelId)) return
  await sql`delete from ${sql(waiting)} where channel_id = ${channelId}`
}

/** The first step, with the record that asks for it. */
const firstStep = async (sql: TransactionSql, steps: Steps, channelId: string): Promise<void> => {
  await sql`
    insert into ${sql(steps.waiting)} (channel_id) values (${channelId})
    on conflict (channel_id) do update set channel_id = excluded.channel_id`
  await stepHeld(sql, steps, channelId)
}

/** The others, of one channel after the other. */
const sweepOf = (steps: Steps): Sweep => ({
  follows: hasEvent(['HistoryTrimmed']),
  step: async (sql) => {
    const [row] = await sql<{ channel: string }[]>`
      select channel_id::text as channel from ${sql(steps.waiting)}
      order by channel_id limit 1 for update skip locked`
    if (row) await stepHeld(sql, steps, row.channel)
    return row !== undefined
  },
})

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
    if (moved.length > 0) await firstStep(sql, removeSome(trimmed), channel)
  }
}

export const trimSweep = (trimmed: TrimmedTable): Sweep => sweepOf(removeSome(trimmed))

/** Until when the words of messages that were held are gone from the log, of each channel, and where some are left. */
export const logTrimTables = `
create table log_trimmed (channel_id bigint primary key, before bigint not null, n bigint not null);
create table log_trimming (channel_id bigint primary key);
`

/** Entries of the log whose words are let go of, whether they are there still or not. */
export const isLogTrimmed = (build: string): string =>
  `row_text.action = 'hold_message' and exists (
    select from ${build}.log_trimmed where log_trimmed.channel_id = row_text.channel_id and row_text.at < log_trimmed.before)`

const clearWords: Steps = {
  waiting: 'log_trimming',
  step: async (sql, channelId) => {
    const { count } = await sql`
      with oldest as (
        select moderation_seq from moderation_log
        where channel_id = ${channelId} and text is not null
          and at < (select before from log_trimmed where channel_id = ${channelId})
        order by moderation_seq limit ${trimmedAtOnce})
      update moderation_log set author_name = null, text = null, entities = null from oldest
      where channel_id = ${channelId} and moderation_log.moderation_seq = oldest.moderation_seq`
    return count === trimmedAtOnce
  },
}

/** Removes the words of messages that were held from the moderators' log; that they were, and what was done, stays. */
export const trimLog = async (sql: TransactionSql, outcomes: readonly OutcomeRecord[]): Promise<void> => {
  for (const { channel, before, n } of trimsIn(outcomes)) {
    await sql`
      insert into log_trimmed (channel_id, before, n) values (${channel}, ${before}, ${n})
      on conflict (channel_id) do update set
        before = greatest(log_trimmed.before, excluded.before), n = excluded.n`
    await firstStep(sql, clearWords, channel)
  }
}

export const logTrimSweep: Sweep = sweepOf(clearWords)
