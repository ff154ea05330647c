import type { Sql } from 'postgres'

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

/**
 * The first number of a lane whose event happened then or later. Times grow with the numbers of a lane, so the primary
 * key is all that it takes: some twenty looks at it.
 */
const firstFrom = async (sql: Sql, channelId: string, at: number): Promise<number> => {
  const [bounds] = await sql<{ first: string | null; last: string | null }[]>`
    select min(seq) as first, max(seq) as last from readmodel.lane_events where channel_id = ${channelId}`
  let [low, high] = [Number(bounds?.first ?? 1), Number(bounds?.last ?? 0) + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [row] = await sql<{ seq: string; at: string }[]>`
      select seq, at from readmodel.lane_events
      where channel_id = ${channelId} and seq >= ${middle} order by seq limit 1`
    if (row && Number(row.at) < at) low = Number(row.seq) + 1
    else high = middle
  }
  return low
}

/** What was posted in a channel between two moments, and is there and seen by everybody now. */
export const chatReplay =
  (sql: Sql) =>
  async ({ channelId, fromMs, toMs, after, limit }: ReplayAsked): Promise<readonly ReplayRow[]> => {
    const [first, end] = await Promise.all([
      after === undefined ? firstFrom(sql, channelId, fromMs) : after + 1,
      firstFrom(sql, channelId, toMs),
    ])
    const rows = await sql<Numbered[]>`
      select command_id as "messageId", seq, at, subject::text as "authorId", name as "authorName", text
      from readmodel.lane_events
      where channel_id = ${channelId} and seq >= ${first} and seq < ${end}
        and type = 'MessagePosted' and deleted_by is null and not hidden and text is not null
      order by seq limit ${limit}`
    return rows.map((row) => ({ ...row, seq: Number(row.seq), at: Number(row.at) }))
  }
