import type { TransactionSql } from 'postgres'
import type { AcceptedRow, AddressesRow, FollowerRow, HeldRow, MarkRow, ModeRow, TextRow } from './channel-rows.ts'

/** The modes that are on: the new value of each, none where it is off. */
export const changeModes = async (sql: TransactionSql, changed: readonly ModeRow[]): Promise<void> => {
  if (changed.length === 0) return
  const given = sql`
    jsonb_to_recordset(${sql.json([...changed])}) as given (
      channel_id bigint, mode text, value bigint, actor bigint, since bigint, n bigint)`
  await sql`
    delete from modes using ${given}
    where given.value is null and modes.channel_id = given.channel_id and modes.mode = given.mode`
  await sql`
    insert into modes (channel_id, mode, value, actor, since, n)
    select channel_id, mode, value, actor, since, n from ${given} where value is not null
    on conflict (channel_id, mode) do update set
      value = excluded.value, actor = excluded.actor, since = excluded.since, n = excluded.n`
}

/** The word of welcome and the rules, as they were changed last. */
export const changeTexts = async (sql: TransactionSql, changed: readonly TextRow[]): Promise<void> => {
  if (changed.length === 0) return
  await sql`
    insert into texts (channel_id, kind, text, actor, version, n)
    select channel_id, kind, text, actor, version, n
    from jsonb_to_recordset(${sql.json([...changed])}) as given (
      channel_id bigint, kind text, text text, actor bigint, version bigint, n bigint)
    on conflict (channel_id, kind) do update set
      text = excluded.text, actor = excluded.actor, version = excluded.version, n = excluded.n`
}

/** Who has accepted which rules last. */
export const changeAccepted = async (sql: TransactionSql, changed: readonly AcceptedRow[]): Promise<void> => {
  if (changed.length === 0) return
  await sql`
    insert into accepted_rules (channel_id, member_id, version, n)
    select channel_id, member_id, version, n
    from jsonb_to_recordset(${sql.json([...changed])}) as given (
      channel_id bigint, member_id bigint, version bigint, n bigint)
    on conflict (channel_id, member_id) do update set version = excluded.version, n = excluded.n`
}

/** Who follows since when: who follows already keeps their date. */
export const changeFollowers = async (sql: TransactionSql, changed: readonly FollowerRow[]): Promise<void> => {
  if (changed.length === 0) return
  const given = sql`
    jsonb_to_recordset(${sql.json([...changed])}) as given (
      channel_id bigint, member_id bigint, since bigint, n bigint)`
  await sql`
    delete from followers using ${given}
    where given.since is null and followers.channel_id = given.channel_id and followers.member_id = given.member_id`
  await sql`
    insert into followers (channel_id, member_id, since, n)
    select channel_id, member_id, since, n from ${given} where since is not null
    on conflict (channel_id, member_id) do nothing`
}

/** What channels hold of members: bans, marks, subscriptions. */
export const changeMarks = async (sql: TransactionSql, changed: readonly MarkRow[]): Promise<void> => {
  if (changed.length === 0) return
  const given = sql`
    jsonb_to_recordset(${sql.json([...changed])}) as given (
      channel_id bigint, member_id bigint, mark text, ended boolean, until bigint, value bigint, actor bigint,
      reason text, origin text, since bigint, n bigint)`
  await sql`
    delete from marks using ${given}
    where given.ended and marks.channel_id = given.channel_id and marks.member_id = given.member_id
      and marks.mark = given.mark`
  await sql`
    insert into marks (channel_id, member_id, mark, until, value, actor, reason, origin, since, n)
    select channel_id, member_id, mark, until, value, actor, reason, origin, since, n from ${given} where not ended
    on conflict (channel_id, member_id, mark) do update set
      until = excluded.until, value = excluded.value, actor = excluded.actor, reason = excluded.reason,
      origin = excluded.origin, since = excluded.since, n = excluded.n`
}

/** With how many addresses members are banned. */
export const changeAddresses = async (sql: TransactionSql, changed: readonly AddressesRow[]): Promise<void> => {
  if (changed.length === 0) return
  await sql`
    update marks set addresses = given.addresses
    from jsonb_to_recordset(${sql.json([...changed])}) as given (channel_id bigint, member_id bigint, addresses bigint)
    where marks.channel_id = given.channel_id and marks.member_id = given.member_id and mark = 'ban'`
}

/** Messages that wait for a moderator: what they say stands in the log of the moderators. */
export const changeHeld = async (sql: TransactionSql, changed: readonly HeldRow[]): Promise<void> => {
  if (changed.length === 0) return
  const given = sql`
    jsonb_to_recordset(${sql.json([...changed])}) as given (
      channel_id bigint, message_id text, moderation_seq bigint, author bigint, at bigint, n bigint)`
  await sql`
    delete from held using ${given}
    where given.moderation_seq is null and held.channel_id = given.channel_id and held.message_id = given.message_id`
  await sql`
    insert into held (channel_id, message_id, moderation_seq, author, at, n)
    select channel_id, message_id, moderation_seq, author, at, n from ${given} where moderation_seq is not null`
}
