import type { Sql } from 'postgres'
import { type Role, roles } from '#libs/access/roles.ts'
import type { PastMessage } from '#libs/policy/trial.ts'
import type { Bigint } from '#libs/postgres/bigint.ts'

/** Messages of the past that a policy is tried over: the last ones of a channel, and no more than so many. */
export const mostPastMessages = 100_000
const pageSize = 2_000
/** Who is timed out or banned so soon after a message was it for that message, among others. */
const actedWithinMs = 60_000

export type PastAsked = { readonly since: number; readonly after: number | undefined }

type Row = {
  readonly id: string
  readonly seq: Bigint
  readonly at: Bigint
  readonly author: string
  readonly text: string
  readonly role: string | null
  readonly deleted: boolean
}

type Act = { readonly messageId: string | null; readonly member: string; readonly actor: string; readonly at: Bigint }

const roleOf = (role: string | null): Role => roles.find((known) => known === role) ?? 'member'

/** Where the past begins that is asked for: numbers of a channel grow with their times. */
const firstSeq = async (sql: Sql, channelId: string, since: number): Promise<number> => {
  const [row] = await sql<{ first: Bigint | null }[]>`
    select min(seq) as first from (
      select seq, at from readmodel.lane_events where channel_id = ${channelId}
      order by seq desc limit ${mostPastMessages}) as last
    where at >= ${since}`
  return row?.first ? Number(row.first) : Number.MAX_SAFE_INTEGER
}

/** What moderators did in that time, by hand: rules of a policy act as account 0. */
const actsBetween = async (sql: Sql, channelId: string, from: number, to: number): Promise<readonly Act[]> => sql<
  Act[]
>`
  select message_id as "messageId", member::text as member, actor::text as actor, at
  from readmodel.moderation_log
  where channel_id = ${channelId} and at between ${from} and ${to} and actor <> 0 and member is not null
    and action in ('delete_message', 'time_out_member', 'ban_member')`

/**
 * A page of the past, oldest first: from `since` on, or behind the number `after`; empty at the end. A message counts as
 * moderated if somebody else than its author deleted it, or its author was timed out or banned within a minute. What its
 * author had erased cannot be judged, and is left out.
 */
export const pastMessages =
  (sql: Sql) =>
  async (channelId: string, { since, after }: PastAsked): Promise<readonly PastMessage[]> => {
    const from = after === undefined ? await firstSeq(sql, channelId, since) : after + 1
    const rows = await sql<Row[]>`
      select command_id as id, seq, at, subject::text as author, text, body->>'role' as role,
        deleted_by is not null as deleted
      from readmodel.lane_events
      where channel_id = ${channelId} and seq >= ${from} and type = 'MessagePosted' and text is not null
      order by seq limit ${pageSize}`
    const [first, last] = [rows.at(0), rows.at(-1)]
    if (!first || !last) return []
    const until = Number(last.at) + actedWithinMs
    const acts = await actsBetween(sql, channelId, Number(first.at), until)
    const ownDeletions = new Set(acts.flatMap(({ messageId, member, actor }) => (member === actor ? [messageId] : [])))
    const onMembers = Map.groupBy(
      acts.filter(({ messageId, member, actor }) => messageId === null && member !== actor),
      ({ member }) => member,
    )
    const actedOn = ({ author, at }: Row): boolean =>
      (onMembers.get(author) ?? []).some((act) => {
        const after = Number(act.at) - Number(at)
        return after >= 0 && after <= actedWithinMs
      })
    return rows.map((row) => ({
      id: row.id,
      seq: Number(row.seq),
      at: Number(row.at),
      author: row.author,
      role: roleOf(row.role),
      accountCreatedAt: undefined,
      text: row.text,
      moderated: (row.deleted && !ownDeletions.has(row.id)) || actedOn(row),
    }))
  }
