import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { EventBody, ServerFrameOf } from '#libs/protocols/native/server-frames.ts'
import { decodeEntities } from './entities.ts'

/** An event of a channel as it goes out live: a number in one of its lanes, and the frame that shows it. */
export type LaneFrame = {
  readonly lane: 'public' | 'moderation'
  readonly number: number
  readonly frame: ServerFrameOf<'event'> | ServerFrameOf<'moderation'> | ServerFrameOf<'skip'>
  /** The account whose personal text the frame carries: with its erasure the frame becomes a skip. */
  readonly subject?: string
  /** The public number of the message that shows nothing from now on. */
  readonly hides?: number
}

/** A number with nothing to show, the same for every cause. */
export const skipFrame = (channel: string, from: number, to: number = from): ServerFrameOf<'skip'> => ({
  type: 'skip',
  channel,
  from,
  to,
})

type PublicEvent = Extract<Opened<ChannelEvent>, { readonly seq: number }>
type Posted = Extract<PublicEvent, { type: 'MessagePosted' }>

const messageBody = (
  { author, form, color, replyTo, replyToAuthor, thread, entities, role, tier }: Posted,
  name: string,
  text: string,
  id: string,
): EventBody => ({
  kind: 'message',
  id,
  author: { id: author, name },
  text,
  ...(form !== null && { form }),
  ...(color !== null && { color }),
  ...(replyTo !== null &&
    replyToAuthor !== null && { replyTo: { id: replyTo, author: replyToAuthor, thread: thread ?? replyTo } }),
  ...(entities && { entities: shownEntities(entities) }),
  ...(role !== null && { role }),
  ...(tier !== null && { tier }),
})

const shownEntities = (entities: string) =>
  decodeEntities(entities).map(({ modifiers, ...entity }) => ({
    ...entity,
    ...(modifiers && { modifiers: [...modifiers] }),
  }))

/** What everybody is shown of an event; undefined where there is nothing that could be read. */
const bodyOf = (event: PublicEvent, commandId: string): EventBody | undefined => {
  switch (event.type) {
    case 'ChannelCreated':
      return { kind: 'channel-created', owner: event.ownerId }
    case 'MessagePosted':
      if (event.text === undefined || event.authorName === undefined) return undefined
      return messageBody(event, event.authorName, event.text, commandId)
    case 'MessageDeleted':
      return { kind: 'message-deleted', messageId: event.messageId, messageSeq: event.messageSeq }
    case 'MemberTimedOut':
      return { kind: 'timeout', member: event.member, until: event.until }
    case 'TimeoutEnded':
      return { kind: 'timeout-ended', member: event.member, cause: event.cause }
    case 'SettingsChanged':
      if (event.topic === undefined) return undefined
      return {
        kind: 'settings',
        ...(event.topic !== null && { topic: event.topic === '' ? null : event.topic }),
        ...(event.slowModeSeconds !== null && { slowModeSeconds: event.slowModeSeconds }),
      }
    case 'ModeChanged':
      return { kind: 'mode', mode: event.mode, value: event.value, actor: event.actor }
    case 'SubscriptionGranted':
      return { kind: 'subscription', member: event.member, tier: event.tier, until: event.until }
    case 'SubscriptionEnded':
      return { kind: 'subscription-ended', member: event.member, cause: event.cause }
    case 'RoleAssigned':
      return { kind: 'role', member: event.member, role: event.role }
  }
}

const subjectOf = (event: PublicEvent): string | undefined => {
  if (event.type === 'MessagePosted') return event.author
  if (event.type === 'SettingsChanged' && event.topic !== null) return event.actor
  return undefined
}

const moderationFrame = (
  channel: string,
  event: Extract<Opened<ChannelEvent>, { type: 'ModerationLogged' }>,
  at: number,
): ServerFrameOf<'moderation'> => ({
  type: 'moderation',
  channel,
  moderationSeq: event.moderationSeq,
  at,
  entry: {
    actor: event.actor,
    action: event.action,
    ...(event.member !== null && { member: event.member }),
    ...(event.messageId !== null && { messageId: event.messageId }),
    ...(typeof event.reason === 'string' && { reason: event.reason }),
    ...(event.durationMs !== null && { durationMs: event.durationMs }),
    ...(event.role !== null && { role: event.role }),
    ...(event.mode !== null && { mode: event.mode }),
    ...(event.value !== null && { value: event.value }),
  },
})

/** An event that has a number in one of the lanes. */
export type NumberedEvent = Extract<Opened<ChannelEvent>, { readonly seq: number } | { readonly moderationSeq: number }>

export const isNumbered = (event: Opened<ChannelEvent>): event is NumberedEvent =>
  'seq' in event || 'moderationSeq' in event

/** The frame of one opened event. `commandId` is the id of the command that it came of, and so of its message. */
export const laneFrame = (channel: string, event: NumberedEvent, at: number, commandId: string): LaneFrame => {
  if (event.type === 'ModerationLogged')
    return {
      lane: 'moderation',
      number: event.moderationSeq,
      frame: moderationFrame(channel, event, at),
      ...(event.reason !== null && { subject: event.actor }),
    }
  const body = bodyOf(event, commandId)
  const subject = subjectOf(event)
  return {
    lane: 'public',
    number: event.seq,
    frame: body ? { type: 'event', channel, seq: event.seq, at, event: body } : skipFrame(channel, event.seq),
    ...(subject !== undefined && { subject }),
    ...(event.type === 'MessageDeleted' && { hides: event.messageSeq }),
  }
}
