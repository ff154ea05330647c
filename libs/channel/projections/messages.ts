import type { TransactionSql } from 'postgres'
import { codecs } from '#libs/contracts/codecs.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { erasedTable, openerFor, type ReaderKeys, vacuumedSoon, whenErased } from '#libs/readmodel/erased.ts'
import { eventsIn, type Happened, hasEvent, storable } from '#libs/readmodel/events.ts'
import type { Projection } from '#libs/readmodel/projection.ts'
import { clearedBy, clearsTables, hashedClears, isClear, noteClear } from './clears.ts'
import { type LaneEvent, laneRow, laneTypes } from './lane-row.ts'
import { isTrimmed, type TrimmedTable, trimRows, trimSweep, trimTables } from './trim.ts'

const lanes = { table: 'lane_rows', author: 'subject' }

const tables = `
${erasedTable}
${trimTables}
${clearsTables}
create table lane_rows (
  channel_id bigint not null,
  seq bigint not null,
  type text not null,
  command_id text not null,
  at bigint not null,
  n bigint not null,
  subject bigint,
  name text,
  text text,
  entities text,
  body jsonb,
  deleted_by bigint,
  hidden boolean not null default false,
  primary key (channel_id, seq)
) ${vacuumedSoon};
create table message_edits (
  channel_id bigint not null,
  edit_seq bigint not null,
  message_seq bigint not null,
  author bigint not null,
  at bigint not null,
  text text,
  entities text,
  primary key (channel_id, edit_seq)
) ${vacuumedSoon};
create index message_edits_message on message_edits (channel_id, message_seq);
create index message_edits_author on message_edits (author) where text is not null;
create index lane_rows_message on lane_rows (command_id) where type = 'MessagePosted';
create index lane_rows_subject on lane_rows (subject, channel_id, seq) where subject is not null;
create view lane_events as
select channel_id, seq, type, command_id, at, subject, name, text, entities, body, hidden,
  case when type = 'MessagePosted' and deleted_by is null then coalesce(${clearedBy('n', lanes)}, n) else n end as n,
  case when type = 'MessagePosted' and deleted_by is null then ${clearedBy('seq', lanes)} else deleted_by end
    as deleted_by
from lane_rows;
`

const erase = (sql: TransactionSql, keys: ReaderKeys, outcomes: readonly OutcomeRecord[]): Promise<void> =>
  whenErased(sql, keys, outcomes, async (gone) => {
    await sql`update lane_rows set name = null, text = null, entities = null where subject in ${gone}`
    await sql`update message_edits set text = null, entities = null where author in ${gone} and text is not null`
  })

type OpenedLane = { readonly record: OutcomeRecord; readonly event: Opened<LaneEvent> }

/** One after another: a message says what its last edit says, and what it said before is kept for the moderators. */
const editMessages = async (sql: TransactionSql, happened: readonly OpenedLane[]): Promise<void> => {
  for (const { record, event } of happened) {
    if (event.type !== 'MessageEdited') continue
    const { key, at, n } = record
    const { seq, messageSeq, text, entities } = event
    await sql`
      insert into message_edits (channel_id, edit_seq, message_seq, author, at, text, entities)
      select channel_id, ${seq}, seq, subject, ${at}, text, entities from lane_rows
      where channel_id = ${key} and seq = ${messageSeq} and type = 'MessagePosted'`
    await sql`
      update lane_rows set text = ${storable(text)}, entities = ${storable(entities)}, n = ${n},
        body = coalesce(body, '{}') || ${sql.json({ editedAt: at, editedSeq: seq })}
      where channel_id = ${key} and seq = ${messageSeq} and type = 'MessagePosted'`
  }
}

const insertLane = async (sql: TransactionSql, keys: ReaderKeys, happened: readonly Happened<LaneEvent>[]) => {
  const subjects = new Set(happened.flatMap(({ event }) => codecs.channel.subjectsOf(event)))
  const open = await openerFor(sql, keys, subjects)
  const opened = happened.map(({ record, eventId, event }) => ({
    record,
    event: codecs.channel.openEvent(event, eventId, open) as Opened<LaneEvent>,
  }))
  const rows = opened.map(({ record, event }) => laneRow(record, event))
  await sql`
    insert into lane_rows (channel_id, seq, type, command_id, at, n, hidden, subject, name, text, entities, body)
    select * from jsonb_to_recordset(${sql.json(rows)}) as event (
      channel_id bigint, seq bigint, type text, command_id text, at bigint, n bigint, hidden boolean, subject bigint,
      name text, text text, entities text, body jsonb)`
  await editMessages(sql, opened)
}

type Deletion = Extract<LaneEvent, { readonly type: 'MessageDeleted' | 'MessagesDeleted' | 'MessagesRestored' }>

const isDeletion = (each: Happened<LaneEvent>): each is Happened<Deletion> =>
  each.event.type === 'MessageDeleted' ||
  each.event.type === 'MessagesDeleted' ||
  each.event.type === 'MessagesRestored'

/** Messages by their numbers: deleted, or there again. */
const markNumbers = (
  sql: TransactionSql,
  { record, event }: Happened<Deletion>,
  numbers: readonly number[],
  deletedBy: number | null,
) => sql`
  update lane_rows set deleted_by = ${deletedBy}, n = ${record.n}
  where channel_id = ${record.key} and type = 'MessagePosted' and seq < ${event.seq}
    and seq in (select jsonb_array_elements_text(${sql.json([...numbers])})::bigint)`

/** After the messages themselves are there, and one after another: a message and its deletion may come in one batch. */
const markDeleted = async (sql: TransactionSql, happened: readonly Happened<LaneEvent>[]): Promise<void> => {
  for (const each of happened.filter(isDeletion)) {
    const { event } = each
    if (isClear(event)) await noteClear(sql, each.record, event)
    else if (event.type === 'MessageDeleted') await markNumbers(sql, each, [event.messageSeq], event.seq)
    else if (event.type === 'MessagesRestored') await markNumbers(sql, each, event.messageSeqs, null)
    else await markNumbers(sql, each, event.messageSeqs ?? [], event.seq)
  }
}

/** Earlier texts of messages that were edited go with them. */
const lane: TrimmedTable = {
  table: 'lane_rows',
  also: (sql, channelId, upTo) => sql`
    delete from message_edits where channel_id = ${channelId} and message_seq <= ${upTo}`,
}

/**
 * Every event of every channel's public lane by its number, so that history is paged and a resume older than an edge's
 * ring is answered without a hole. Texts are opened here; they and the names beside them go when their author is erased.
 */
export const messagesProjection = (keys: ReaderKeys): Projection => ({
  name: 'messages',
  version: 6,
  families: ['account', 'channel'],
  tables,
  hashed: [
    { table: 'lane_rows', key: ['channel_id', 'seq'], unless: isTrimmed() },
    { table: 'message_edits', key: ['channel_id', 'edit_seq'], unless: isTrimmed('message_seq') },
    ...hashedClears,
    { table: 'trimmed', key: ['channel_id'] },
    { table: 'erased', key: ['account_id'] },
  ],
  views: ['lane_events', 'message_edits', 'trimmed'],
  concerns: hasEvent(['AccountErased', 'HistoryTrimmed'], laneTypes),
  sweep: trimSweep(lane),
  apply: async (sql, family, outcomes) => {
    if (family === 'account') return erase(sql, keys, outcomes)
    const happened: readonly Happened<LaneEvent>[] = eventsIn(codecs.channel, outcomes, laneTypes)
    if (happened.length > 0) {
      await insertLane(sql, keys, happened)
      await markDeleted(sql, happened)
    }
    await trimRows(sql, lane, outcomes)
  },
})
