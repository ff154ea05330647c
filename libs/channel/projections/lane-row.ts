import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { storable } from '#libs/readmodel/events.ts'

/** An event of a channel's public lane. */
export type LaneEvent = Extract<ChannelEvent, { readonly seq: number }>

/** Types of the public lane, each with a `seq`. */
export const laneTypes = [
  'ChannelCreated',
  'MemberTimedOut',
  'MessageDeleted',
  'MessagePosted',
  'RoleAssigned',
  'SettingsChanged',
  'TimeoutEnded',
] as const satisfies readonly LaneEvent['type'][]

/**
 * A row of `lane_events`. `subject` is the account whose key had sealed `name` and `text`; both go when it is erased.
 * `body` holds what else the event says, which is nobody's personal text.
 */
export type LaneRow = {
  readonly channel_id: string
  readonly seq: number
  readonly type: LaneEvent['type']
  readonly command_id: string
  readonly at: number
  readonly n: number
  readonly subject: string | null
  readonly name: string | null
  readonly text: string | null
  readonly body: Readonly<Record<string, string | number | boolean | null>> | null
}

type Split = Pick<LaneRow, 'subject' | 'name' | 'text' | 'body'>

const split = (event: Opened<LaneEvent>): Split => {
  switch (event.type) {
    case 'MessagePosted':
      return { subject: event.author, name: storable(event.authorName), text: storable(event.text), body: null }
    case 'SettingsChanged': {
      const body = { topicGiven: event.topic !== null, slowModeSeconds: event.slowModeSeconds }
      return { subject: event.actor, name: null, text: storable(event.topic), body }
    }
    default: {
      const { type: _, seq: __, ...body } = event
      return { subject: null, name: null, text: null, body }
    }
  }
}

export const laneRow = (record: OutcomeRecord, event: Opened<LaneEvent>): LaneRow => ({
  channel_id: record.key,
  seq: event.seq,
  type: event.type,
  command_id: record.commandId,
  at: record.at,
  n: record.n,
  ...split(event),
})

/** The opened event of a row, as a reader of the journal would have it. */
export const laneEventOf = (
  row: Split & { readonly type: LaneEvent['type']; readonly seq: number },
): Opened<LaneEvent> => {
  const { type, seq } = row
  switch (type) {
    case 'MessagePosted':
      return { type, seq, author: row.subject ?? '', authorName: row.name ?? undefined, text: row.text ?? undefined }
    case 'SettingsChanged': {
      const body = row.body as { readonly topicGiven: boolean; readonly slowModeSeconds: number | null }
      const topic = body.topicGiven ? (row.text ?? undefined) : null
      return { type, seq, actor: row.subject ?? '', topic, slowModeSeconds: body.slowModeSeconds }
    }
    default:
      return { type, seq, ...row.body } as Opened<LaneEvent>
  }
}
