import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { ServerFrameOf } from '#libs/protocols/native/server-frames.ts'
import { decodeAttachments } from '../attachments/attachments.ts'
import { shownEntities } from './entities.ts'
import type { LaneFrame } from './lane-frame.ts'

type ModerationEvent = Extract<Opened<ChannelEvent>, { readonly moderationSeq: number }>

type Entry = ServerFrameOf<'moderation'>['entry']

const loggedEntry = (event: Extract<ModerationEvent, { type: 'ModerationLogged' }>): Entry => ({
  actor: event.actor,
  action: event.action,
  ...(event.member !== null && { member: event.member }),
  ...(event.messageId !== null && { messageId: event.messageId }),
  ...(typeof event.reason === 'string' && { reason: event.reason }),
  ...(event.durationMs !== null && { durationMs: event.durationMs }),
  ...(event.role !== null && { role: event.role }),
  ...(event.mode !== null && { mode: event.mode }),
  ...(event.value !== null && { value: event.value }),
  ...(event.mark !== null && { mark: event.mark }),
  ...(event.messages !== null && { messages: [...event.messages] }),
  ...(event.undoes !== null && { undoes: event.undoes }),
  ...(event.rule !== null && { rule: event.rule }),
  ...(event.verdict !== null && { verdict: event.verdict }),
  ...(event.caseId !== null && { caseId: event.caseId }),
  ...(event.label !== null && { label: event.label }),
  ...(event.related !== null && { related: [...event.related] }),
  ...(event.origin !== null && { origin: event.origin }),
})

/** A message that waits is its author's act; nothing of it is left once they are erased. */
const heldEntry = (event: Extract<ModerationEvent, { type: 'MessageHeld' }>, messageId: string): Entry => ({
  actor: event.author,
  action: 'hold_message',
  member: event.author,
  messageId,
  ...(event.label !== null && { label: event.label }),
  ...(event.text !== undefined &&
    event.authorName !== undefined && {
      held: {
        author: { id: event.author, name: event.authorName },
        text: event.text,
        ...(event.entities && { entities: shownEntities(event.entities) }),
        ...(event.attachments && { attachments: decodeAttachments(event.attachments) }),
        cause: event.cause,
        ...(event.rule !== null && { rule: event.rule }),
      },
    }),
})

export const moderationFrame = (channel: string, event: ModerationEvent, at: number, commandId: string): LaneFrame => {
  const { moderationSeq } = event
  const isLog = event.type === 'ModerationLogged'
  const entry = isLog ? loggedEntry(event) : heldEntry(event, commandId)
  const subject = isLog ? (event.reason === null ? undefined : event.actor) : event.author
  return {
    lane: 'moderation',
    number: moderationSeq,
    frame: { type: 'moderation', channel, moderationSeq, at, entry },
    ...(subject !== undefined && { subject }),
  }
}
