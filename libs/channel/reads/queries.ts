import type { Sql } from 'postgres'
import type { AssignableRole } from '#libs/access/roles.ts'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import type { PositionWaiter } from '#libs/readmodel/wait.ts'
import type { ChannelHistory } from '../edge.ts'
import type { HouseTexts } from '../edge-view.ts'
import { readEvidence } from '../evidence/reads.ts'
import { type LaneFrame, laneFrame, type NumberedEvent, skipFrame } from '../frames.ts'
import type {
  ChannelReads,
  ChannelView,
  LogAsked,
  MarkView,
  MessageView,
  ModerationView,
  PageAsked,
} from '../http/edge.ts'
import type { PollView } from '../polls/view.ts'
import { type LaneEvent, type LaneRow, laneEventOf } from '../projections/lane-row.ts'
import type { Modes } from '../state/modes.ts'

/** Numbers of Postgres' bigint come as text; whiply's stay below 2^53. */
type Bigint = string

type Selected<View, Numbers extends keyof View> = Omit<View, Numbers> & Readonly<Record<Numbers, Bigint>>

/** The modes of a channel that are on. */
const modesColumn = (sql: Sql) => sql`
  coalesce((
    select jsonb_object_agg(mode, jsonb_build_object('value', value, 'actor', actor::text, 'since', since))
    from readmodel.modes where modes.channel_id = channels.channel_id), '{}') as modes`

/** The word of welcome and the rules of a channel, as far as their authors are there. */
const textsColumn = (sql: Sql) => sql`
  coalesce((
    select jsonb_object_agg(kind, jsonb_build_object('text', text, 'version', version, 'actor', actor::text))
    from readmodel.texts where texts.channel_id = channels.channel_id and text is not null), '{}') as texts`

const pinColumn = (sql: Sql) => sql`
  case when pin_id is null then null else jsonb_build_object('messageId', pin_id, 'messageSeq', pin_seq) end as pin`

/** The poll that runs in a channel. */
const pollColumn = (sql: Sql) => sql`
  (
    select jsonb_build_object('pollId', poll_id, 'actor', actor::text, 'question', question, 'options', options::jsonb,
      'weighted', weighted, 'changeable', changeable, 'hidden', hidden, 'startedAt', started_at, 'endsAt', ends_at,
      'voters', voters, 'totals', totals, 'ballot', ballot)
    from readmodel.polls where polls.channel_id = channels.channel_id and cause is null
    order by polls.seq desc limit 1) as poll`

type ChannelRow = Selected<ChannelView, 'createdAt' | 'seq' | 'settingsVersion'>

/** A channel by its id. */
export const channelById = async (sql: Sql, channelId: string): Promise<ChannelView | undefined> => {
  const [row] = await sql<ChannelRow[]>`
    select channel_id::text as "channelId", owner_id::text as "ownerId", slug, topic,
      slow_mode_seconds as "slowModeSeconds", created_at as "createdAt", seq, settings_n as "settingsVersion", closed, ${modesColumn(sql)},
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

/** Beyond every number of a lane. */
const beyond = Number.MAX_SAFE_INTEGER

/** Messages of a channel in the order of their numbers: a page before a number, after one, or the last ones. */
export const messagePage = async (
  sql: Sql,
  channelId: string,
  { before, after, limit }: PageAsked,
): Promise<readonly MessageView[]> => {
  const columns = sql`
    command_id as "messageId", seq, at, subject::text as "authorId", name as "authorName", text,
    deleted_by is not null as deleted, entities, body`
  const rows = await (after === undefined
    ? sql<Selected<MessageView, 'seq' | 'at'>[]>`
        select ${columns} from readmodel.lane_events
        where channel_id = ${channelId} and seq < ${before ?? beyond} and type = 'MessagePosted' and not hidden
        order by seq desc limit ${limit}`
    : sql<Selected<MessageView, 'seq' | 'at'>[]>`
        select ${columns} from readmodel.lane_events
        where channel_id = ${channelId} and seq > ${after} and type = 'MessagePosted' and not hidden
        order by seq limit ${limit}`)
  const page = rows.map((row) => ({ ...row, seq: Number(row.seq), at: Number(row.at) }))
  return after === undefined ? page.reverse() : page
}

/** One message by its id, with the version that its ETag carries. */
export const messageById = async (
  sql: Sql,
  channelId: string,
  messageId: string,
): Promise<(MessageView & { readonly version: number }) | undefined> => {
  const [row] = await sql<Selected<MessageView & { readonly version: number }, 'seq' | 'at' | 'version'>[]>`
    select command_id as "messageId", seq, at, subject::text as "authorId", name as "authorName", text,
      deleted_by is not null as deleted, entities, body, n as version
    from readmodel.lane_events
    where command_id = ${messageId} and channel_id = ${channelId} and type = 'MessagePosted'`
  return row && { ...row, seq: Number(row.seq), at: Number(row.at), version: Number(row.version) }
}

/** Everybody with a role in a channel but the broadcaster, and the version of the list. */
const rolesOf: (sql: Sql) => ChannelReads['roles'] = (sql) => async (channelId) => {
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

const roleOf: (sql: Sql) => ChannelReads['roleOf'] = (sql) => async (channelId, accountId) => {
  const [row] = await sql<{ role: AssignableRole }[]>`
    select role from readmodel.roles where channel_id = ${channelId} and member_id = ${accountId}`
  return row?.role
}

type ModerationRow = Omit<Selected<ModerationView, 'moderationSeq' | 'at'>, 'durationMs' | 'value'> & {
  readonly durationMs: Bigint | null
  readonly value: Bigint | null
}

const numberOr = (value: Bigint | null): number | null => (value === null ? null : Number(value))

const logColumns = (sql: Sql) => sql`
  moderation_seq as "moderationSeq", at, actor::text as "actorId", action, member::text as "memberId",
  message_id as "messageId", reason, duration_ms as "durationMs", role, mode, value, mark, messages, undoes,
  author_name as "authorName", text, entities, cause, rule, case_id as "caseId", label, related, origin`

const loggedView = ({ durationMs, value, ...row }: ModerationRow): ModerationView => ({
  ...row,
  moderationSeq: Number(row.moderationSeq),
  at: Number(row.at),
  durationMs: numberOr(durationMs),
  value: numberOr(value),
})

/** The log of the moderators, the latest first: all of it, or what somebody did, or was done to somebody, and when. */
export const moderationPage = async (
  sql: Sql,
  channelId: string,
  { before, after, limit, actor, member, action, from, to }: LogAsked,
): Promise<readonly ModerationView[]> => {
  const rows = await sql<ModerationRow[]>`
    select ${logColumns(sql)}
    from readmodel.moderation_log
    where channel_id = ${channelId} and moderation_seq < ${before ?? beyond} and moderation_seq > ${after ?? 0}
      ${actor === undefined ? sql`` : sql`and actor = ${actor}`}
      ${member === undefined ? sql`` : sql`and member = ${member}`}
      ${action === undefined ? sql`` : sql`and action = ${action}`}
      ${from === undefined ? sql`` : sql`and at >= ${from}`}
      ${to === undefined ? sql`` : sql`and at < ${to}`}
    order by moderation_seq ${after === undefined ? sql`desc` : sql`asc`} limit ${limit}`
  const page = rows.map(loggedView)
  return after === undefined ? page : page.reverse()
}

/** Messages that wait for a moderator, the oldest first. */
const heldMessages: (sql: Sql) => ChannelReads['held'] = (sql) => async (channelId) => {
  const rows = await sql<ModerationRow[]>`
    select ${logColumns(sql)}
    from readmodel.moderation_log
    where channel_id = ${channelId} and moderation_seq in (
      select moderation_seq from readmodel.held where channel_id = ${channelId})
    order by moderation_seq`
  return rows.map(loggedView)
}

type MarkRow = Omit<MarkView, 'until' | 'value' | 'since'> & {
  readonly until: Bigint | null
  readonly value: Bigint | null
  readonly since: Bigint
}

/** Bans, marks and subscriptions of a channel: of one kind, of one member, from a member on in the order of their ids. */
const marksOf: (sql: Sql) => ChannelReads['marks'] =
  (sql) =>
  async (channelId, { mark, member, after, limit }) => {
    const rows = await sql<MarkRow[]>`
      select member_id::text as "memberId", mark, until, value, actor::text as "actorId", reason, origin, since
      from readmodel.marks
      where channel_id = ${channelId} and member_id > ${after ?? 0}
        ${mark === undefined ? sql`` : sql`and mark = ${mark}`}
        ${member === undefined ? sql`` : sql`and member_id = ${member}`}
      order by member_id, mark limit ${limit}`
    return rows.map((row) => ({
      ...row,
      until: numberOr(row.until),
      value: numberOr(row.value),
      since: Number(row.since),
    }))
  }

/** What has been posted since, and is there and seen by everybody; the latest first. */
const recentMessages: (sql: Sql) => ChannelReads['recent'] = (sql) => async (channelId, since, limit) => {
  const rows = await sql<{ messageId: string; seq: Bigint; authorId: string; text: string }[]>`
    select command_id as "messageId", seq, subject::text as "authorId", text
    from readmodel.lane_events
    where channel_id = ${channelId} and type = 'MessagePosted' and at >= ${since} and deleted_by is null
      and not hidden and text is not null
    order by seq desc limit ${limit}`
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }))
}

/** What the routes of channels read. */
export const channelReads = (sql: Sql): ChannelReads => ({
  channel: (channelId) => channelById(sql, channelId),
  message: (channelId, messageId) => messageById(sql, channelId, messageId),
  messages: (channelId, page) => messagePage(sql, channelId, page),
  acceptedRules: (channelId, accountId) => acceptedRules(sql, channelId, accountId),
  followedAt: (channelId, accountId) => followedAt(sql, channelId, accountId),
  edits: editsOf(sql),
  roles: rolesOf(sql),
  roleOf: roleOf(sql),
  held: heldMessages(sql),
  marks: marksOf(sql),
  recent: recentMessages(sql),
  moderationLog: (channelId, page) => moderationPage(sql, channelId, page),
  evidence: readEvidence(sql),
})

type EdgeRow = {
  readonly ownerId: string
  readonly slug: string | null
  readonly topic: string | null
  readonly topicActor: string | null
  readonly slowModeSeconds: number
  readonly seq: Bigint
  readonly moderationSeq: Bigint
  readonly roles: Readonly<Record<string, AssignableRole>>
  readonly timeouts: Readonly<Record<string, number>>
  readonly modes: Modes
  readonly texts: HouseTexts
  readonly pin: { readonly messageId: string; readonly messageSeq: number } | null
  readonly closed: boolean
  readonly poll: PollView | null
}

/** Who waits is served the moment that the read model has come so far; who is told to come again waits for longer. */
const openWithinMs = 5_000

/** One statement, so that roles and numbers are of one moment. */
const openView: (sql: Sql, waiter: PositionWaiter) => ChannelHistory['open'] =
  (sql, waiter) => async (channel, minPosition) => {
    if (minPosition !== null) await waiter.wait('channels', minPosition, openWithinMs)
    const [row] = await sql<EdgeRow[]>`
      select owner_id::text as "ownerId", slug, topic, topic_actor::text as "topicActor",
        slow_mode_seconds as "slowModeSeconds", seq, moderation_seq as "moderationSeq",
        coalesce((
          select jsonb_object_agg(member_id::text, role) from readmodel.roles
          where roles.channel_id = channels.channel_id), '{}') as roles,
        coalesce((
          select jsonb_object_agg(member_id::text, until) from readmodel.timeouts
          where timeouts.channel_id = channels.channel_id), '{}') as timeouts,
        ${modesColumn(sql)}, ${textsColumn(sql)}, ${pinColumn(sql)}, ${pollColumn(sql)}, closed
      from readmodel.channels where channel_id = ${channel}`
    return (
      row && {
        ...row,
        seq: Number(row.seq),
        moderationSeq: Number(row.moderationSeq),
        pin: row.pin ?? undefined,
        poll: row.poll ?? undefined,
        roles: new Map(Object.entries(row.roles)),
        timeouts: new Map(Object.entries(row.timeouts)),
      }
    )
  }

type StoredLane = Pick<LaneRow, 'type' | 'command_id' | 'subject' | 'name' | 'text' | 'entities' | 'body'> & {
  readonly seq: Bigint
  readonly at: Bigint
  readonly deleted: boolean
}

/** A message with when it was edited last. */
const asEdited = (lane: LaneFrame, editedAt: unknown): LaneFrame => {
  const { frame } = lane
  if (typeof editedAt !== 'number' || frame.type !== 'event' || frame.event.kind !== 'message') return lane
  return { ...lane, frame: { ...frame, event: { ...frame.event, edited: editedAt } } }
}

const frameOf = (channel: string, row: StoredLane): LaneFrame => {
  const seq = Number(row.seq)
  if (row.deleted) return { lane: 'public', number: seq, frame: skipFrame(channel, seq) }
  const event: ReturnType<typeof laneEventOf> & { readonly type: LaneEvent['type'] } = laneEventOf({ ...row, seq })
  return asEdited(laneFrame(channel, event, Number(row.at), row.command_id), row.body?.editedAt)
}

/**
 * Edits with what their messages say now. One that was followed by another, or whose message is gone, shows nothing: what
 * it said is the moderators'. Few pages have any, and the others cost nothing for it.
 */
const withEdited = async (sql: Sql, channel: string, rows: readonly StoredLane[]): Promise<readonly StoredLane[]> => {
  const numbers = rows.flatMap(({ type, body }) => (type === 'MessageEdited' ? [Number(body?.messageSeq)] : []))
  if (numbers.length === 0) return rows
  const messages = await sql<Pick<StoredLane, 'seq' | 'text' | 'entities' | 'body' | 'deleted'>[]>`
    select seq, text, entities, body, deleted_by is not null as deleted
    from readmodel.lane_events
    where channel_id = ${channel} and seq in (select jsonb_array_elements_text(${sql.json(numbers)})::bigint)`
  const bySeq = new Map(messages.map((message) => [Number(message.seq), message]))
  return rows.map((row) => {
    if (row.type !== 'MessageEdited') return row
    const message = bySeq.get(Number(row.body?.messageSeq))
    const isLast = message?.body?.editedSeq === Number(row.seq)
    return message && isLast
      ? { ...row, text: message.text, entities: message.entities, deleted: message.deleted }
      : { ...row, deleted: true }
  })
}

/** Where the channel has let go of its history, that it has: nobody waits for what never comes. */
const trimmedFrames = async (sql: Sql, channel: string, from: number, to: number): Promise<readonly LaneFrame[]> => {
  const [row] = await sql<{ seq: Bigint }[]>`
    select seq from readmodel.trimmed where channel_id = ${channel} and seq >= ${from}`
  if (!row) return []
  const last = Math.min(to, Number(row.seq))
  const frame = { type: 'gap', channel, lane: 'public', from, to: last, cause: 'too_old' } as const
  return [{ lane: 'public', number: last, frame }]
}

/** The public lane from `from` to `to`, as far as it is there without a hole. */
const framesBetween: (sql: Sql) => ChannelHistory['between'] = (sql) => async (channel, from, to) => {
  const rows = await sql<StoredLane[]>`
    select seq, type, command_id, at, subject::text, name, text, entities, body, deleted_by is not null as deleted
    from readmodel.lane_events where channel_id = ${channel} and seq between ${from} and ${to} order by seq`
  const hole = rows.findIndex(({ seq }, index) => Number(seq) !== from + index)
  if (rows.length === 0 || hole === 0) return trimmedFrames(sql, channel, from, to)
  const shown = await withEdited(sql, channel, hole === -1 ? rows : rows.slice(0, hole))
  return shown.map((row) => frameOf(channel, row))
}

const startOfLast: (sql: Sql) => ChannelHistory['startOfLast'] = (sql) => async (channel, count, before) => {
  const [row] = await sql<{ start: Bigint | null }[]>`
    select min(seq) as start from (
      select seq from readmodel.lane_events
      where channel_id = ${channel} and seq < ${before} and type = 'MessagePosted' and not hidden
      order by seq desc limit ${count}) as last`
  return row?.start === null || row?.start === undefined ? before : Number(row.start)
}

const loggedEvent = ({ actorId, memberId, ...entry }: ModerationView) =>
  ({
    type: 'ModerationLogged',
    ...channelAbsent.ModerationLogged,
    ...entry,
    verdict: entry.cause,
    actor: actorId,
    member: memberId,
  }) as NumberedEvent

/** A message that was held, as its event had it; one whose author is erased has nothing to say. */
const heldEvent = ({ moderationSeq, actorId, authorName, text, entities, cause, rule }: ModerationView) =>
  ({
    type: 'MessageHeld',
    ...channelAbsent.MessageHeld,
    moderationSeq,
    author: actorId,
    authorName: authorName ?? undefined,
    text: text ?? undefined,
    entities,
    cause,
    rule,
  }) as NumberedEvent

const frameOfLog = (channel: string, entry: ModerationView): LaneFrame =>
  entry.action === 'hold_message'
    ? laneFrame(channel, heldEvent(entry), entry.at, entry.messageId ?? '')
    : laneFrame(channel, loggedEvent(entry), entry.at, '')

/** The moderators' lane from `from` to `to`, as far as it is there without a hole. */
const moderationBetween: (sql: Sql) => ChannelHistory['moderationBetween'] = (sql) => async (channel, from, to) => {
  const entries = await moderationPage(sql, channel, { before: to + 1, after: from - 1, limit: to - from + 1 })
  const oldestFirst = entries.toSorted((one, other) => one.moderationSeq - other.moderationSeq)
  const hole = oldestFirst.findIndex(({ moderationSeq }, index) => moderationSeq !== from + index)
  return (hole === -1 ? oldestFirst : oldestFirst.slice(0, hole)).map((entry) => frameOfLog(channel, entry))
}

/** What a message said before each of its edits, and until when; the first first. */
export const editsOf: (sql: Sql) => ChannelReads['edits'] = (sql) => async (channelId, messageSeq) => {
  const rows = await sql<{ until: Bigint; text: string | null }[]>`
    select at as until, text from readmodel.message_edits
    where channel_id = ${channelId} and message_seq = ${messageSeq} order by edit_seq`
  return rows.map(({ until, text }) => ({ until: Number(until), text }))
}

/** What lies behind an edge's rings, from the read models of channels. */
export const channelHistory = (sql: Sql, waiter: PositionWaiter): ChannelHistory => ({
  open: openView(sql, waiter),
  between: framesBetween(sql),
  startOfLast: startOfLast(sql),
  moderationBetween: moderationBetween(sql),
})
