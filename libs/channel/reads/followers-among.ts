import type { Sql } from 'postgres'

/** Those of the accounts who follow a channel. */
export const followersAmong = async (
  sql: Sql,
  channelId: string,
  accountIds: readonly string[],
): Promise<ReadonlySet<string>> => {
  const rows = await sql<{ id: string }[]>`
    select member_id::text as id from readmodel.followers
    where channel_id = ${channelId}
      and member_id in (select jsonb_array_elements_text(${sql.json([...accountIds])})::bigint)`
  return new Set(rows.map(({ id }) => id))
}
