import type { Sql } from 'postgres'
import { platformKey } from './emotes.ts'
import type { GlobalEmoteReads } from './globals.ts'

/** An emote as clients are told of it. */
export type EmoteView = {
  readonly emoteId: string
  readonly name: string
  readonly moving: boolean
  /** Where it is 32 pixels high. */
  readonly width: number
  /** The lowest tier of a subscription that it takes; null: it is for everybody. */
  readonly tier: number | null
  readonly enabled: boolean
  readonly addedById: string
  /** Milliseconds since 1970. */
  readonly addedAt: number
}

/** The emotes of a channel, and of the platform; `version` grows with every change of either. */
export type Manifest = {
  readonly version: number
  readonly channel: readonly EmoteView[]
  readonly platform: readonly EmoteView[]
}

export type EmoteReads = {
  /** In the order of their names. */
  readonly manifest: (channelId: string) => Promise<Manifest>
  /** Key of the picture of an emote, of one that was removed too; undefined where there is none. */
  readonly image: (emoteId: string) => Promise<string | undefined>
}

type EmoteRow = Omit<EmoteView, 'addedAt'> & { readonly channelId: string; readonly addedAt: string }

const viewOf = ({ channelId: _, addedAt, ...row }: EmoteRow): EmoteView => ({ ...row, addedAt: Number(addedAt) })

const manifestOf =
  (sql: Sql): EmoteReads['manifest'] =>
  async (channelId) => {
    // The version first: one that is older than what it stands for is asked for again, one that is younger never.
    const sets = await sql<{ version: string }[]>`
      select coalesce(sum(n), 0) as version from readmodel.emote_sets where channel_id in (${channelId}, ${platformKey})`
    const rows = await sql<EmoteRow[]>`
      select emote_id as "emoteId", channel_id::text as "channelId", name, moving, width, tier, enabled,
        added_by::text as "addedById", added_at as "addedAt"
      from readmodel.emotes where channel_id in (${channelId}, ${platformKey}) and not removed
      order by name`
    const of = (id: string) => rows.filter((row) => row.channelId === id).map(viewOf)
    return {
      version: Number(sets[0]?.version ?? 0),
      channel: channelId === platformKey ? [] : of(channelId),
      platform: of(platformKey),
    }
  }

export const emoteReads = (sql: Sql): EmoteReads => ({
  manifest: manifestOf(sql),
  image: async (emoteId) => {
    const [row] = await sql<{ image: string }[]>`
      select image from readmodel.emotes where emote_id = ${emoteId}`
    return row?.image
  },
})

/** What edges follow of the platform's emotes. */
export const globalEmoteReads = (sql: Sql): GlobalEmoteReads => ({
  version: async () => {
    const [row] = await sql<{ n: string }[]>`
      select n from readmodel.emote_sets where channel_id = ${platformKey}`
    return Number(row?.n ?? 0)
  },
  load: async () => {
    const rows = await sql<{ name: string; id: string }[]>`
      select name, emote_id as id from readmodel.emotes where channel_id = ${platformKey} and enabled and not removed`
    return new Map(rows.map(({ name, id }) => [name, id]))
  },
})
