import { codecs } from '#libs/contracts/codecs.ts'
import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import type { Open, Opened } from '#libs/contracts/sealed.ts'
import type { OutboundCommand } from '#libs/journal/gateway.ts'
import { eventId, type OutcomeRecord } from '#libs/journal/outcome.ts'
import type { ChannelCommand, ChannelCommandOf } from './commands.ts'
import type { EdgeView } from './edge-view.ts'
import type { ElsewhereFacts } from './elsewhere/elsewhere.ts'
import type { LaneFrame } from './frames/lane-frame.ts'

/**
 * What lies behind an edge's rings, read from the read models of the context.
 *
 * `open` answers with the channel as it is at `minPosition` or later (a token of `positionToken`; null where nothing of
 * the partition was read yet); undefined where there is no such channel. Rejects where the read model does not get
 * there in time.
 *
 * `between` answers for every public number from `from` to `to`, in order: the frame of the event, or a skip. It may
 * answer for fewer, from `from` on, where the read model has no more.
 *
 * `moderationBetween` is the same of the moderators' lane.
 *
 * `startOfLast` is the number of the `count`th last message before `before`; the first message's where there are fewer.
 */
export type ChannelHistory = {
  readonly open: (channel: string, minPosition: string | null) => Promise<EdgeView | undefined>
  readonly between: (channel: string, from: number, to: number) => Promise<readonly LaneFrame[]>
  readonly moderationBetween: (channel: string, from: number, to: number) => Promise<readonly LaneFrame[]>
  readonly startOfLast: (channel: string, count: number, before: number) => Promise<number>
}

/** What an edge knows of a member beside the channel, by the names that rules ask for; what it does not know is left out. */
export type MemberFacts = {
  /** Since when they follow the channel: milliseconds since the epoch, as text. */
  readonly followedAt?: string
  readonly accountCreatedAt?: string
  readonly verified?: 'true'
  /** The version of the channel's rules that they have accepted last. */
  readonly rulesAccepted?: string
  /** Of the message that the command names. */
  readonly messageSeq?: string
  readonly messageAuthor?: string
  /** Emotes of the platform in the text: see `globalsFact`. */
  readonly globalEmotes?: string
  /** Messages that an act is about: see `evidenceFacts`. */
  readonly evidence?: string
  /** Uploads that a message shows: see `attachmentsFact`. */
  readonly attachments?: string
  /** From where it comes: see `originFact`. */
  readonly address?: string | undefined
  /** Of whom it bans: see `addressFacts`. */
  readonly addresses?: string
  readonly addressesEach?: string
  readonly addressesUnread?: 'true'
} & ElsewhereFacts

/** A sealed event of a valid outcome, with what it takes to open it. */
export type SealedEvent = { readonly event: ChannelEvent; readonly eventId: string }

/** The events of an accepted outcome, sealed as the journal holds them. Throws what a codec throws. */
export const eventsOf = (record: OutcomeRecord): readonly SealedEvent[] =>
  record.outcome.kind === 'accepted'
    ? record.outcome.events.map((encoded, index) => ({
        event: codecs.channel.decodeEvent(encoded),
        eventId: eventId(record.commandId, index),
      }))
    : []

export const subjectsOf = ({ event }: SealedEvent): readonly string[] => codecs.channel.subjectsOf(event)

export const openEvent = (sealed: SealedEvent, open: Open): Opened<ChannelEvent> =>
  codecs.channel.openEvent(sealed.event, sealed.eventId, open)

/** What somebody writes, as a frame or a body of a request has it. */
export type Written = {
  readonly text: string
  readonly form?: 'action' | 'announcement' | undefined
  readonly color?: NonNullable<ChannelCommandOf<'PostMessage'>['color']> | undefined
  readonly replyTo?: string | undefined
  readonly attachments?: readonly string[] | undefined
}

/** The command that posts it. */
export const writtenCommand = ({
  text,
  form,
  color,
  replyTo,
  attachments,
}: Written): ChannelCommandOf<'PostMessage'> => ({
  type: 'PostMessage',
  text,
  form: form ?? null,
  color: color ?? null,
  replyTo: replyTo ?? null,
  attachments: attachments ?? null,
})

/** Who sends a command, and what an edge knows of them: soft facts that ride along (I9). */
export type Sender = {
  readonly id: string
  readonly channel: string
  readonly author: string
  readonly platformRole: string
  readonly authorName: string
  readonly facts: MemberFacts
  readonly expiresAt: number
  readonly traceparent: string | undefined
}

/** A command on its way to a channel. */
export const outbound = (command: ChannelCommand, sender: Sender): OutboundCommand => {
  const { type, version, bytes } = codecs.channel.encodeCommand(command)
  return {
    family: 'channel',
    key: sender.channel,
    id: sender.id,
    principal: sender.author,
    type,
    version,
    payload: bytes,
    facts: { ...sender.facts, displayName: sender.authorName, platformRole: sender.platformRole },
    expiresAt: sender.expiresAt,
    ...(sender.traceparent !== undefined && { traceparent: sender.traceparent }),
  }
}

/** What read models know of a member; undefined where there is nothing to know. */
export type MemberKnown = {
  readonly followedAt: number | undefined
  readonly accountCreatedAt: number | undefined
  /** Whether their e-mail address is confirmed. */
  readonly verified: true | undefined
  readonly rulesAccepted: number | undefined
}

/** What is known of a member as facts of a command. */
export const factsOf = (known: MemberKnown): MemberFacts =>
  Object.fromEntries(
    Object.entries(known).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )
