import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { EventBody } from '#libs/protocols/native/server-frames.ts'
import { decodeAttachments } from '../attachments/attachments.ts'
import { pollEnded, pollStarted } from '../polls/frames.ts'
import { shownEntities } from './entities.ts'
import type { Hidden } from './lane-frame.ts'

type PublicEvent = Extract<Opened<ChannelEvent>, { readonly seq: number }>

type Posted = Extract<PublicEvent, { type: 'MessagePosted' | 'HeldMessageApproved' }>

const messageBody = (
  { author, form, color, replyTo, replyToAuthor, thread, entities, role, tier, ...rest }: Posted,
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
  ...('combo' in rest && rest.combo !== null && { combo: rest.combo }),
  ...('attachments' in rest && rest.attachments && { attachments: decodeAttachments(rest.attachments) }),
})

/** What everybody is shown of an event; undefined where there is nothing that could be read. */
export const bodyOf = (event: PublicEvent, commandId: string): EventBody | undefined => {
  switch (event.type) {
    case 'ChannelCreated':
      return { kind: 'channel-created', owner: event.ownerId }
    case 'MessagePosted':
      if (event.text === undefined || event.authorName === undefined) return undefined
      return messageBody(event, event.authorName, event.text, commandId)
    case 'HeldMessageApproved':
      if (event.text === undefined || event.authorName === undefined) return undefined
      return messageBody(event, event.authorName, event.text, event.messageId)
    case 'MessageEdited':
      if (event.text === undefined) return undefined
      return {
        kind: 'message-edited',
        messageId: event.messageId,
        messageSeq: event.messageSeq,
        text: event.text,
        ...(event.entities && { entities: shownEntities(event.entities) }),
      }
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
    case 'MemberBanned':
      return { kind: 'ban', member: event.member, until: event.until }
    case 'BanEnded':
      return { kind: 'ban-ended', member: event.member, cause: event.cause }
    case 'MessagesDeleted':
      return {
        kind: 'messages-deleted',
        author: event.author,
        messageSeqs: event.messageSeqs && [...event.messageSeqs],
      }
    case 'MessagesRestored':
      return { kind: 'messages-restored', messageSeqs: [...event.messageSeqs] }
    case 'PinChanged': {
      const { actor, messageId, messageSeq } = event
      return {
        kind: 'pin',
        actor,
        message: messageId === null || messageSeq === null ? null : { id: messageId, seq: messageSeq },
      }
    }
    case 'TextChanged':
      if (event.text === undefined) return undefined
      return { kind: 'text', of: event.kind, text: event.text, version: event.version }
    case 'ChannelClosed':
      return { kind: 'channel-closed' }
    case 'ChannelReopened':
      return { kind: 'channel-reopened' }
    case 'EmoteAdded': {
      const { actor, name, moving, width, tier } = event
      return { kind: 'emote-added', actor, emote: { id: commandId, name, moving, width, tier } }
    }
    case 'EmoteChanged': {
      const { actor, emoteId: id, name, tier, enabled } = event
      return { kind: 'emote-changed', actor, emote: { id, name, tier, enabled } }
    }
    case 'EmoteRemoved':
      return { kind: 'emote-removed', actor: event.actor, emote: { id: event.emoteId } }
    case 'RetentionChanged':
      return { kind: 'retention', actor: event.actor, days: event.days }
    case 'ModeChanged':
      return { kind: 'mode', mode: event.mode, value: event.value, actor: event.actor }
    case 'SubscriptionGranted':
      return { kind: 'subscription', member: event.member, tier: event.tier, until: event.until }
    case 'SubscriptionEnded':
      return { kind: 'subscription-ended', member: event.member, cause: event.cause }
    case 'ChannelTransferred':
      return { kind: 'channel-transferred', previousOwner: event.previousOwnerId, owner: event.ownerId }
    case 'ChannelRenamed':
      return { kind: 'channel-renamed', slug: event.slug }
    case 'PollStarted':
      return pollStarted(event)
    case 'PollEnded':
      return pollEnded(event)
    case 'RoleAssigned':
      return { kind: 'role', member: event.member, role: event.role }
  }
}

export const subjectOf = (event: PublicEvent): string | undefined => {
  if (event.type === 'MessagePosted' || event.type === 'HeldMessageApproved' || event.type === 'MessageEdited')
    return event.author
  if (event.type === 'SettingsChanged' && event.topic !== null) return event.actor
  if (event.type === 'TextChanged' && event.text !== null) return event.actor
  if (event.type === 'PollStarted') return event.actor
  return undefined
}

export const hiddenBy = (event: PublicEvent): Hidden | undefined => {
  if (event.type === 'MessageDeleted') return { numbers: [event.messageSeq] }
  if (event.type !== 'MessagesDeleted') return undefined
  return event.messageSeqs === null ? { author: event.author } : { numbers: event.messageSeqs }
}

/** Who alone sees what happened, beside the moderators. */
export const onlyFor = (event: PublicEvent): string | undefined =>
  (event.type === 'MessagePosted' || event.type === 'MessageEdited' || event.type === 'MessageDeleted') &&
  event.seenBy === 'author'
    ? event.author
    : undefined
