import type { Sql } from 'postgres'
import type { Bigint } from '#libs/postgres/bigint.ts'
import type { BroadcastInfo, BroadcastReads, BroadcastView, ListedKey, Source } from './http/edge.ts'

/** Players that are behind still find the end of a broadcast for so long. */
export const reachableAfterMs = 60_000

type Texts = Partial<Record<'title' | 'category' | 'tags', string | null>>

/** What somebody said of it, as far as they are there. */
const textsOf = (sql: Sql, about: 'broadcast_id' | 'channel_id') => sql`
  coalesce((
    select jsonb_object_agg(field, text) from readmodel.broadcast_texts
    where broadcast_texts.about = of.${sql(about)}::text), '{}') as texts`

const spoken = ({ title, category, tags }: Texts): Pick<BroadcastInfo, 'title' | 'category' | 'tags'> => ({
  title: title ?? null,
  category: category ?? null,
  tags: tags ? tags.split(',') : [],
})

type Row = Omit<BroadcastView, 'startedAt' | 'endedAt' | 'title' | 'category' | 'tags'> & {
  readonly startedAt: Bigint
  readonly endedAt: Bigint | null
  readonly texts: Texts
}

const columns = (sql: Sql) => sql`
  broadcast_id as "broadcastId", channel_id::text as "channelId", state, started_at as "startedAt",
  ended_at as "endedAt", ended_reason as "endedReason", warnings, language, visibility, audience,
  ${textsOf(sql, 'broadcast_id')}`

const viewOf = ({ texts, startedAt, endedAt, ...row }: Row): BroadcastView => ({
  ...row,
  ...spoken(texts),
  startedAt: Number(startedAt),
  endedAt: endedAt === null ? null : Number(endedAt),
})

const openOf: (sql: Sql) => BroadcastReads['open'] = (sql) => async (channelId) => {
  const [row] = await sql<Row[]>`
    select ${columns(sql)} from readmodel.broadcasts as of
    where channel_id = ${channelId} and state <> 'ended' order by started_at desc limit 1`
  return row && viewOf(row)
}

const listOf: (sql: Sql) => BroadcastReads['list'] =
  (sql) =>
  async ({ live, channelId, language, before, limit }) => {
    const rows = await sql<Row[]>`
      select ${columns(sql)} from readmodel.broadcasts as of
      where visibility = 'public' and ${live ? sql`state <> 'ended'` : sql`state = 'ended'`}
        ${channelId === undefined ? sql`` : sql`and channel_id = ${channelId}`}
        ${language === undefined ? sql`` : sql`and language = ${language}`}
        ${before === undefined ? sql`` : sql`and broadcast_id < ${before}`}
      order by broadcast_id desc limit ${limit}`
    return rows.map(viewOf)
  }

const infoOf: (sql: Sql) => BroadcastReads['info'] = (sql) => async (channelId) => {
  const [row] = await sql<(Omit<BroadcastInfo, 'title' | 'category' | 'tags'> & { readonly texts: Texts })[]>`
    select language, visibility, audience, ${textsOf(sql, 'channel_id')}
    from readmodel.broadcast_info as of where channel_id = ${channelId}`
  if (!row) return { ...spoken({}), language: null, visibility: 'public', audience: 'everybody' }
  const { texts, ...rest } = row
  return { ...spoken(texts), ...rest }
}

type KeyRow = Omit<ListedKey, 'issuedAt' | 'expiresAt' | 'usedAt'> &
  Readonly<Record<'issuedAt', Bigint>> &
  Readonly<Record<'expiresAt' | 'usedAt', Bigint | null>>

const keysOf: (sql: Sql) => BroadcastReads['streamKeys'] = (sql) => async (channelId) => {
  const rows = await sql<KeyRow[]>`
    select key_id as "keyId", actor::text as "issuedBy", issued_at as "issuedAt", expires_at as "expiresAt",
      used_at as "usedAt", purpose, (
        select text from readmodel.broadcast_texts where about = key_id and field = 'label') as label
    from readmodel.stream_keys where channel_id = ${channelId} order by issued_at, key_id`
  return rows.map(({ issuedAt, expiresAt, usedAt, ...row }) => ({
    ...row,
    issuedAt: Number(issuedAt),
    expiresAt: expiresAt === null ? null : Number(expiresAt),
    usedAt: usedAt === null ? null : Number(usedAt),
  }))
}

/** Where the media of a channel's broadcast are, of one that has just ended too. */
const sourceOf: (sql: Sql) => BroadcastReads['source'] = (sql) => async (channelId) => {
  const [row] = await sql<Source[]>`
    select broadcast_id as "broadcastId", origin, audience from readmodel.broadcasts
    where channel_id = ${channelId} and (state <> 'ended' or ended_at > ${Date.now() - reachableAfterMs})
    order by started_at desc limit 1`
  return row
}

/** Whose a channel is, and whether they may broadcast. */
export type Owner = { readonly ownerId: string; readonly isClosed: boolean; readonly isBarred: boolean }

/** Asked before an encoder is let in; undefined of a channel that the read models do not have yet. */
export const ownerOf = async (sql: Sql, channelId: string, now: number): Promise<Owner | undefined> => {
  const [row] = await sql<Owner[]>`
    select owner_id::text as "ownerId", closed as "isClosed", exists (
      select from readmodel.barred_owners as barred
      where barred.account_id = channels.owner_id and (until is null or until > ${now})) as "isBarred"
    from readmodel.channels where channel_id = ${channelId}`
  return row
}

/** The read model of broadcasts, as the routes ask it. */
export const broadcastReads = (sql: Sql): BroadcastReads => ({
  open: openOf(sql),
  list: listOf(sql),
  info: infoOf(sql),
  streamKeys: keysOf(sql),
  source: sourceOf(sql),
})
