import type { Sql } from 'postgres'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import type { Bigint } from '#libs/postgres/bigint.ts'
import type { ChannelHistory } from '../edge.ts'
import { type LaneFrame, skipFrame } from '../frames/lane-frame.ts'
import { laneFrame, type NumberedEvent } from '../frames.ts'
import { type LaneEvent, type LaneRow, laneEventOf } from '../projections/lane-row.ts'
import { moderationPage } from './moderation.ts'
import type { ModerationView } from './views.ts'

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
export const framesBetween: (sql: Sql) => ChannelHistory['between'] = (sql) => async (channel, from, to) => {
  const rows = await sql<StoredLane[]>`
    select seq, type, command_id, at, subject::text, name, text, entities, body, deleted_by is not null as deleted
    from readmodel.lane_events where channel_id = ${channel} and seq between ${from} and ${to} order by seq`
  const hole = rows.findIndex(({ seq }, index) => Number(seq) !== from + index)
  if (rows.length === 0 || hole === 0) return trimmedFrames(sql, channel, from, to)
  const shown = await withEdited(sql, channel, hole === -1 ? rows : rows.slice(0, hole))
  return shown.map((row) => frameOf(channel, row))
}

export const startOfLast: (sql: Sql) => ChannelHistory['startOfLast'] = (sql) => async (channel, count, before) => {
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
const heldEvent = ({ actorId, authorName, text, entities, ...entry }: ModerationView) =>
  ({
    type: 'MessageHeld',
    ...channelAbsent.MessageHeld,
    moderationSeq: entry.moderationSeq,
    author: actorId,
    authorName: authorName ?? undefined,
    text: text ?? undefined,
    entities,
    attachments: entry.attachments,
    cause: entry.cause,
    rule: entry.rule,
    label: entry.label,
  }) as NumberedEvent

const frameOfLog = (channel: string, entry: ModerationView): LaneFrame =>
  entry.action === 'hold_message'
    ? laneFrame(channel, heldEvent(entry), entry.at, entry.messageId ?? '')
    : laneFrame(channel, loggedEvent(entry), entry.at, '')

/** The moderators' lane from `from` to `to`, as far as it is there without a hole. */
export const moderationBetween: (sql: Sql) => ChannelHistory['moderationBetween'] =
  (sql) => async (channel, from, to) => {
    const entries = await moderationPage(sql, channel, { before: to + 1, after: from - 1, limit: to - from + 1 })
    const oldestFirst = entries.toSorted((one, other) => one.moderationSeq - other.moderationSeq)
    const hole = oldestFirst.findIndex(({ moderationSeq }, index) => moderationSeq !== from + index)
    return (hole === -1 ? oldestFirst : oldestFirst.slice(0, hole)).map((entry) => frameOfLog(channel, entry))
  }
