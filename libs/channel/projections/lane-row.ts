import { type ChannelEvent, channelAbsent } from '#libs/contracts/generated/channel.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { storable } from '#libs/readmodel/events.ts'

/** An event of a channel's public lane. */
export type LaneEvent = Extract<ChannelEvent, { readonly seq: number }>

/** Types of the public lane, each with a `seq`. */
export const laneTypes = [
  'BanEnded',
  'ChannelClosed',
  'ChannelCreated',
  'ChannelRenamed',
  'ChannelReopened',
  'ChannelTransferred',
  'EmoteAdded',
  'EmoteChanged',
  'EmoteRemoved',
  'HeldMessageApproved',
  'MemberBanned',
  'MemberTimedOut',
  'MessageDeleted',
  'MessageEdited',
  'MessagePosted',
  'MessagesDeleted',
  'MessagesRestored',
  'ModeChanged',
  'PinChanged',
  'PollEnded',
  'PollStarted',
  'RetentionChanged',
  'RoleAssigned',
  'SettingsChanged',
  'SubscriptionEnded',
  'SubscriptionGranted',
  'TextChanged',
  'TimeoutEnded',
] as const satisfies readonly LaneEvent['type'][]

/** Types that stand in no lane. */
export const unnumberedTypes = [
  'AddressBanLifted',
  'AddressesBanned',
  'HeldMessageDenied',
  'HistoryTrimmed',
  'MarkEnded',
  'MemberFollowed',
  'MemberMarked',
  'MemberUnfollowed',
  'RulesAccepted',
  'VoteCast',
] as const satisfies readonly ChannelEvent['type'][]

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
  /** A message that only its author and the moderators see. */
  readonly hidden: boolean
  readonly subject: string | null
  readonly name: string | null
  readonly text: string | null
  /** Of a message, as its event has them. */
  readonly entities: string | null
  readonly body: Body | null
}

type Body = Readonly<Record<string, string | number | boolean | null | readonly string[] | readonly number[]>>

type Split = Pick<LaneRow, 'subject' | 'name' | 'text' | 'entities' | 'body'>

type Posted = Extract<Opened<LaneEvent>, { readonly type: 'MessagePosted' }>

/** An event as a row has it. */
type ShownEvent = Exclude<Opened<LaneEvent>, { readonly type: 'HeldMessageApproved' }>

/** What was held and is approved is a message like any other. */
const asPosted = (event: Opened<LaneEvent>): ShownEvent => {
  if (event.type !== 'HeldMessageApproved') return event
  const { messageId: _, heldEvent: __, ...message } = event
  return { ...channelAbsent.MessagePosted, ...message, type: 'MessagePosted' }
}

/** What a message says besides its text, and keeps: most say nothing. */
const extras = ({
  form,
  color,
  replyTo,
  replyToAuthor,
  thread,
  role,
  tier,
  seenBy,
  combo,
  attachments,
}: Posted): Body | null => {
  const given = Object.entries({ form, color, replyTo, replyToAuthor, thread, role, tier, seenBy, combo, attachments })
  const said = given.filter(([, value]) => value !== null)
  return said.length === 0 ? null : Object.fromEntries(said)
}

const nothing = { subject: null, name: null, text: null, entities: null } as const

const split = (event: ShownEvent): Split => {
  switch (event.type) {
    case 'MessagePosted':
      return {
        subject: event.author,
        name: storable(event.authorName),
        text: storable(event.text),
        entities: storable(event.entities),
        body: extras(event),
      }
    case 'SettingsChanged': {
      const body = { topicGiven: event.topic !== null, slowModeSeconds: event.slowModeSeconds }
      return { ...nothing, subject: event.actor, text: storable(event.topic), body }
    }
    case 'TextChanged': {
      const body = { kind: event.kind, version: event.version, given: event.text !== null }
      return { ...nothing, subject: event.actor, text: storable(event.text), body }
    }
    case 'MessageEdited': {
      // What it says stands in the message itself.
      const { type: _, seq: __, text: ___, entities: ____, ...body } = event
      return { ...nothing, body }
    }
    case 'PollStarted': {
      const { type: _, seq: __, actor: subject, question, options, ...body } = event
      return { ...nothing, subject, text: storable(question), entities: storable(options), body }
    }
    default: {
      const { type: _, seq: __, ...body } = event
      return { ...nothing, body }
    }
  }
}

export const laneRow = (record: OutcomeRecord, event: Opened<LaneEvent>): LaneRow => {
  const shown = asPosted(event)
  return {
    channel_id: record.key,
    seq: event.seq,
    type: shown.type,
    command_id: event.type === 'HeldMessageApproved' ? event.messageId : record.commandId,
    at: record.at,
    n: record.n,
    hidden: shown.type === 'MessagePosted' && shown.seenBy !== null,
    ...split(shown),
  }
}

/** The opened event of a row, as a reader of the journal would have it. */
export const laneEventOf = (
  row: Split & { readonly type: LaneEvent['type']; readonly seq: number },
): Opened<LaneEvent> => {
  const { type, seq } = row
  switch (type) {
    case 'MessagePosted':
      return {
        type,
        ...channelAbsent.MessagePosted,
        ...row.body,
        seq,
        author: row.subject ?? '',
        authorName: row.name ?? undefined,
        text: row.text ?? undefined,
        entities: row.entities,
      }
    case 'SettingsChanged': {
      const body = row.body as { readonly topicGiven: boolean; readonly slowModeSeconds: number | null }
      const topic = body.topicGiven ? (row.text ?? undefined) : null
      return { type, seq, actor: row.subject ?? '', topic, slowModeSeconds: body.slowModeSeconds }
    }
    case 'TextChanged': {
      const { kind, version, given } = row.body as { kind: 'welcome' | 'rules'; version: number; given: boolean }
      return { type, seq, actor: row.subject ?? '', kind, version, text: given ? (row.text ?? undefined) : null }
    }
    case 'MessageEdited':
      return { type, seq, text: row.text ?? undefined, entities: row.entities, ...row.body } as Opened<LaneEvent>
    case 'PollStarted': {
      const words = { question: row.text ?? undefined, options: row.entities ?? undefined }
      return { type, seq, actor: row.subject ?? '', ...words, ...row.body } as Opened<LaneEvent>
    }
    default:
      return { type, seq, ...row.body } as Opened<LaneEvent>
  }
}
