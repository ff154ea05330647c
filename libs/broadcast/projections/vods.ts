import type { TransactionSql } from 'postgres'
import { codecs } from '#libs/contracts/codecs.ts'
import type { Open } from '#libs/contracts/sealed.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { erasedTable, openerFor, type ReaderKeys, vacuumedSoon, whenErased } from '#libs/readmodel/erased.ts'
import { eventsIn, type Happened, hasEvent, storable } from '#libs/readmodel/events.ts'
import type { Projection } from '#libs/readmodel/projection.ts'
import type { BroadcastEvent, BroadcastEventOf } from '../events.ts'

const tables = `
${erasedTable}
create table vods (
  vod_id text primary key,
  channel_id bigint not null,
  visibility text not null,
  audience text not null,
  started_at bigint not null,
  ended_at bigint,
  finished boolean not null default false,
  sealed boolean not null default false,
  stopped_by text,
  segments bigint not null default 0,
  bytes bigint not null default 0,
  duration_ms bigint not null default 0,
  lost_ms bigint not null default 0,
  title text,
  title_actor bigint
) ${vacuumedSoon};
create index vods_of on vods (channel_id, vod_id);
create index vods_title_actor on vods (title_actor) where title is not null;
create table vod_takes (
  vod_id text not null,
  take text not null,
  segments bigint not null,
  bytes bigint not null,
  duration_ms bigint not null,
  lost_ms bigint not null,
  primary key (vod_id, take)
);
create table vod_chapters (
  vod_id text not null,
  at bigint not null,
  field text not null,
  text text,
  actor bigint not null,
  primary key (vod_id, at, field)
) ${vacuumedSoon};
create index vod_chapters_actor on vod_chapters (actor) where text is not null;
create table said_of_channels (
  channel_id bigint not null,
  field text not null,
  text text,
  actor bigint not null,
  primary key (channel_id, field)
) ${vacuumedSoon};
create index said_of_channels_actor on said_of_channels (actor) where text is not null;
create table clips (
  clip_id text primary key,
  channel_id bigint not null,
  vod_id text not null,
  audience text not null,
  creator bigint not null,
  from_ms bigint not null,
  to_ms bigint not null,
  requested_at bigint not null,
  state text not null,
  problem text,
  bytes bigint not null default 0,
  duration_ms bigint not null default 0,
  title text
) ${vacuumedSoon};
create index clips_of on clips (channel_id, clip_id);
create index clips_creator on clips (creator) where title is not null;
create table recording_settings (
  channel_id bigint primary key,
  is_on boolean not null,
  retention_days bigint not null,
  clip_retention_days bigint not null,
  quota_bytes bigint,
  n bigint not null
);
`

const types = [
  'RecordingStarted',
  'RecordingReported',
  'RecordingStopped',
  'BroadcastEnded',
  'RecordingFinished',
  'RecordingSealed',
  'RecordingsChanged',
  'BroadcastInfoChanged',
  'VodChanged',
  'VodDeleted',
  'ClipRequested',
  'ClipMade',
  'ClipFailed',
  'ClipDeleted',
  'ClipExpired',
] as const satisfies readonly BroadcastEvent['type'][]

type Told = Happened<BroadcastEventOf<(typeof types)[number]>>
type Of<Type extends BroadcastEvent['type']> = Happened<BroadcastEventOf<Type>>

/** What chapters are made of. */
const chapterFields = ['title', 'category'] as const

/** Recordings of the channel of an erased person go, as their media does; of what they wrote elsewhere the text. */
const erase = (sql: TransactionSql, keys: ReaderKeys, outcomes: readonly OutcomeRecord[]): Promise<void> =>
  whenErased(sql, keys, outcomes, async (gone) => {
    await sql`delete from vod_takes where vod_id in (select vod_id from vods where channel_id in ${gone})`
    await sql`delete from vod_chapters where vod_id in (select vod_id from vods where channel_id in ${gone})`
    await sql`delete from vods where channel_id in ${gone}`
    await sql`delete from clips where channel_id in ${gone}`
    await sql`update vods set title = null where title_actor in ${gone} and title is not null`
    await sql`update vod_chapters set text = null where actor in ${gone} and text is not null`
    await sql`update said_of_channels set text = null where actor in ${gone} and text is not null`
    await sql`update clips set title = null where creator in ${gone} and title is not null`
  })

const remove = async (sql: TransactionSql, vodId: string): Promise<void> => {
  await sql`delete from vod_takes where vod_id = ${vodId}`
  await sql`delete from vod_chapters where vod_id = ${vodId}`
  await sql`delete from vods where vod_id = ${vodId}`
}

/** It begins with what its channel says of its broadcasts. */
const started = async (sql: TransactionSql, { record, event }: Of<'RecordingStarted'>): Promise<void> => {
  const { broadcastId, visibility, audience } = event
  await sql`
    insert into vods (vod_id, channel_id, visibility, audience, started_at)
    select ${broadcastId}, ${record.key}, ${visibility}, ${audience}, ${record.at}
    where not exists (select from erased where account_id = ${record.key})`
  await sql`
    insert into vod_chapters (vod_id, at, field, text, actor)
    select ${broadcastId}, ${record.at}, field, text, actor from said_of_channels
    where channel_id = ${record.key} and text is not null
      and exists (select from vods where vod_id = ${broadcastId})`
}

/** The sums of a take replace those that it told before. */
const reported = async (sql: TransactionSql, { event }: Of<'RecordingReported'>): Promise<void> => {
  const { broadcastId, take, segments, bytes, durationMs, lostMs } = event
  await sql`
    insert into vod_takes (vod_id, take, segments, bytes, duration_ms, lost_ms)
    select ${broadcastId}, ${take}, ${segments}, ${bytes}, ${durationMs}, ${lostMs}
    where exists (select from vods where vod_id = ${broadcastId})
    on conflict (vod_id, take) do update set
      segments = excluded.segments, bytes = excluded.bytes, duration_ms = excluded.duration_ms,
      lost_ms = excluded.lost_ms`
  await sql`
    update vods set (segments, bytes, duration_ms, lost_ms) = (
      select sum(segments), sum(bytes), sum(duration_ms), sum(lost_ms) from vod_takes where vod_id = ${broadcastId})
    where vod_id = ${broadcastId}`
}

const infoChanged = async (
  sql: TransactionSql,
  { record, eventId, event }: Of<'BroadcastInfoChanged'>,
  open: Open,
): Promise<void> => {
  const { actor, broadcastId } = event
  for (const field of chapterFields) {
    const sealed = event[field]
    if (sealed === null) continue
    const text = storable(open(actor, eventId, field, sealed)) || null
    await sql`
      insert into said_of_channels (channel_id, field, text, actor) values (${record.key}, ${field}, ${text}, ${actor})
      on conflict (channel_id, field) do update set text = excluded.text, actor = excluded.actor`
    await sql`
      insert into vod_chapters (vod_id, at, field, text, actor)
      select vod_id, ${record.at}, ${field}, ${text}, ${actor} from vods where vod_id = ${broadcastId}
      on conflict (vod_id, at, field) do update set text = excluded.text, actor = excluded.actor`
  }
  // Whom an open broadcast is for, its recording is for, too.
  await sql`
    update vods set visibility = coalesce(${event.visibility}, visibility), audience = coalesce(${event.audience}, audience)
    where vod_id = ${broadcastId}`
}

const vodChanged = async (sql: TransactionSql, { eventId, event }: Of<'VodChanged'>, open: Open): Promise<void> => {
  const { vodId, actor, title: sealed, visibility, audience } = event
  if (sealed !== null)
    await sql`
      update vods set title = ${storable(open(actor, eventId, 'title', sealed))}, title_actor = ${actor}
      where vod_id = ${vodId}`
  await sql`
    update vods set visibility = coalesce(${visibility}, visibility), audience = coalesce(${audience}, audience)
    where vod_id = ${vodId}`
  await sql`update clips set audience = coalesce(${audience}, audience) where vod_id = ${vodId}`
}

const clipRequested = async (
  sql: TransactionSql,
  { record, eventId, event }: Of<'ClipRequested'>,
  open: Open,
): Promise<void> => {
  const { clipId, vodId, actor, fromMs, toMs, title } = event
  await sql`delete from clips where clip_id = ${clipId}`
  await sql`
    insert into clips (clip_id, channel_id, vod_id, audience, creator, from_ms, to_ms, requested_at, state, title)
    select ${clipId}, ${record.key}, ${vodId},
      coalesce((select audience from vods where vod_id = ${vodId}), 'private'), ${actor}, ${fromMs}, ${toMs}, ${record.at}, 'making',
      ${storable(open(actor, eventId, 'title', title))}
    where not exists (select from erased where account_id = ${record.key})`
}

const apply = async (sql: TransactionSql, happened: Told, open: Open): Promise<void> => {
  const { record, event } = happened
  switch (event.type) {
    case 'RecordingStarted':
      return started(sql, { ...happened, event })
    case 'RecordingReported':
      return reported(sql, { ...happened, event })
    case 'RecordingStopped':
      await sql`update vods set stopped_by = ${event.reason} where vod_id = ${event.broadcastId}`
      return
    case 'BroadcastEnded':
      await sql`update vods set ended_at = ${record.at} where vod_id = ${event.broadcastId}`
      return
    case 'RecordingFinished':
      await sql`update vods set finished = true where vod_id = ${event.broadcastId}`
      return
    case 'RecordingSealed': {
      const { broadcastId, segments, bytes, durationMs } = event
      if (segments === 0) return remove(sql, broadcastId)
      await sql`
        update vods set sealed = true, segments = ${segments}, bytes = ${bytes}, duration_ms = ${durationMs}
        where vod_id = ${broadcastId}`
      return
    }
    case 'RecordingsChanged': {
      const { isOn, retentionDays, clipRetentionDays, quotaBytes } = event
      await sql`
        insert into recording_settings (channel_id, is_on, retention_days, clip_retention_days, quota_bytes, n)
        values (${record.key}, ${isOn}, ${retentionDays}, ${clipRetentionDays}, ${quotaBytes}, ${record.n})
        on conflict (channel_id) do update set is_on = excluded.is_on, retention_days = excluded.retention_days,
          clip_retention_days = excluded.clip_retention_days, quota_bytes = excluded.quota_bytes, n = excluded.n`
      return
    }
    case 'BroadcastInfoChanged':
      return infoChanged(sql, { ...happened, event }, open)
    case 'VodChanged':
      return vodChanged(sql, { ...happened, event }, open)
    case 'VodDeleted':
      return remove(sql, event.vodId)
    case 'ClipRequested':
      return clipRequested(sql, { ...happened, event }, open)
    case 'ClipMade':
      await sql`
        update clips set state = 'made', bytes = ${event.bytes}, duration_ms = ${event.durationMs}
        where clip_id = ${event.clipId}`
      return
    case 'ClipFailed':
      await sql`update clips set state = 'failed', problem = ${event.problem} where clip_id = ${event.clipId}`
      return
    case 'ClipDeleted':
    case 'ClipExpired':
      await sql`delete from clips where clip_id = ${event.clipId}`
  }
}

/**
 * Recordings with what was said of them while they were made, clips, and what channels want kept. Texts are opened here,
 * and go when who wrote them is erased.
 */
export const vodsProjection = (keys: ReaderKeys): Projection => ({
  name: 'vods',
  version: 2,
  families: ['account', 'broadcast'],
  tables,
  hashed: [
    { table: 'vods', key: ['vod_id'] },
    { table: 'vod_takes', key: ['vod_id', 'take'] },
    { table: 'vod_chapters', key: ['vod_id', 'at', 'field'] },
    { table: 'said_of_channels', key: ['channel_id', 'field'] },
    { table: 'clips', key: ['clip_id'] },
    { table: 'recording_settings', key: ['channel_id'] },
    { table: 'erased', key: ['account_id'] },
  ],
  views: ['vods', 'vod_chapters', 'clips', 'recording_settings'],
  concerns: hasEvent(['AccountErased'], types),
  apply: async (sql, family, outcomes) => {
    if (family === 'account') return erase(sql, keys, outcomes)
    const told = eventsIn(codecs.broadcast, outcomes, types)
    if (told.length === 0) return
    // Whether a channel is that of an erased person is looked at too, so the table of them is always held.
    await sql`lock table erased in share mode`
    const open = await openerFor(sql, keys, new Set(told.flatMap(({ event }) => codecs.broadcast.subjectsOf(event))))
    for (const one of told) await apply(sql, one, open)
  },
})
