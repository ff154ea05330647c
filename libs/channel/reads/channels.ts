import type { Sql } from 'postgres'
import type { AssignableRole } from '#libs/access/roles.ts'
import { type Bigint, numberOr, type Selected } from '#libs/postgres/bigint.ts'
import { modesColumn, pinColumn, textsColumn } from './columns.ts'
import type { ChannelReads, ChannelView, MarkView } from './views.ts'

type ChannelRow = Selected<ChannelView, 'createdAt' | 'seq' | 'settingsVersion'>

/** A channel by its id. */
export const channelById = async (sql: Sql, channelId: string): Promise<ChannelView | undefined> => {
  const [row] = await sql<ChannelRow[]>`
    select channel_id::text as "channelId", owner_id::text as "ownerId", slug, topic,
      slow_mode_seconds as "slowModeSeconds", created_at as "createdAt", seq, settings_n as "settingsVersion", closed,
      history_days as "historyDays", ${modesColumn(sql)},
      ${textsColumn(sql)}, ${pinColumn(sql)}
    from readmodel.channels where channel_id = ${channelId}`
  return (
    row && {
      ...row,
      createdAt: Number(row.createdAt),
      seq: Number(row.seq),
      settingsVersion: Number(row.settingsVersion),
    }
  )
}

/** The version of the rules of a channel that somebody has accepted last; undefined where they have not. */
export const acceptedRules = async (sql: Sql, channelId: string, accountId: string): Promise<number | undefined> => {
  const [row] = await sql<{ version: Bigint }[]>`
    select version from readmodel.accepted_rules where channel_id = ${channelId} and member_id = ${accountId}`
  return row && Number(row.version)
}

/** Since when somebody follows a channel; undefined where they do not. */
export const followedAt = async (sql: Sql, channelId: string, accountId: string): Promise<number | undefined> => {
  const [row] = await sql<{ since: Bigint }[]>`
    select since from readmodel.followers where channel_id = ${channelId} and member_id = ${accountId}`
  return row && Number(row.since)
}

/** Everybody with a role in a channel but the broadcaster, and the version of the list. */
export const rolesOf: (sql: Sql) => ChannelReads['roles'] = (sql) => async (channelId) => {
  const rows = await sql<{ version: Bigint; accountId: string | null; role: AssignableRole }[]>`
    select roles_n as version, member_id::text as "accountId", role
    from readmodel.channels left join readmodel.roles using (channel_id)
    where channel_id = ${channelId} order by member_id`
  const [first] = rows
  if (!first) return undefined
  return {
    version: Number(first.version),
    roles: rows.flatMap(({ accountId, role }) => (accountId === null ? [] : [{ accountId, role }])),
  }
}

export const roleOf: (sql: Sql) => ChannelReads['roleOf'] = (sql) => async (channelId, accountId) => {
  const [row] = await sql<{ role: AssignableRole }[]>`
    select role from readmodel.roles where channel_id = ${channelId} and member_id = ${accountId}`
  return row?.role
}

type MarkRow = Omit<MarkView, 'until' | 'value' | 'addresses' | 'since'> & {
  readonly addresses: Bigint
  readonly until: Bigint | null
  readonly value: Bigint | null
  readonly since: Bigint
}

/**
 * Bans, marks and subscriptions of a channel: of one kind, of one member, from a member on in the order of their ids. Who
 * banned and why stands in the log alone, since everybody is told of a ban; what the platform did is nobody's.
 */
export const marksOf: (sql: Sql) => ChannelReads['marks'] =
  (sql) =>
  async (channelId, { mark, member, after, limit }) => {
    const rows = await sql<MarkRow[]>`
      select member_id::text as "memberId", marks.mark, until, marks.value,
        nullif(coalesce(marks.actor, logged.actor), 0)::text as "actorId",
        coalesce(marks.reason, logged.reason) as reason, marks.origin, addresses, since
      from readmodel.marks left join lateral (
        select actor, reason from readmodel.moderation_log
        where marks.mark = 'ban' and moderation_log.channel_id = marks.channel_id and member = member_id and action = 'ban_member'
        order by moderation_seq desc limit 1) as logged on true
      where marks.channel_id = ${channelId} and member_id > ${after ?? 0}
        ${mark === undefined ? sql`` : sql`and marks.mark = ${mark}`}
        ${member === undefined ? sql`` : sql`and member_id = ${member}`}
      order by member_id, marks.mark limit ${limit}`
    return rows.map((row) => ({
      ...row,
      until: numberOr(row.until),
      value: numberOr(row.value),
      addresses: Number(row.addresses),
      since: Number(row.since),
    }))
  }
