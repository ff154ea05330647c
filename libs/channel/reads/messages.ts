import type { Sql } from 'postgres'
import type { Bigint, Selected } from '#libs/postgres/bigint.ts'
import type { PageAsked } from '#libs/readmodel/page.ts'
import { beyond } from './numbers.ts'
import type { ChannelReads, MessageView, PastMessage } from './views.ts'

/** Messages of a channel in the order of their numbers: a page before a number, after one, or the last ones. */
export const messagePage = async (
  sql: Sql,
  channelId: string,
  { before, after, limit }: PageAsked,
): Promise<readonly MessageView[]> => {
  const columns = sql`
    command_id as "messageId", seq, at, subject::text as "authorId", name as "authorName", text,
    deleted_by is not null as deleted, entities, body`
  const rows = await (after === undefined
    ? sql<Selected<MessageView, 'seq' | 'at'>[]>`
        select ${columns} from readmodel.lane_events
        where channel_id = ${channelId} and seq < ${before ?? beyond} and type = 'MessagePosted' and not hidden
        order by seq desc limit ${limit}`
    : sql<Selected<MessageView, 'seq' | 'at'>[]>`
        select ${columns} from readmodel.lane_events
        where channel_id = ${channelId} and seq > ${after} and type = 'MessagePosted' and not hidden
        order by seq limit ${limit}`)
  const page = rows.map((row) => ({ ...row, seq: Number(row.seq), at: Number(row.at) }))
  return after === undefined ? page.reverse() : page
}

/** One message by its id, with the version that its ETag carries. */
export const messageById = async (
  sql: Sql,
  channelId: string,
  messageId: string,
): Promise<(MessageView & { readonly version: number }) | undefined> => {
  const [row] = await sql<Selected<MessageView & { readonly version: number }, 'seq' | 'at' | 'version'>[]>`
    select command_id as "messageId", seq, at, subject::text as "authorId", name as "authorName", text,
      deleted_by is not null as deleted, entities, body, n as version
    from readmodel.lane_events
    where command_id = ${messageId} and channel_id = ${channelId} and type = 'MessagePosted'`
  return row && { ...row, seq: Number(row.seq), at: Number(row.at), version: Number(row.version) }
}

/** What has been posted since, and is there and seen by everybody; the latest first. */
export const recentMessages: (sql: Sql) => ChannelReads['recent'] = (sql) => async (channelId, since, limit) => {
  const rows = await sql<{ messageId: string; seq: Bigint; authorId: string; text: string }[]>`
    select command_id as "messageId", seq, subject::text as "authorId", text
    from readmodel.lane_events
    where channel_id = ${channelId} and type = 'MessagePosted' and at >= ${since} and deleted_by is null
      and not hidden and text is not null
    order by seq desc limit ${limit}`
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }))
}

/** What a message said before each of its edits, and until when; the first first. */
export const editsOf: (sql: Sql) => ChannelReads['edits'] = (sql) => async (channelId, messageSeq) => {
  const rows = await sql<{ until: Bigint; text: string | null }[]>`
    select at as until, text from readmodel.message_edits
    where channel_id = ${channelId} and message_seq = ${messageSeq} order by edit_seq`
  return rows.map(({ until, text }) => ({ until: Number(until), text }))
}

/** A message that was edited later said then what stands with the first edit behind that number. */
export const messagesAsOf: (sql: Sql) => ChannelReads['messagesAsOf'] =
  (sql) =>
  async (channelId, member, { seq, limit }) => {
    const rows = await sql<Selected<PastMessage, 'seq' | 'at'>[]>`
      select command_id as "messageId", seq, at, coalesce(deleted_by <= ${seq}, false) as deleted, hidden,
        case when edited.edit_seq is null then lane.text else edited.text end as text
      from readmodel.lane_events as lane left join lateral (
        select edit_seq, text from readmodel.message_edits as edits
        where edits.channel_id = lane.channel_id and edits.message_seq = lane.seq and edit_seq > ${seq}
        order by edit_seq limit 1) as edited on true
      where lane.channel_id = ${channelId} and lane.subject = ${member} and lane.seq <= ${seq}
        and lane.type = 'MessagePosted'
      order by lane.seq desc limit ${limit}`
    return rows.map((row) => ({ ...row, seq: Number(row.seq), at: Number(row.at) }))
  }
