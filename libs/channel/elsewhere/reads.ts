import type { Sql } from 'postgres'
import { isNumericId } from '#libs/access/principal.ts'
import { type ElsewhereAsked, type ElsewhereFacts, ownersFact } from './elsewhere.ts'

/** Looks up what a command names of other channels, as the read models have it now. */
export type ReadElsewhere = (asked: ElsewhereAsked) => Promise<ElsewhereFacts>

export const readElsewhere =
  (sql: Sql): ReadElsewhere =>
  async (asked) => {
    if ('publishes' in asked) {
      const [row] = await sql`
        select 1 from readmodel.moderation_settings
        where channel_id = ${asked.publishes} and name = 'ban_list_published' and value = 'true'`
      return { publishes: row ? 'true' : 'false' }
    }
    const rows = await sql<{ channel: string; owner: string }[]>`
      select channel_id::text as channel, owner_id::text as owner from readmodel.channels
      where channel_id in (select jsonb_array_elements_text(${sql.json(asked.ownersOf.filter(isNumericId))})::bigint)`
    return ownersFact(Object.fromEntries(rows.map(({ channel, owner }) => [channel, owner])))
  }
