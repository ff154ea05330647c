import type { Sql } from 'postgres'
import { type Bigint, numberOr, type Selected } from '#libs/postgres/bigint.ts'
import { literal } from './literal.ts'
import { beyond } from './numbers.ts'
import type { ChannelReads, LogAsked, ModerationView } from './views.ts'

type ModerationRow = Omit<Selected<ModerationView, 'moderationSeq' | 'at'>, 'durationMs' | 'value'> & {
  readonly durationMs: Bigint | null
  readonly value: Bigint | null
}

const logColumns = (sql: Sql) => sql`
  moderation_seq as "moderationSeq", at, actor::text as "actorId", action, member::text as "memberId",
  message_id as "messageId", reason, duration_ms as "durationMs", role, mode, value, mark, messages, undoes,
  author_name as "authorName", text, entities, attachments, cause, rule, case_id as "caseId", label, related, origin`

const loggedView = ({ durationMs, value, ...row }: ModerationRow): ModerationView => ({
  ...row,
  moderationSeq: Number(row.moderationSeq),
  at: Number(row.at),
  durationMs: numberOr(durationMs),
  value: numberOr(value),
})

/** The log of the moderators, the latest first: all of it, or what somebody did, or was done to somebody, why and when. */
export const moderationPage = async (
  sql: Sql,
  channelId: string,
  { before, after, limit, actor, member, action, why, rule, label, from, to }: LogAsked,
): Promise<readonly ModerationView[]> => {
  const rows = await sql<ModerationRow[]>`
    select ${logColumns(sql)}
    from readmodel.moderation_log
    where channel_id = ${channelId} and moderation_seq < ${before ?? beyond} and moderation_seq > ${after ?? 0}
      ${actor === undefined ? sql`` : sql`and actor = ${actor}`}
      ${member === undefined ? sql`` : sql`and member = ${member}`}
      ${action === undefined ? sql`` : sql`and action = ${action}`}
      ${why === undefined ? sql`` : sql`and reason ilike ${literal(why)}`}
      ${rule === undefined ? sql`` : sql`and rule = ${rule}`}
      ${label === undefined ? sql`` : sql`and label = ${label}`}
      ${from === undefined ? sql`` : sql`and at >= ${from}`}
      ${to === undefined ? sql`` : sql`and at < ${to}`}
    order by moderation_seq ${after === undefined ? sql`desc` : sql`asc`} limit ${limit}`
  const page = rows.map(loggedView)
  return after === undefined ? page : page.reverse()
}

/** Messages that wait for a moderator, the oldest first. */
export const heldMessages: (sql: Sql) => ChannelReads['held'] = (sql) => async (channelId) => {
  const rows = await sql<ModerationRow[]>`
    select ${logColumns(sql)}
    from readmodel.moderation_log
    where channel_id = ${channelId} and moderation_seq in (
      select moderation_seq from readmodel.held where channel_id = ${channelId})
    order by moderation_seq`
  return rows.map(loggedView)
}
