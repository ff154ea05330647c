import type { Sql } from 'postgres'
import type { Bigint } from '#libs/postgres/bigint.ts'
import type { ChannelEventOf } from '../events.ts'
import type { PollView } from './view.ts'

/** A poll as its read model has it. */
export type StoredPoll = Omit<PollView, 'ballot'> & {
  readonly seq: number
  /** Null, like the cause, while it runs. */
  readonly endedAt: number | null
  readonly cause: ChannelEventOf<'PollEnded'>['cause'] | null
}

export type PollReads = {
  /** The latest first; `before` is the number at which one was started. */
  readonly list: (
    channelId: string,
    page: { readonly before: number | undefined; readonly limit: number },
  ) => Promise<readonly StoredPoll[]>
  readonly get: (channelId: string, pollId: string) => Promise<StoredPoll | undefined>
  /** Which option somebody has chosen. */
  readonly voteOf: (channelId: string, pollId: string, accountId: string) => Promise<number | undefined>
}

type Numbers = 'seq' | 'startedAt' | 'endsAt' | 'voters'
type Row = Omit<StoredPoll, Numbers | 'endedAt'> &
  Readonly<Record<Numbers, Bigint>> & { readonly endedAt: Bigint | null }

const columns = (sql: Sql) => sql`
  poll_id as "pollId", seq, actor::text, question, options::jsonb as options, weighted, changeable, hidden,
  started_at as "startedAt", ends_at as "endsAt", ended_at as "endedAt", cause, voters, totals`

const pollOf = (row: Row): StoredPoll => ({
  ...row,
  seq: Number(row.seq),
  startedAt: Number(row.startedAt),
  endsAt: Number(row.endsAt),
  endedAt: row.endedAt === null ? null : Number(row.endedAt),
  voters: Number(row.voters),
})

/** What the routes of polls read. */
export const pollReads = (sql: Sql): PollReads => ({
  list: async (channelId, { before, limit }) => {
    const rows = await sql<Row[]>`
      select ${columns(sql)} from readmodel.polls
      where channel_id = ${channelId} and seq < ${before ?? Number.MAX_SAFE_INTEGER}
      order by seq desc limit ${limit}`
    return rows.map(pollOf)
  },
  get: async (channelId, pollId) => {
    const [row] = await sql<Row[]>`
      select ${columns(sql)} from readmodel.polls where channel_id = ${channelId} and poll_id = ${pollId}`
    return row && pollOf(row)
  },
  voteOf: async (channelId, pollId, accountId) => {
    const [row] = await sql<{ option: number }[]>`
      select option from readmodel.votes
      where channel_id = ${channelId} and poll_id = ${pollId} and member_id = ${accountId}`
    return row?.option
  },
})
