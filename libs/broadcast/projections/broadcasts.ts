import type { TransactionSql } from 'postgres'
import { codecs } from '#libs/contracts/codecs.ts'
import type { BroadcastEvent } from '#libs/contracts/generated/broadcast.ts'
import type { Open } from '#libs/contracts/sealed.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { erasedTable, openerFor, type ReaderKeys, vacuumedSoon, whenErased } from '#libs/readmodel/erased.ts'
import { eventsIn, type Happened, hasEvent, storable } from '#libs/readmodel/events.ts'
import type { Projection } from '#libs/readmodel/projection.ts'

const tables = `
${erasedTable}
create table broadcasts (
  broadcast_id text primary key,
  channel_id bigint not null,
  state text not null,
  started_at bigint not null,
  ended_at bigint,
  ended_reason text,
  key_id text not null,
  origin text not null,
  warnings jsonb not null default '{}',
  language text,
  visibility text not null,
  audience text not null
);
create index broadcasts_open on broadcasts (channel_id) where state <> 'ended';
create index broadcasts_listed on broadcasts (started_at) where visibility = 'public';
create index broadcasts_of on broadcasts (channel_id, started_at);
create table broadcast_info (
  channel_id bigint primary key,
  language text,
  visibility text not null,
  audience text not null
);
create table broadcast_texts (
  about text not null,
  field text not null,
  text text,
  actor bigint not null,
  primary key (about, field)
) ${vacuumedSoon};
create index broadcast_texts_actor on broadcast_texts (actor) where text is not null;
create table stream_keys (
  key_id text primary key,
  channel_id bigint not null,
  actor bigint not null,
  issued_at bigint not null,
  purpose text not null,
  expires_at bigint,
  used_at bigint
);
create index stream_keys_of on stream_keys (channel_id, issued_at);
create table barred_owners (
  account_id bigint primary key,
  until bigint
);
`

const accountTypes = ['AccountSuspended', 'AccountRestored', 'AccountErased'] as const

const types = [
  'StreamKeyIssued',
  'StreamKeyRevoked',
  'EncoderAdmitted',
  'EncoderTested',
  'BroadcastStarted',
  'BroadcastResumed',
  'BroadcastInterrupted',
  'BroadcastEnded',
  'BroadcastInfoChanged',
  'WarningAppeared',
  'WarningCleared',
] as const satisfies readonly BroadcastEvent['type'][]

type Told = Happened<Extract<BroadcastEvent, { type: (typeof types)[number] }>>
type InfoChanged = Extract<BroadcastEvent, { type: 'BroadcastInfoChanged' }>

const textFields = ['title', 'category', 'tags'] as const

const erase = (sql: TransactionSql, keys: ReaderKeys, outcomes: readonly OutcomeRecord[]): Promise<void> =>
  whenErased(sql, keys, outcomes, async (gone) => {
    await sql`update broadcast_texts set text = null where actor in ${gone} and text is not null`
  })

/** Whoever is suspended does not broadcast either; without `until` for good. */
const bar = async (sql: TransactionSql, outcomes: readonly OutcomeRecord[]): Promise<void> => {
  for (const { event } of eventsIn(codecs.account, outcomes, accountTypes))
    if (event.type === 'AccountSuspended')
      await sql`
        insert into barred_owners (account_id, until) values (${event.accountId}, ${event.until})
        on conflict (account_id) do update set until = excluded.until`
    else await sql`delete from barred_owners where account_id = ${event.accountId}`
}

/** What is null stays as it was; what is empty was taken away. An open broadcast has what its channel has. */
const changeInfo = async (
  sql: TransactionSql,
  { record, eventId, event }: Happened<InfoChanged>,
  open: Open,
): Promise<void> => {
  const { actor, broadcastId, language, visibility, audience } = event
  await sql`
    insert into broadcast_info (channel_id, language, visibility, audience)
    values (${record.key}, nullif(${language}, ''), ${visibility ?? 'public'}, ${audience ?? 'everybody'})
    on conflict (channel_id) do update set
      language = nullif(coalesce(${language}, broadcast_info.language), ''),
      visibility = coalesce(${visibility}, broadcast_info.visibility),
      audience = coalesce(${audience}, broadcast_info.audience)`
  if (broadcastId !== null)
    await sql`
      update broadcasts set (language, visibility, audience) = (
        select language, visibility, audience from broadcast_info where channel_id = ${record.key})
      where broadcast_id = ${broadcastId}`
  for (const field of textFields) {
    const sealed = event[field]
    if (sealed === null) continue
    const text = storable(open(actor, eventId, field, sealed)) || null
    for (const about of broadcastId === null ? [record.key] : [record.key, broadcastId])
      await sql`
        insert into broadcast_texts (about, field, text, actor) values (${about}, ${field}, ${text}, ${actor})
        on conflict (about, field) do update set text = excluded.text, actor = excluded.actor`
  }
}

const started = async (
  sql: TransactionSql,
  { record, event }: Happened<Extract<BroadcastEvent, { type: 'BroadcastStarted' }>>,
): Promise<void> => {
  const { broadcastId, keyId, origin } = event
  await sql`
    insert into broadcasts (broadcast_id, channel_id, state, started_at, key_id, origin, language, visibility, audience)
    select ${broadcastId}, channel.id, 'live', ${record.at}, ${keyId}, ${origin}, language,
      coalesce(visibility, 'public'), coalesce(audience, 'everybody')
    from (select ${record.key}::bigint as id) as channel left join broadcast_info on channel_id = channel.id`
  await sql`
    insert into broadcast_texts (about, field, text, actor)
    select ${broadcastId}, field, text, actor from broadcast_texts where about = ${record.key}`
  await sql`update stream_keys set used_at = ${record.at} where key_id = ${keyId}`
}

const apply = async (sql: TransactionSql, happened: Told, open: Open): Promise<void> => {
  const { record, event } = happened
  switch (event.type) {
    case 'StreamKeyIssued': {
      const { keyId, actor, expiresAt, purpose, label } = event
      await sql`
        insert into stream_keys (key_id, channel_id, actor, issued_at, purpose, expires_at)
        values (${keyId}, ${record.key}, ${actor}, ${record.at}, ${purpose}, ${expiresAt})`
      if (label !== null)
        await sql`
          insert into broadcast_texts (about, field, text, actor)
          values (${keyId}, 'label', ${storable(open(actor, happened.eventId, 'label', label))}, ${actor})`
      return
    }
    case 'StreamKeyRevoked':
      await sql`delete from stream_keys where key_id = ${event.keyId}`
      await sql`delete from broadcast_texts where about = ${event.keyId}`
      return
    case 'EncoderAdmitted':
    case 'EncoderTested':
      await sql`update stream_keys set used_at = ${record.at} where key_id = ${event.keyId}`
      return
    case 'BroadcastStarted':
      return started(sql, { ...happened, event })
    case 'BroadcastResumed':
      await sql`
        update broadcasts set state = 'live', origin = ${event.origin} where broadcast_id = ${event.broadcastId}`
      await sql`
        update stream_keys set used_at = ${record.at}
        where key_id = (select key_id from broadcasts where broadcast_id = ${event.broadcastId})`
      return
    case 'BroadcastInterrupted':
      await sql`update broadcasts set state = 'interrupted' where broadcast_id = ${event.broadcastId}`
      return
    case 'BroadcastEnded':
      await sql`
        update broadcasts set state = 'ended', ended_at = ${record.at}, ended_reason = ${event.reason}, warnings = '{}'
        where broadcast_id = ${event.broadcastId}`
      return
    case 'BroadcastInfoChanged':
      return changeInfo(sql, { ...happened, event }, open)
    case 'WarningAppeared':
      await sql`
        update broadcasts set warnings = warnings || ${sql.json({ [event.warning]: event.value })}
        where broadcast_id = ${event.broadcastId}`
      return
    case 'WarningCleared':
      await sql`
        update broadcasts set warnings = warnings - ${event.warning}::text where broadcast_id = ${event.broadcastId}`
  }
}

/**
 * Broadcasts of all channels, what channels say of them, and stream keys without their secrets. Texts are opened here,
 * and go when who wrote them is erased; a broadcast keeps what it was called at its end.
 */
export const broadcastsProjection = (keys: ReaderKeys): Projection => ({
  name: 'broadcasts',
  version: 2,
  families: ['account', 'broadcast'],
  tables,
  hashed: [
    { table: 'broadcasts', key: ['broadcast_id'] },
    { table: 'broadcast_info', key: ['channel_id'] },
    { table: 'broadcast_texts', key: ['about', 'field'] },
    { table: 'stream_keys', key: ['key_id'] },
    { table: 'barred_owners', key: ['account_id'] },
    { table: 'erased', key: ['account_id'] },
  ],
  views: ['broadcasts', 'broadcast_info', 'broadcast_texts', 'stream_keys', 'barred_owners'],
  concerns: hasEvent(accountTypes, types),
  apply: async (sql, family, outcomes) => {
    if (family === 'account') {
      await bar(sql, outcomes)
      return erase(sql, keys, outcomes)
    }
    const told = eventsIn(codecs.broadcast, outcomes, types)
    if (told.length === 0) return
    const subjects = told.flatMap(({ event }) => codecs.broadcast.subjectsOf(event))
    const open = await openerFor(sql, keys, new Set(subjects))
    for (const one of told) await apply(sql, one, open)
  },
})
