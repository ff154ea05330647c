import type { Row as AnyRow, PendingQuery, Sql } from 'postgres'
import type { Bigint } from '#libs/postgres/bigint.ts'
import { firstFrom } from './first-from.ts'
import { literal } from './literal.ts'
import { beyond } from './numbers.ts'
import type { MessageView } from './views.ts'

/** What a message may have in it, or be, to be searched by. */
export const traits = [
  'mention',
  'link',
  'code',
  'spoiler',
  'greentext',
  'emote',
  'reply',
  'action',
  'announcement',
] as const

export type Trait = (typeof traits)[number]

/** What is looked for; all of it has to hold. Times in ms since 1970. */
export type Sought = {
  /** Words as Postgres' `websearch_to_tsquery` takes them: `"a phrase"`, `or`, `-without`. */
  readonly words?: string | undefined
  /** A part of the text, without case. */
  readonly part?: string | undefined
  readonly author?: string | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly has: readonly Trait[]
  /** Deleted ones too, and those that only their author and the moderators see. */
  readonly all: boolean
  /** Only those alone that were deleted. */
  readonly deleted?: boolean | undefined
  readonly before?: number | undefined
  readonly limit: number
}

export type HistoryReads = {
  /** The latest first. */
  readonly search: (channelId: string, sought: Sought) => Promise<readonly MessageView[]>
  /** In the order of their numbers; undefined where there is no such message for who asks. */
  readonly around: (
    channelId: string,
    messageId: string,
    asked: { readonly before: number; readonly after: number; readonly all: boolean },
  ) => Promise<readonly MessageView[] | undefined>
  /** What was posted before this time is in no read model any more, ms since 1970; null where all is there. */
  readonly trimmedBefore: (channelId: string) => Promise<number | null>
  /** The public lane's messages behind a number, in their order, deleted ones among them. */
  readonly page: (channelId: string, after: number, limit: number) => Promise<readonly MessageView[]>
}

type Row = Omit<MessageView, 'seq' | 'at'> & { readonly seq: Bigint; readonly at: Bigint }

const viewOf = (row: Row): MessageView => ({ ...row, seq: Number(row.seq), at: Number(row.at) })

const columns = (sql: Sql) => sql`
  lane.command_id as "messageId", lane.seq, lane.at, lane.subject::text as "authorId", lane.name as "authorName",
  lane.text, lane.deleted_by is not null as deleted, lane.entities, lane.body`

const inLane = (sql: Sql, channelId: string, all: boolean) => sql`
  lane.channel_id = ${channelId} and lane.type = 'MessagePosted' ${all ? sql`` : sql`and not lane.hidden`}`

/** `has <> '[]'` says to Postgres what the index over what messages have in them leaves out. */
const search =
  (sql: Sql): HistoryReads['search'] =>
  async (channelId, { words, part, author, from, to, has, all, deleted, before = beyond, limit }) => {
    const numberAt = (at: number) => firstFrom(sql, 'readmodel.message_search', channelId, at)
    const [first, end] = await Promise.all([
      from === undefined ? 0 : numberAt(from),
      to === undefined ? before : numberAt(to).then((number) => Math.min(number, before)),
    ])
    const matching = (whether: PendingQuery<AnyRow[]>) => sql`
      select channel_id, seq from readmodel.message_search
      where channel_id = ${channelId} and seq >= ${first} and seq < ${end} and text is not null
        ${words === undefined ? sql`` : sql`and to_tsvector('simple', text) @@ websearch_to_tsquery('simple', ${words})`}
        ${part === undefined ? sql`` : sql`and text ilike ${literal(part)}`}
        ${author === undefined ? sql`` : sql`and author = ${author}`}
        ${has.length === 0 ? sql`` : sql`and has <> '[]' and has @> ${sql.json([...has])}`}
        ${all ? sql`` : sql`and not hidden and not deleted`}
        ${whether}
      order by seq desc limit ${limit}`
    // One by one they stand in an index; what a clear has taken stands before it, and is most of what stands there; what
    // a purge has taken is its author's.
    const gone = () => sql`
      (${matching(sql`and removed`)}) union (${matching(sql`
        and not removed and deleted
        and seq < (select max(seq) from readmodel.clears where channel_id = ${channelId})`)})
      union select found.channel_id, found.seq from (
        select author, max(seq) as seq from readmodel.purges
        where channel_id = ${channelId} ${author === undefined ? sql`` : sql`and author = ${author}`}
        group by author) as purged
      cross join lateral (${matching(sql`
        and not removed and deleted and author = purged.author and seq < purged.seq`)}) as found`
    const rows = await sql<Row[]>`
      select ${columns(sql)}
      from (${deleted ? gone() : matching(deleted === false ? sql`and not deleted` : sql``)}) as found
      join readmodel.lane_events as lane using (channel_id, seq)
      order by lane.seq desc limit ${limit}`
    return rows.map(viewOf)
  }

const around =
  (sql: Sql): HistoryReads['around'] =>
  async (channelId, messageId, { before, after, all }) => {
    const [named] = await sql<{ seq: Bigint }[]>`
      select lane.seq from readmodel.lane_events as lane
      where lane.command_id = ${messageId} and ${inLane(sql, channelId, all)}`
    if (!named) return undefined
    const rows = await sql<Row[]>`
      (select ${columns(sql)} from readmodel.lane_events as lane
        where ${inLane(sql, channelId, all)} and lane.seq < ${named.seq} order by lane.seq desc limit ${before})
      union all
      (select ${columns(sql)} from readmodel.lane_events as lane
        where ${inLane(sql, channelId, all)} and lane.seq >= ${named.seq} order by lane.seq limit ${after + 1})`
    return rows.map(viewOf).toSorted((one, other) => one.seq - other.seq)
  }

export const historyReads = (sql: Sql): HistoryReads => ({
  search: search(sql),
  around: around(sql),
  trimmedBefore: async (channelId) => {
    const [row] = await sql<{ before: Bigint }[]>`
      select before from readmodel.trimmed where channel_id = ${channelId}`
    return row ? Number(row.before) : null
  },
  page: async (channelId, after, limit) => {
    const rows = await sql<Row[]>`
      select ${columns(sql)} from readmodel.lane_events as lane
      where ${inLane(sql, channelId, false)} and lane.seq > ${after} order by lane.seq limit ${limit}`
    return rows.map(viewOf)
  },
})
