import { Map as ImmutableMap } from 'immutable'
import type { Sql } from 'postgres'
import type { AssignableRole } from '#libs/access/roles.ts'
import type { Bigint } from '#libs/postgres/bigint.ts'
import type { PositionWaiter } from '#libs/readmodel/wait.ts'
import type { ChannelHistory } from '../edge.ts'
import type { HouseTexts } from '../edge-view.ts'
import type { PollView } from '../polls/view.ts'
import type { Modes } from '../state/modes.ts'
import { modesColumn, pinColumn, pollColumn, textsColumn } from './columns.ts'
import { framesBetween, moderationBetween, startOfLast } from './lanes.ts'

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
  readonly bans: Readonly<Record<string, number | null>>
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
        coalesce((
          select jsonb_object_agg(member_id::text, until) from readmodel.marks
          where marks.channel_id = channels.channel_id and mark = 'ban'), '{}') as bans,
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
        bans: ImmutableMap(row.bans),
      }
    )
  }

/** What lies behind an edge's rings, from the read models of channels. */
export const channelHistory = (sql: Sql, waiter: PositionWaiter): ChannelHistory => ({
  open: openView(sql, waiter),
  between: framesBetween(sql),
  startOfLast: startOfLast(sql),
  moderationBetween: moderationBetween(sql),
})
