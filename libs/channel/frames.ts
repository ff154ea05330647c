import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { EventBody, ServerFrameOf } from '#libs/protocols/native/server-frames.ts'
import { decodeEntities } from './entities.ts'
import { pollEnded, pollStarted } from './polls/frames.ts'

/** An event of a channel as it goes out live: a number in one of its lanes, and the frame that shows it. */
export type LaneFrame = {
  readonly lane: 'public' | 'moderation'
  readonly number: number
  readonly frame: ServerFrameOf<'event'> | ServerFrameOf<'moderation'> | ServerFrameOf<'skip'> | ServerFrameOf<'gap'>
  /** The account whose personal text the frame carries: with its erasure the frame becomes a skip. */
  readonly subject?: string
  /** Who alone sees the frame, beside the moderators: for all others it is a skip. */
  readonly only?: string
  /** The messages that show nothing from now on. */
  readonly hides?: Hidden
  /** A message that shows this from now on. */
  readonly edits?: Edited
  /** Messages show again what they showed. */
  readonly restores?: true
}

/** Messages by their public numbers, or all of an author, or all. */
export type Hidden = { readonly numbers: readonly number[] } | { readonly author: string | null }

/** A message by its public number, and what it says instead. */
export type Edited = {
  readonly number: number
  readonly at: number
  readonly text: string
  readonly entities: ReturnType<typeof shownEntities> | undefined
}

/** A number with nothing to show, the same for every cause. */
export const skipFrame = (channel: string, from: number, to: number = from): ServerFrameOf<'skip'> => ({
  type: 'skip',
  channel,
  from,
  to,
})

type PublicEvent = Extract<Opened<ChannelEvent>, { readonly seq: number }>
type Posted = Extract<PublicEvent, { type: 'MessagePosted' | 'HeldMessageApproved' }>
type ModerationEvent = Extract<Opened<ChannelEvent>, { readonly moderationSeq: number }>

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

const subjectOf = (event: PublicEvent): string | undefined => {
  if (event.type === 'MessagePosted' || event.type === 'HeldMessageApproved' || event.type === 'MessageEdited')
    return event.author
  if (event.type === 'SettingsChanged' && event.topic !== null) return event.actor
  if (event.type === 'TextChanged' && event.text !== null) return event.actor
  if (event.type === 'PollStarted') return event.actor
  return undefined
}

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
  ...(event.text !== undefined &&
    event.authorName !== undefined && {
      held: {
        author: { id: event.author, name: event.authorName },
        text: event.text,
        ...(event.entities && { entities: shownEntities(event.entities) }),
        cause: event.cause,
        ...(event.rule !== null && { rule: event.rule }),
      },
    }),
})

const moderationFrame = (channel: string, event: ModerationEvent, at: number, commandId: string): LaneFrame => {
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

const hiddenBy = (event: PublicEvent): Hidden | undefined => {
  if (event.type === 'MessageDeleted') return { numbers: [event.messageSeq] }
  if (event.type !== 'MessagesDeleted') return undefined
  return event.messageSeqs === null ? { author: event.author } : { numbers: event.messageSeqs }
}

/** Who alone sees what happened, beside the moderators. */
const onlyFor = (event: PublicEvent): string | undefined =>
  (event.type === 'MessagePosted' || event.type === 'MessageEdited' || event.type === 'MessageDeleted') &&
  event.seenBy === 'author'
    ? event.author
    : undefined

/** An event that has a number in one of the lanes. */
export type NumberedEvent = Extract<Opened<ChannelEvent>, { readonly seq: number } | { readonly moderationSeq: number }>

export const isNumbered = (event: Opened<ChannelEvent>): event is NumberedEvent =>
  'seq' in event || 'moderationSeq' in event

/** The frame of one opened event. `commandId` is the id of the command that it came of, and so of its message. */
export const laneFrame = (channel: string, event: NumberedEvent, at: number, commandId: string): LaneFrame => {
  if ('moderationSeq' in event) return moderationFrame(channel, event, at, commandId)
  const body = bodyOf(event, commandId)
  const subject = subjectOf(event)
  const only = onlyFor(event)
  const hides = hiddenBy(event)
  return {
    lane: 'public',
    number: event.seq,
    frame: body ? { type: 'event', channel, seq: event.seq, at, event: body } : skipFrame(channel, event.seq),
    ...(subject !== undefined && { subject }),
    ...(only !== undefined && { only }),
    ...(hides && { hides }),
    ...(body?.kind === 'message-edited' && {
      edits: { number: body.messageSeq, at, text: body.text, entities: body.entities },
    }),
    ...(event.type === 'MessagesRestored' && { restores: true }),
  }
}

/** Marks that a member is told of. */
const told = (mark: string): mark is 'mute' | 'slow' | 'warning' =>
  mark === 'mute' || mark === 'slow' || mark === 'warning'

/** What concerns one account alone; undefined of all else. */
export const personalFrame = (
  channel: string,
  event: Opened<ChannelEvent>,
  at: number,
): { readonly accountId: string; readonly frame: ServerFrameOf<'personal'> } | undefined => {
  const framed = (accountId: string, body: ServerFrameOf<'personal'>['event']) => ({
    accountId,
    frame: { type: 'personal' as const, channel, at, event: body },
  })
  switch (event.type) {
    case 'MemberMarked': {
      const { member, mark, until, value, reason } = event
      if (!told(mark)) return undefined
      return framed(member, { kind: 'marked', mark, until, value, ...(typeof reason === 'string' && { reason }) })
    }
    case 'MarkEnded': {
      const { member, mark, cause } = event
      return told(mark) ? framed(member, { kind: 'mark-ended', mark, cause }) : undefined
    }
    case 'ChannelOffered':
      return framed(event.to, { kind: 'channel-offered', until: event.until })
    case 'OfferWithdrawn':
      return framed(event.to, { kind: 'offer-withdrawn' })
    case 'HeldMessageDenied':
      return framed(event.author, { kind: 'not-posted', messageId: event.messageId, cause: event.cause })
    case 'AppealAnswered': {
      const { appellant, appealId, answer, until, reason } = event
      const said = typeof reason === 'string' ? { reason } : {}
      return framed(appellant, { kind: 'appeal-answered', appeal: appealId, answer, until, ...said })
    }
    case 'ReportClosed': {
      const { reporter, reportId, resolution } = event
      return framed(reporter, { kind: 'report-closed', report: reportId, resolution })
    }
    default:
      return undefined
  }
}
