import type { TransactionSql } from 'postgres'
import { codecs } from '#libs/contracts/codecs.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { erasedTable, openerFor, type ReaderKeys, vacuumedSoon, whenErased } from '#libs/readmodel/erased.ts'
import { eventsIn, hasEvent } from '#libs/readmodel/events.ts'
import type { Projection } from '#libs/readmodel/projection.ts'
import { type InboxRow, laneTypes, type WhisperRow, whisperChanges } from './whisper-changes.ts'

const tables = `
${erasedTable}
create table whispers (
  account_id bigint not null,
  whisper_seq bigint not null,
  type text not null,
  at bigint not null,
  n bigint not null,
  whisper_id text,
  peer_id bigint,
  author_id bigint,
  name text,
  text text,
  up_to bigint,
  allow text,
  primary key (account_id, whisper_seq)
) ${vacuumedSoon};
create index whispers_peer on whispers (account_id, peer_id, whisper_seq) where whisper_id is not null;
create index whispers_author on whispers (author_id) where author_id is not null;
create table conversations (
  account_id bigint not null,
  peer_id bigint not null,
  last_seq bigint not null,
  read_up_to bigint not null,
  primary key (account_id, peer_id)
);
create index conversations_last on conversations (account_id, last_seq);
create table inboxes (
  account_id bigint primary key,
  allow text not null,
  whisper_seq bigint not null
);
create table blocked_senders (
  account_id bigint not null,
  sender_id bigint not null,
  since bigint not null,
  primary key (account_id, sender_id)
);
`

const owned = ['whispers', 'conversations', 'inboxes', 'blocked_senders'] as const

/** What they wrote goes wherever it stands, and with them their own side of every conversation. */
const erase = (sql: TransactionSql, keys: ReaderKeys, outcomes: readonly OutcomeRecord[]): Promise<void> =>
  whenErased(sql, keys, outcomes, async (gone) => {
    await sql`update whispers set name = null, text = null where author_id in ${gone}`
    for (const table of owned) await sql`delete from ${sql(table)} where account_id in ${gone}`
  })

const insertWhispers = (sql: TransactionSql, rows: readonly WhisperRow[]) => sql`
  insert into whispers (account_id, whisper_seq, type, at, n, whisper_id, peer_id, author_id, name, text, up_to, allow)
  select * from jsonb_to_recordset(${sql.json([...rows])}) as whisper (
    account_id bigint, whisper_seq bigint, type text, at bigint, n bigint, whisper_id text, peer_id bigint,
    author_id bigint, name text, text text, up_to bigint, allow text)`

/** What is read is remembered before anything was whispered, too; a mark never goes back. */
const changeConversations = async (sql: TransactionSql, rows: readonly WhisperRow[]): Promise<void> => {
  const said = rows.filter(({ whisper_id }) => whisper_id !== null)
  const read = rows.filter(({ up_to }) => up_to !== null)
  if (said.length > 0)
    await sql`
      insert into conversations (account_id, peer_id, last_seq, read_up_to)
      select account_id, peer_id, max(whisper_seq), 0
      from jsonb_to_recordset(${sql.json([...said])}) as said (account_id bigint, peer_id bigint, whisper_seq bigint)
      group by account_id, peer_id
      on conflict (account_id, peer_id) do update set last_seq = excluded.last_seq`
  if (read.length > 0)
    await sql`
      update conversations set read_up_to = greatest(read_up_to, given.up_to)
      from (
        select account_id, peer_id, max(up_to) as up_to
        from jsonb_to_recordset(${sql.json([...read])}) as read (account_id bigint, peer_id bigint, up_to bigint)
        group by account_id, peer_id) as given
      where conversations.account_id = given.account_id and conversations.peer_id = given.peer_id`
}

const changeInboxes = (sql: TransactionSql, rows: readonly InboxRow[]) => sql`
  insert into inboxes (account_id, allow, whisper_seq)
  select account_id, coalesce(allow, 'everybody'), whisper_seq
  from jsonb_to_recordset(${sql.json([...rows])}) as inbox (account_id bigint, allow text, whisper_seq bigint)
  on conflict (account_id) do update set whisper_seq = excluded.whisper_seq`

/** By itself, since what is inserted cannot say that it stays. */
const changeAllowed = (sql: TransactionSql, rows: readonly InboxRow[]) => sql`
  update inboxes set allow = given.allow
  from jsonb_to_recordset(${sql.json([...rows])}) as given (account_id bigint, allow text)
  where inboxes.account_id = given.account_id and given.allow is not null`

const changeBlocked = async (sql: TransactionSql, rows: readonly WhisperRow[]): Promise<void> => {
  for (const { account_id, peer_id, type, at } of rows)
    if (type === 'blocked')
      await sql`
        insert into blocked_senders values (${account_id}, ${peer_id}, ${at}) on conflict do nothing`
    else if (type === 'unblocked')
      await sql`delete from blocked_senders where account_id = ${account_id} and sender_id = ${peer_id}`
}

/** Those of these accounts that are erased; asked under the lock that `openerFor` has taken. */
const erasedAmong = async (sql: TransactionSql, accountIds: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await sql<{ readonly account_id: string }[]>`
    select account_id::text from erased
    where account_id in (select jsonb_array_elements_text(${sql.json([...accountIds])})::bigint)`
  return new Set(rows.map(({ account_id }) => account_id))
}

/**
 * The lane of whispers of every account, by its numbers: what was whispered to it and by it, how far it was read, who may
 * whisper, and whom it blocks; and beside it the conversations, each with whom, for lists. Texts are opened here. Nothing is
 * kept of the lane of who is erased, and nowhere what they wrote.
 */
export const whispersProjection = (keys: ReaderKeys): Projection => ({
  name: 'whispers',
  version: 1,
  families: ['account', 'conversation'],
  tables,
  hashed: [
    { table: 'whispers', key: ['account_id', 'whisper_seq'] },
    { table: 'conversations', key: ['account_id', 'peer_id'] },
    { table: 'inboxes', key: ['account_id'] },
    { table: 'blocked_senders', key: ['account_id', 'sender_id'] },
    { table: 'erased', key: ['account_id'] },
  ],
  views: [...owned],
  concerns: hasEvent(['AccountErased'], laneTypes),
  apply: async (sql, family, outcomes) => {
    if (family === 'account') return erase(sql, keys, outcomes)
    const happened = eventsIn(codecs.conversation, outcomes, laneTypes)
    if (happened.length === 0) return
    const owners = [...new Set(happened.map(({ record }) => record.key))]
    // Whose lane it is stands among the subjects, so that the lock is taken in any case.
    const subjects = new Set([...owners, ...happened.flatMap(({ event }) => codecs.conversation.subjectsOf(event))])
    const open = await openerFor(sql, keys, subjects)
    const gone = await erasedAmong(sql, owners)
    const { whispers, inboxes } = whisperChanges(
      happened.flatMap(({ record, eventId, event }) =>
        gone.has(record.key) ? [] : [{ record, event: codecs.conversation.openEvent(event, eventId, open) }],
      ),
    )
    if (whispers.length === 0) return
    await insertWhispers(sql, whispers)
    await changeConversations(sql, whispers)
    await changeInboxes(sql, inboxes)
    await changeAllowed(sql, inboxes)
    await changeBlocked(sql, whispers)
  },
})
