import type { Sql } from 'postgres'
import type { BroadcastEventOf } from '../events.ts'
import type { Retention } from './retention-facts.ts'

type Started = BroadcastEventOf<'RecordingStarted'>

export type VodView = {
  readonly vodId: string
  readonly channelId: string
  readonly title: string | null
  readonly category: string | null
  readonly visibility: Started['visibility']
  readonly audience: Started['audience']
  readonly startedAt: number
  readonly endedAt: number | null
  /** Nothing is added any more. */
  readonly isFinished: boolean
  /** Why no more was recorded, though the broadcast went on. */
  readonly stoppedBy: string | null
  readonly bytes: number
  readonly durationMs: number
  readonly lostMs: number
}

/** What was said of a broadcast from some time on. */
export type ChapterView = { readonly at: number; readonly title: string | null; readonly category: string | null }

export type ClipView = {
  readonly clipId: string
  readonly channelId: string
  readonly vodId: string
  readonly creatorId: string
  readonly title: string | null
  readonly state: 'making' | 'made' | 'failed'
  readonly problem: string | null
  readonly fromMs: number
  readonly toMs: number
  readonly requestedAt: number
  readonly bytes: number
  readonly durationMs: number
  /** As that of its recording, while there is one. */
  readonly audience: Started['audience']
}

export type RecordingSettings = {
  readonly isOn: boolean
  readonly retentionDays: number
  readonly clipRetentionDays: number
  /** What is set for the channel; null: as the platform's settings have it. */
  readonly quotaBytes: number | null
  readonly usedBytes: number
}

export type VodsAsked = {
  readonly channelId: string
  /** Unlisted ones, too. */
  readonly all: boolean
  /** The id of a recording: only those before it. */
  readonly before?: string | undefined
  readonly limit: number
}

/** What the routes of recordings read; undefined where there is none. */
export type VodReads = {
  readonly vod: (vodId: string) => Promise<VodView | undefined>
  /** The latest first. */
  readonly vods: (asked: VodsAsked) => Promise<readonly VodView[]>
  /** In the order of their times. */
  readonly chapters: (vodId: string) => Promise<readonly ChapterView[]>
  readonly clip: (clipId: string) => Promise<ClipView | undefined>
  /** The latest first; of one recording where that is named. */
  readonly clips: (
    asked: Omit<VodsAsked, 'all'> & { readonly vodId?: string | undefined },
  ) => Promise<readonly ClipView[]>
  readonly settings: (channelId: string) => Promise<RecordingSettings>
}

/** Numbers of Postgres' bigint come as text; whiply's stay below 2^53. */
const number = (value: string): number => Number(value)

type Row = { readonly [Key in keyof VodView]: VodView[Key] extends number ? string : VodView[Key] }

const vodColumns = (sql: Sql) => sql`
  vod_id as "vodId", channel_id::text as "channelId", visibility, audience, started_at as "startedAt",
  ended_at as "endedAt", finished as "isFinished", stopped_by as "stoppedBy", bytes, duration_ms as "durationMs",
  lost_ms as "lostMs",
  coalesce(title, (
    select text from readmodel.vod_chapters where vod_chapters.vod_id = vods.vod_id and field = 'title'
    order by at desc limit 1)) as title,
  (select text from readmodel.vod_chapters where vod_chapters.vod_id = vods.vod_id and field = 'category'
    order by at desc limit 1) as category`

const vodOf = (row: Row): VodView => ({
  ...row,
  startedAt: number(row.startedAt),
  endedAt: row.endedAt === null ? null : Number(row.endedAt),
  bytes: number(row.bytes),
  durationMs: number(row.durationMs),
  lostMs: number(row.lostMs),
})

const chaptersOf = async (sql: Sql, vodId: string): Promise<readonly ChapterView[]> => {
  const rows = await sql<{ at: string; field: 'title' | 'category'; text: string | null }[]>`
    select at, field, text from readmodel.vod_chapters where vod_id = ${vodId} order by at, field`
  return rows.reduce<readonly ChapterView[]>((chapters, { at, field, text }) => {
    const last = chapters.at(-1)
    const isNew = last?.at !== Number(at)
    const chapter = { title: null, category: null, ...last, at: Number(at), [field]: text }
    return [...(isNew ? chapters : chapters.slice(0, -1)), chapter]
  }, [])
}

type ClipRow = { readonly [Key in keyof ClipView]: ClipView[Key] extends number ? string : ClipView[Key] }

const clipColumns = (sql: Sql) => sql`
  clip_id as "clipId", channel_id::text as "channelId", vod_id as "vodId", creator::text as "creatorId",
  title, state, problem, audience, from_ms as "fromMs", to_ms as "toMs", requested_at as "requestedAt", bytes,
  duration_ms as "durationMs"`

const clipOf = (row: ClipRow): ClipView => ({
  ...row,
  fromMs: number(row.fromMs),
  toMs: number(row.toMs),
  requestedAt: number(row.requestedAt),
  bytes: number(row.bytes),
  durationMs: number(row.durationMs),
})

const settingsOf = async (sql: Sql, channelId: string, unset: Retention): Promise<RecordingSettings> => {
  const [row] = await sql<
    {
      isOn: boolean | null
      retentionDays: string | null
      clipRetentionDays: string | null
      quotaBytes: string | null
      usedBytes: string
    }[]
  >`
    select is_on as "isOn", retention_days as "retentionDays", clip_retention_days as "clipRetentionDays",
      quota_bytes as "quotaBytes",
      (select coalesce(sum(bytes), 0) from readmodel.vods where channel_id = ${channelId})
      + (select coalesce(sum(bytes), 0) from readmodel.clips where channel_id = ${channelId}) as "usedBytes"
    from (select ${channelId}::bigint as channel_id) as channel left join readmodel.recording_settings using (channel_id)`
  return {
    isOn: row?.isOn ?? true,
    retentionDays: Number(row?.retentionDays ?? unset.retentionDays),
    clipRetentionDays: Number(row?.clipRetentionDays ?? unset.clipRetentionDays),
    quotaBytes: row?.quotaBytes ? Number(row.quotaBytes) : null,
    usedBytes: Number(row?.usedBytes ?? 0),
  }
}

const forGood: Retention = { retentionDays: 0, clipRetentionDays: 0 }

/** The read model of recordings, as the routes ask it. `unset` is how channels keep them of which nobody has said it. */
export const vodReads = (sql: Sql, unset: Retention = forGood): VodReads => ({
  vod: async (vodId) => {
    const [row] = await sql<Row[]>`select ${vodColumns(sql)} from readmodel.vods where vod_id = ${vodId}`
    return row && vodOf(row)
  },
  vods: async ({ channelId, all, before, limit }) => {
    const rows = await sql<Row[]>`
      select ${vodColumns(sql)} from readmodel.vods
      where channel_id = ${channelId} ${all ? sql`` : sql`and visibility = 'public' and segments > 0`}
        ${before === undefined ? sql`` : sql`and vod_id < ${before}`}
      order by vod_id desc limit ${limit}`
    return rows.map(vodOf)
  },
  chapters: (vodId) => chaptersOf(sql, vodId),
  clip: async (clipId) => {
    const [row] = await sql<ClipRow[]>`
      select ${clipColumns(sql)} from readmodel.clips where clip_id = ${clipId}`
    return row && clipOf(row)
  },
  clips: async ({ channelId, vodId, before, limit }) => {
    const rows = await sql<ClipRow[]>`
      select ${clipColumns(sql)} from readmodel.clips
      where channel_id = ${channelId} and state = 'made'
        ${vodId === undefined ? sql`` : sql`and vod_id = ${vodId}`}
        ${before === undefined ? sql`` : sql`and clip_id < ${before}`}
      order by clip_id desc limit ${limit}`
    return rows.map(clipOf)
  },
  settings: (channelId) => settingsOf(sql, channelId, unset),
})
