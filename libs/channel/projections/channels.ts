import type { TransactionSql } from 'postgres'
import { codecs } from '#libs/contracts/codecs.ts'
import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { erasedTable, openerFor, type ReaderKeys, vacuumedSoon, whenErased } from '#libs/readmodel/erased.ts'
import { eventsIn, hasEvent } from '#libs/readmodel/events.ts'
import type { Projection } from '#libs/readmodel/projection.ts'
import { channelChanges } from './channel-changes.ts'
import type { ChannelChanges } from './channel-rows.ts'
import { laneTypes, unnumberedTypes } from './lane-row.ts'
import { changePolls, erasePolls, hashedPolls, pollTables } from './polls.ts'
import {
  changeAccepted,
  changeAddresses,
  changeFollowers,
  changeHeld,
  changeMarks,
  changeModes,
  changeTexts,
} from './standing.ts'
import { isLogTrimmed, logTrimSweep, logTrimTables, trimLog } from './trim.ts'

const tables = `
${erasedTable}
${pollTables}
${logTrimTables}
create table channels (
  channel_id bigint primary key,
  owner_id bigint not null,
  slug text,
  topic text,
  topic_actor bigint,
  slow_mode_seconds integer not null default 0,
  created_at bigint not null,
  settings_n bigint not null,
  roles_n bigint not null,
  pin_id text,
  pin_seq bigint,
  closed boolean not null default false,
  history_days integer,
  seq bigint not null,
  moderation_seq bigint not null default 0
) ${vacuumedSoon};
create index channels_topic_actor on channels (topic_actor) where topic_actor is not null;
create table roles (
  channel_id bigint not null,
  member_id bigint not null,
  role text not null,
  n bigint not null,
  primary key (channel_id, member_id)
);
create table timeouts (
  channel_id bigint not null,
  member_id bigint not null,
  until bigint not null,
  n bigint not null,
  primary key (channel_id, member_id)
);
create table modes (
  channel_id bigint not null,
  mode text not null,
  value bigint not null,
  actor bigint not null,
  since bigint not null,
  n bigint not null,
  primary key (channel_id, mode)
);
create table texts (
  channel_id bigint not null,
  kind text not null,
  text text,
  actor bigint not null,
  version bigint not null,
  n bigint not null,
  primary key (channel_id, kind)
) ${vacuumedSoon};
create index texts_actor on texts (actor) where text is not null;
create table accepted_rules (
  channel_id bigint not null,
  member_id bigint not null,
  version bigint not null,
  n bigint not null,
  primary key (channel_id, member_id)
);
create table followers (
  channel_id bigint not null,
  member_id bigint not null,
  since bigint not null,
  n bigint not null,
  primary key (channel_id, member_id)
);
create table marks (
  channel_id bigint not null,
  member_id bigint not null,
  mark text not null,
  until bigint,
  value bigint,
  actor bigint,
  reason text,
  origin text,
  addresses bigint not null default 0,
  since bigint not null,
  n bigint not null,
  primary key (channel_id, member_id, mark)
);
create index marks_actor on marks (actor) where reason is not null;
create table moderation_log (
  channel_id bigint not null,
  moderation_seq bigint not null,
  at bigint not null,
  command_id text not null,
  actor bigint not null,
  action text not null,
  member bigint,
  message_id text,
  reason text,
  duration_ms bigint,
  role text,
  mode text,
  value bigint,
  mark text,
  messages jsonb,
  undoes text,
  author_name text,
  text text,
  entities text,
  attachments jsonb,
  cause text,
  rule text,
  case_id text,
  label text,
  related jsonb,
  origin text,
  primary key (channel_id, moderation_seq)
) ${vacuumedSoon};
create index moderation_log_member on moderation_log (channel_id, member, moderation_seq) where member is not null;
create index moderation_log_actor_of on moderation_log (channel_id, actor, moderation_seq);
create index moderation_log_held on moderation_log (member) where text is not null;
create index moderation_log_held_in on moderation_log (channel_id, moderation_seq) where text is not null;
create table held (
  channel_id bigint not null,
  message_id text not null,
  moderation_seq bigint not null,
  author bigint not null,
  at bigint not null,
  n bigint not null,
  primary key (channel_id, message_id)
);
create index moderation_log_actor on moderation_log (actor) where reason is not null;
create index channels_owner on channels (owner_id);
create index moderation_log_of on moderation_log (member, channel_id, moderation_seq) where member is not null;
create index roles_member on roles (member_id, channel_id);
create index timeouts_member on timeouts (member_id, channel_id);
create index accepted_rules_member on accepted_rules (member_id, channel_id);
create index followers_member on followers (member_id, channel_id);
create index marks_member on marks (member_id, channel_id);
`

const erase = (sql: TransactionSql, keys: ReaderKeys, outcomes: readonly OutcomeRecord[]): Promise<void> =>
  whenErased(sql, keys, outcomes, async (gone) => {
    await sql`update channels set topic = null where topic_actor in ${gone}`
    await sql`update moderation_log set reason = null where actor in ${gone} and reason is not null`
    await sql`
      update moderation_log set author_name = null, text = null, entities = null
      where member in ${gone} and text is not null`
    await sql`update texts set text = null where actor in ${gone} and text is not null`
    await sql`update marks set reason = null where actor in ${gone} and reason is not null`
    await erasePolls(sql, gone)
  })

const insertCreated = (sql: TransactionSql, { created }: ChannelChanges) => sql`
  insert into channels (channel_id, owner_id, slug, created_at, settings_n, roles_n, seq)
  select channel_id, owner_id, slug, created_at, n, n, seq
  from jsonb_to_recordset(${sql.json([...created])}) as created (
    channel_id bigint, owner_id bigint, slug text, created_at bigint, n bigint, seq bigint)`

const updateChannels = (sql: TransactionSql, { patches }: ChannelChanges) => sql`
  update channels as channel set
    topic = case when patch.topic_given then patch.topic else channel.topic end,
    topic_actor = case when patch.topic_given then patch.topic_actor else channel.topic_actor end,
    slow_mode_seconds = coalesce(patch.slow_mode_seconds, channel.slow_mode_seconds),
    settings_n = coalesce(patch.settings_n, channel.settings_n),
    roles_n = coalesce(patch.roles_n, channel.roles_n),
    pin_id = case when patch.pin_given then patch.pin_id else channel.pin_id end,
    pin_seq = case when patch.pin_given then patch.pin_seq else channel.pin_seq end,
    closed = coalesce(patch.closed, channel.closed),
    history_days = case when patch.history_given then patch.history_days else channel.history_days end,
    owner_id = coalesce(patch.owner_id, channel.owner_id),
    slug = coalesce(patch.slug, channel.slug),
    seq = coalesce(patch.seq, channel.seq),
    moderation_seq = coalesce(patch.moderation_seq, channel.moderation_seq)
  from jsonb_to_recordset(${sql.json([...patches])}) as patch (
    channel_id bigint, topic_given boolean, topic text, topic_actor bigint, slow_mode_seconds integer,
    settings_n bigint, roles_n bigint, pin_given boolean, pin_id text, pin_seq bigint, closed boolean,
    history_given boolean, history_days integer, owner_id bigint, slug text, seq bigint,
    moderation_seq bigint)
  where channel.channel_id = patch.channel_id`

/** What members of channels have (a role, a timeout): the new value of each, null where it is gone. */
const changeMembers = async (
  sql: TransactionSql,
  table: 'roles' | 'timeouts',
  [column, type]: readonly ['role', 'text'] | readonly ['until', 'bigint'],
  changed: ChannelChanges['roles'] | ChannelChanges['timeouts'],
): Promise<void> => {
  if (changed.length === 0) return
  const [rows, of, value] = [sql.json([...changed]), sql(table), sql(column)]
  const given = sql`
    jsonb_to_recordset(${rows}) as given (channel_id bigint, member_id bigint, ${value} ${sql.unsafe(type)}, n bigint)`
  await sql`
    delete from ${of} using ${given}
    where given.${value} is null and ${of}.channel_id = given.channel_id and ${of}.member_id = given.member_id`
  await sql`
    insert into ${of} (channel_id, member_id, ${value}, n)
    select channel_id, member_id, ${value}, n from ${given} where ${value} is not null
    on conflict (channel_id, member_id) do update set ${value} = excluded.${value}, n = excluded.n`
}

const insertModeration = (sql: TransactionSql, { moderation }: ChannelChanges) => sql`
  insert into moderation_log (channel_id, moderation_seq, at, command_id, actor, action, member, message_id, reason,
    duration_ms, role, mode, value, mark, messages, undoes, author_name, text, entities, attachments, cause, rule,
    case_id, label, related, origin)
  select * from jsonb_to_recordset(${sql.json([...moderation])}) as logged (
    channel_id bigint, moderation_seq bigint, at bigint, command_id text, actor bigint, action text, member bigint,
    message_id text, reason text, duration_ms bigint, role text, mode text, value bigint, mark text,
    messages jsonb, undoes text, author_name text, text text, entities text, attachments jsonb, cause text, rule text,
    case_id text, label text, related jsonb, origin text)`

/** Of what is posted only the number counts here. */
const types = [...laneTypes, ...unnumberedTypes, 'ModerationLogged', 'MessageHeld'] as const

const isMessage = ({ type }: ChannelEvent): boolean => type === 'MessagePosted' || type === 'HeldMessageApproved'

/**
 * What a channel is like now: settings, roles, who is timed out, how far its lanes have come; and the log of its
 * moderators. Topics and reasons are opened here, and go when who wrote them is erased.
 */
export const channelsProjection = (keys: ReaderKeys): Projection => ({
  name: 'channels',
  version: 8,
  families: ['account', 'channel'],
  tables,
  hashed: [
    { table: 'channels', key: ['channel_id'] },
    { table: 'roles', key: ['channel_id', 'member_id'] },
    { table: 'timeouts', key: ['channel_id', 'member_id'] },
    { table: 'modes', key: ['channel_id', 'mode'] },
    { table: 'texts', key: ['channel_id', 'kind'] },
    { table: 'accepted_rules', key: ['channel_id', 'member_id'] },
    { table: 'followers', key: ['channel_id', 'member_id'] },
    { table: 'held', key: ['channel_id', 'message_id'] },
    { table: 'marks', key: ['channel_id', 'member_id', 'mark'] },
    { table: 'moderation_log', key: ['channel_id', 'moderation_seq'], unless: isLogTrimmed },
    { table: 'log_trimmed', key: ['channel_id'] },
    ...hashedPolls,
    { table: 'erased', key: ['account_id'] },
  ],
  views: [
    'channels',
    'roles',
    'timeouts',
    'modes',
    'texts',
    'accepted_rules',
    'followers',
    'marks',
    'held',
    'moderation_log',
    'polls',
    'votes',
  ],
  concerns: hasEvent(['AccountErased', 'HistoryTrimmed'], types),
  sweep: logTrimSweep,
  apply: async (sql, family, outcomes) => {
    if (family === 'account') return erase(sql, keys, outcomes)
    const happened = eventsIn(codecs.channel, outcomes, types)
    if (happened.length === 0) return
    const subjects = happened.flatMap(({ event }) => (isMessage(event) ? [] : codecs.channel.subjectsOf(event)))
    const open = await openerFor(sql, keys, new Set(subjects))
    const unopened = () => undefined
    const opened = happened.map(({ record, eventId, event }) => ({
      record,
      event: codecs.channel.openEvent(event, eventId, isMessage(event) ? unopened : open),
    }))
    const changes = channelChanges(opened)
    if (changes.created.length > 0) await insertCreated(sql, changes)
    await updateChannels(sql, changes)
    await changeMembers(sql, 'roles', ['role', 'text'], changes.roles)
    await changeMembers(sql, 'timeouts', ['until', 'bigint'], changes.timeouts)
    await changeModes(sql, changes.modes)
    await changeTexts(sql, changes.texts)
    await changeAccepted(sql, changes.accepted)
    await changeFollowers(sql, changes.followers)
    await changeMarks(sql, changes.marks)
    await changeAddresses(sql, changes.addresses)
    await changeHeld(sql, changes.held)
    await changePolls(sql, opened)
    if (changes.moderation.length > 0) await insertModeration(sql, changes)
    await trimLog(sql, outcomes)
  },
})
