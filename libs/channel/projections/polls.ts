import type { TransactionSql } from 'postgres'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import type { Gone } from '#libs/readmodel/erased.ts'
import { storable } from '#libs/readmodel/events.ts'
import type { OpenedEvent } from './channel-changes.ts'

/** Polls of channels, the one that runs among them, and the votes that stand in each. */
export const pollTables = `
create table polls (
  channel_id bigint not null,
  poll_id text not null,
  seq bigint not null,
  started_at bigint not null,
  actor bigint not null,
  question text,
  options text,
  weighted boolean not null,
  changeable boolean not null,
  hidden boolean not null,
  ends_at bigint not null,
  ended_at bigint,
  cause text,
  voters bigint not null,
  totals jsonb not null,
  ballot bigint not null,
  primary key (channel_id, poll_id)
) with (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);
create index polls_seq on polls (channel_id, seq);
create index polls_actor on polls (actor) where question is not null;
create table votes (
  channel_id bigint not null,
  poll_id text not null,
  member_id bigint not null,
  option integer not null,
  weight bigint not null,
  primary key (channel_id, poll_id, member_id)
);
create index votes_member on votes (member_id);
`

export const hashedPolls = [
  { table: 'polls', key: ['channel_id', 'poll_id'] },
  { table: 'votes', key: ['channel_id', 'poll_id', 'member_id'] },
] as const

type Voted = { readonly record: OutcomeRecord; readonly event: Extract<OpenedEvent['event'], { type: 'VoteCast' }> }

const started = async (sql: TransactionSql, { record, event }: OpenedEvent): Promise<void> => {
  if (event.type !== 'PollStarted') return
  const { seq, pollId, actor, question, options, weighted, changeable, hidden, endsAt, optionCount } = event
  const totals = sql.json(Array.from({ length: optionCount }, () => 0))
  await sql`
    insert into polls (channel_id, poll_id, seq, started_at, actor, question, options, weighted, changeable, hidden,
      ends_at, voters, totals, ballot)
    values (${record.key}, ${pollId}, ${seq}, ${record.at}, ${actor}, ${storable(question)}, ${storable(options)},
      ${weighted}, ${changeable}, ${hidden}, ${endsAt}, 0, ${totals}, 0)`
}

const ended = async (sql: TransactionSql, { record, event }: OpenedEvent): Promise<void> => {
  if (event.type !== 'PollEnded') return
  const { pollId, cause, voters, totals } = event
  await sql`
    update polls set ended_at = ${record.at}, cause = ${cause}, voters = ${voters}, totals = ${sql.json([...totals])}
    where channel_id = ${record.key} and poll_id = ${pollId}`
}

type Of = { readonly channel_id: string; readonly poll_id: string }
type PollRow = Of & { readonly voters: number; readonly totals: readonly number[]; readonly ballot: number }
type VoteRow = Of & { readonly member_id: string; readonly option: number; readonly weight: number }

/** Of each poll the last word, and of each voter. */
const voted = async (sql: TransactionSql, votes: readonly Voted[]): Promise<void> => {
  if (votes.length === 0) return
  const polls = new Map<string, PollRow>()
  const cast = new Map<string, VoteRow>()
  for (const { record, event } of votes) {
    const { pollId: poll_id, member: member_id, option, weight, voters, totals, ballot } = event
    const of = { channel_id: record.key, poll_id }
    polls.set(`${record.key} ${poll_id}`, { ...of, voters, totals, ballot })
    cast.set(`${record.key} ${poll_id} ${member_id}`, { ...of, member_id, option, weight })
  }
  await sql`
    update polls set voters = given.voters, totals = given.totals, ballot = given.ballot
    from jsonb_to_recordset(${sql.json([...polls.values()])}) as given (
      channel_id bigint, poll_id text, voters bigint, totals jsonb, ballot bigint)
    where polls.channel_id = given.channel_id and polls.poll_id = given.poll_id`
  // Held as by who opens texts: an erasure waits until these votes are there, and takes them.
  await sql`lock table erased in share mode`
  // What an erased account has voted counts, and is nobody's any more.
  await sql`
    insert into votes (channel_id, poll_id, member_id, option, weight)
    select channel_id, poll_id, member_id, option, weight
    from jsonb_to_recordset(${sql.json([...cast.values()])}) as given (
      channel_id bigint, poll_id text, member_id bigint, option integer, weight bigint)
    where not exists (select from erased where account_id = member_id)
    on conflict (channel_id, poll_id, member_id) do update set option = excluded.option, weight = excluded.weight`
}

/** Changes polls and votes as a batch says, whose events are in order for each channel. */
export const changePolls = async (sql: TransactionSql, happened: readonly OpenedEvent[]): Promise<void> => {
  for (const each of happened) await started(sql, each)
  await voted(
    sql,
    happened.flatMap(({ record, event }) => (event.type === 'VoteCast' ? [{ record, event }] : [])),
  )
  for (const each of happened) await ended(sql, each)
}

/** Of who is erased nothing is left of what they asked, nor how they have voted. */
export const erasePolls = async (sql: TransactionSql, gone: Gone): Promise<void> => {
  await sql`update polls set question = null, options = null where actor in ${gone}`
  await sql`delete from votes where member_id in ${gone}`
}
