import type { Sql } from 'postgres'
import { firstFrom } from './first-from.ts'

export type ReplayAsked = {
  readonly channelId: string
  /** Milliseconds since 1970: from the first on, before the second. */
  readonly fromMs: number
  readonly toMs: number
  /** The number of a message: only those behind it. */
  readonly after?: number | undefined
  readonly limit: number
}

export type ReplayRow = {
  readonly messageId: string
  readonly seq: number
  readonly at: number
  readonly authorId: string
  readonly authorName: string | null
  readonly text: string
}

type Numbered = Omit<ReplayRow, 'seq' | 'at'> & { readonly seq: string; readonly at: string }

const lane = 'readmodel.lane_events'

/** What was posted in a channel between two moments, and is there and seen by everybody now. */
export const chatReplay =
  (sql: Sql) =>
  async ({ channelId, fromMs, toMs, after, limit }: ReplayAsked): Promise<readonly ReplayRow[]> => {
    const [first, end] = await Promise.all([
      after === undefined ? firstFrom(sql, lane, channelId, fromMs) : after + 1,
      firstFrom(sql, lane, channelId, toMs),
    ])
    const rows = await sql<Numbered[]>`
      select command_id as "messageId", seq, at, subject::text as "authorId", name as "authorName", text
      from readmodel.lane_events
      where channel_id = ${channelId} and seq >= ${first} and seq < ${end}
        and type = 'MessagePosted' and deleted_by is null and not hidden and text is not null
      order by seq limit ${limit}`
    return rows.map((row) => ({ ...row, seq: Number(row.seq), at: Number(row.at) }))
  }
