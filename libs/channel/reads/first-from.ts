import type { ISql } from 'postgres'

/**
 * The first number of a lane whose event happened then or later (ms since 1970); one beyond the last where none did.
 * Times never go back in a lane, so a primary key of channel and number is all that it takes: some twenty looks at it,
 * however much there is. `table` is one with `channel_id`, `seq` and `at`.
 */
export const firstFrom = async (sql: ISql, table: string, channelId: string, at: number): Promise<number> => {
  const [bounds] = await sql<{ first: string | null; last: string | null }[]>`
    select min(seq) as first, max(seq) as last from ${sql(table)} where channel_id = ${channelId}`
  let [low, high] = [Number(bounds?.first ?? 1), Number(bounds?.last ?? 0) + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [row] = await sql<{ seq: string; at: string }[]>`
      select seq, at from ${sql(table)}
      where channel_id = ${channelId} and seq >= ${middle} order by seq limit 1`
    if (row && Number(row.at) < at) low = Number(row.seq) + 1
    else high = middle
  }
  return low
}
