import type { TransactionSql } from 'postgres'
import { codecs } from '#libs/contracts/codecs.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { erasedTable, openerFor, type ReaderKeys, vacuumedSoon, whenErased } from '#libs/readmodel/erased.ts'
import { eventsIn, type Happened, hasEvent, storable } from '#libs/readmodel/events.ts'
import type { Projection } from '#libs/readmodel/projection.ts'
import { decodeEntities } from '../entities.ts'
import type { ChannelEventOf } from '../events.ts'
import { clearedBy, clearsTables, hashedClears, isClear, noteClear } from './clears.ts'
import { laneRow } from './lane-row.ts'
import { isTrimmed, trimRows, trimSweep, trimTables } from './trim.ts'

/**
 * Words are found by Postgres' full text search without a language's stems, parts of words by trigrams. Where the
 * extension for those may not be made, the index is left out, and whoever looks for parts of words waits a little longer.
 * Of a partial index Postgres does not take how often a word occurs: the statistics tell it when the last messages, rather
 * than all that have the word, are what to look through.
 */
const tables = `
${erasedTable}
${trimTables}
${clearsTables}
create table message_texts (
  channel_id bigint not null,
  seq bigint not null,
  at bigint not null,
  author bigint not null,
  text text,
  has jsonb not null,
  hidden boolean not null,
  deleted boolean not null default false,
  n bigint not null,
  primary key (channel_id, seq)
) ${vacuumedSoon};
create index message_texts_words on message_texts using gin (to_tsvector('simple', text)) with (fastupdate = off)
  where text is not null;
create statistics message_texts_said on (to_tsvector('simple', text)) from message_texts;
create index message_texts_author on message_texts (author, channel_id, seq);
create index message_texts_has on message_texts using gin (has jsonb_path_ops) with (fastupdate = off)
  where has <> '[]';
create index message_texts_deleted on message_texts (channel_id, seq) where deleted;
create view message_search as
select channel_id, seq, at, author, text, has, hidden, n, deleted as removed,
  deleted or ${clearedBy('seq', { table: 'message_texts', author: 'author' })} is not null as deleted
from message_texts;
do $$
begin
  create extension if not exists pg_trgm with schema public;
  create index message_texts_parts on message_texts using gin (text public.gin_trgm_ops) with (fastupdate = off)
    where text is not null;
exception when insufficient_privilege or undefined_file or undefined_object or feature_not_supported then
  raise notice 'parts of words are searched without an index: %', sqlerrm;
end
$$;
`

const types = [
  'MessagePosted',
  'HeldMessageApproved',
  'MessageEdited',
  'MessageDeleted',
  'MessagesDeleted',
  'MessagesRestored',
] as const

type Relevant = ChannelEventOf<(typeof types)[number]>
type OpenedEvent = { readonly record: OutcomeRecord; readonly event: Opened<Relevant> }

/** What stands in a message and how it was meant, by the words that a search asks with. */
const traitsOf = (entities: string | null, said: Readonly<Record<string, unknown>>): readonly string[] => {
  const kinds = new Set<string>(decodeEntities(entities).map(({ kind }) => kind))
  if (typeof said.form === 'string') kinds.add(said.form)
  if (said.replyTo) kinds.add('reply')
  return [...kinds].sort()
}

const insertPosted = async (sql: TransactionSql, happened: readonly OpenedEvent[]): Promise<void> => {
  const rows = happened.flatMap(({ record, event }) => {
    if (event.type !== 'MessagePosted' && event.type !== 'HeldMessageApproved') return []
    const { channel_id, seq, at, n, subject, text, entities, body, hidden } = laneRow(record, event)
    return [{ channel_id, seq, at, author: subject, text, has: traitsOf(entities, body ?? {}), hidden, n }]
  })
  if (rows.length === 0) return
  await sql`
    insert into message_texts (channel_id, seq, at, author, text, has, hidden, n)
    select channel_id, seq, at, author, text, has, hidden, n
    from jsonb_to_recordset(${sql.json(rows)}) as posted (
      channel_id bigint, seq bigint, at bigint, author bigint, text text, has jsonb, hidden boolean, n bigint)`
}

type Deletion = ChannelEventOf<'MessageDeleted' | 'MessagesDeleted' | 'MessagesRestored'>

const markDeleted = (sql: TransactionSql, { key, n }: OutcomeRecord, event: Deletion) => {
  const seqs = event.type === 'MessageDeleted' ? [event.messageSeq] : event.messageSeqs
  const deleted = event.type !== 'MessagesRestored'
  return sql`
    update message_texts set deleted = ${deleted}, n = ${n}
    where channel_id = ${key} and seq < ${event.seq} and deleted <> ${deleted}
      and seq in (select jsonb_array_elements_text(${sql.json([...(seqs ?? [])])})::bigint)`
}

/** How a message was meant, which stays when it is edited. */
const meant = ['reply', 'action', 'announcement']

/** One after another, behind the messages that they are about. */
const change = async (sql: TransactionSql, { record, event }: OpenedEvent): Promise<void> => {
  const { key, n } = record
  switch (event.type) {
    case 'MessageEdited':
      await sql`
        update message_texts set text = ${storable(event.text)}, n = ${n}, has = (
          select coalesce(jsonb_agg(trait order by trait), '[]')
          from (
            select jsonb_array_elements_text(has) as trait
            intersect select jsonb_array_elements_text(${sql.json([...meant])})
            union select jsonb_array_elements_text(${sql.json([...traitsOf(storable(event.entities), {})])})) as now_there)
        where channel_id = ${key} and seq = ${event.messageSeq}`
      return
    case 'MessageDeleted':
    case 'MessagesDeleted':
    case 'MessagesRestored':
      await (isClear(event) ? noteClear(sql, record, event) : markDeleted(sql, record, event))
      return
    default:
  }
}

const erase = (sql: TransactionSql, keys: ReaderKeys, outcomes: readonly OutcomeRecord[]): Promise<void> =>
  whenErased(sql, keys, outcomes, async (gone) => {
    await sql`update message_texts set text = null, has = '[]' where author in ${gone}`
  })

const open = async (sql: TransactionSql, keys: ReaderKeys, happened: readonly Happened<Relevant>[]) => {
  const subjects = new Set(happened.flatMap(({ event }) => codecs.channel.subjectsOf(event)))
  const opener = await openerFor(sql, keys, subjects)
  return happened.map(({ record, eventId, event }) => ({
    record,
    event: codecs.channel.openEvent(event, eventId, opener) as Opened<Relevant>,
  }))
}

const searched = { table: 'message_texts' }

/**
 * What was said, to be searched. Texts are opened here, and go when their author is erased, or the channel keeps them no
 * longer.
 */
export const searchProjection = (keys: ReaderKeys): Projection => ({
  name: 'search',
  version: 5,
  families: ['account', 'channel'],
  tables,
  hashed: [
    { table: 'message_texts', key: ['channel_id', 'seq'], unless: isTrimmed() },
    ...hashedClears,
    { table: 'trimmed', key: ['channel_id'] },
    { table: 'erased', key: ['account_id'] },
  ],
  views: ['message_search', 'clears', 'purges'],
  concerns: hasEvent(['AccountErased', 'HistoryTrimmed'], types),
  sweep: trimSweep(searched),
  apply: async (sql, family, outcomes) => {
    if (family === 'account') return erase(sql, keys, outcomes)
    const happened = eventsIn(codecs.channel, outcomes, types)
    if (happened.length > 0) {
      const opened = await open(sql, keys, happened)
      await insertPosted(sql, opened)
      for (const each of opened) await change(sql, each)
    }
    await trimRows(sql, searched, outcomes)
  },
})
