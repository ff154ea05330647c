import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { storable } from '#libs/readmodel/events.ts'
import type { ModerationRow } from './channel-rows.ts'

type Logged = Extract<Opened<ChannelEvent>, { readonly type: 'ModerationLogged' }>

export const moderationRow = (record: OutcomeRecord, event: Logged): ModerationRow => ({
  channel_id: record.key,
  moderation_seq: event.moderationSeq,
  at: record.at,
  command_id: record.commandId,
  actor: event.actor,
  action: event.action,
  member: event.member,
  message_id: event.messageId,
  reason: storable(event.reason),
  duration_ms: event.durationMs,
  role: event.role,
  mode: event.mode,
  value: event.value,
  mark: event.mark,
  messages: event.messages,
  undoes: event.undoes,
  author_name: null,
  text: null,
  entities: null,
  attachments: null,
  cause: event.verdict,
  rule: event.rule,
  case_id: event.caseId,
  label: event.label,
  related: event.related,
  origin: event.origin,
})

type Held = Extract<Opened<ChannelEvent>, { readonly type: 'MessageHeld' }>

/** A message that waits stands in the log with what it says. */
export const heldRow = (record: OutcomeRecord, event: Held): ModerationRow => ({
  channel_id: record.key,
  moderation_seq: event.moderationSeq,
  at: record.at,
  command_id: record.commandId,
  actor: event.author,
  action: 'hold_message',
  member: event.author,
  message_id: record.commandId,
  reason: null,
  duration_ms: null,
  role: null,
  mode: null,
  value: null,
  mark: null,
  messages: null,
  undoes: null,
  author_name: storable(event.authorName),
  text: storable(event.text),
  entities: storable(event.entities),
  attachments: event.attachments,
  cause: event.cause,
  rule: event.rule,
  case_id: null,
  label: event.label,
  related: null,
  origin: null,
})
