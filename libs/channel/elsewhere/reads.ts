import { setTimeout as delay } from 'node:timers/promises'
import type { Sql } from 'postgres'
import { isNumericId } from '#libs/access/principal.ts'
import { type ElsewhereAsked, type ElsewhereFacts, ownersFact } from './elsewhere.ts'

/** Looks up what a command names of other channels, as the read models have it now. */
export type ReadElsewhere = (asked: ElsewhereAsked) => Promise<ElsewhereFacts>

/** What was done a moment ago read models have a moment later: what is not there is looked for so often, so far apart. */
const LOOKS = 4
const APART_MS = 250

const isPublished = async (sql: Sql, channel: string): Promise<boolean> => {
  const [row] = await sql`
    select 1 from readmodel.moderation_settings
    where channel_id = ${channel} and name = 'ban_list_published' and value = 'true'`
  return row !== undefined
}

const ownersOf = async (sql: Sql, channels: readonly string[]): Promise<Readonly<Record<string, string>>> => {
  const rows = await sql<{ channel: string; owner: string }[]>`
    select channel_id::text as channel, owner_id::text as owner from readmodel.channels
    where channel_id in (select jsonb_array_elements_text(${sql.json(channels.filter(isNumericId))})::bigint)`
  return Object.fromEntries(rows.map(({ channel, owner }) => [channel, owner]))
}

const looked = async <Found>(
  look: () => Promise<Found>,
  isThere: (found: Found) => boolean,
  apartMs: number,
): Promise<Found> => {
  let found = await look()
  for (let looks = 1; looks < LOOKS && !isThere(found); looks++) {
    await delay(apartMs)
    found = await look()
  }
  return found
}

export const readElsewhere =
  (sql: Sql, apartMs = APART_MS): ReadElsewhere =>
  async (asked) => {
    if ('publishes' in asked)
      return { publishes: (await looked(() => isPublished(sql, asked.publishes), Boolean, apartMs)) ? 'true' : 'false' }
    const owners = await looked(
      () => ownersOf(sql, asked.ownersOf),
      (found) => asked.ownersOf.every((channel) => found[channel] !== undefined),
      apartMs,
    )
    return ownersFact(owners)
  }
