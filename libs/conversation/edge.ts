import { codecs } from '#libs/contracts/codecs.ts'
import type { Open } from '#libs/contracts/sealed.ts'
import type { OutboundCommand } from '#libs/journal/gateway.ts'
import { eventId, type OutcomeRecord } from '#libs/journal/outcome.ts'
import type { ServerFrameOf } from '#libs/protocols/native/server-frames.ts'
import type { ConversationCommand } from './commands.ts'
import type { ConversationEvent } from './events.ts'
import { frameOf } from './frames.ts'
import type { InboxView } from './views.ts'

/**
 * The lane of whispers of an account as its read model has it. `open` answers as of `minPosition` or later, and rejects where the
 * read model does not get there in time; `between` in the order of the numbers, without a hole.
 */
export type WhisperHistory = {
  readonly open: (accountId: string, minPosition: string | null) => Promise<InboxView>
  readonly between: (accountId: string, from: number, to: number) => Promise<readonly ServerFrameOf<'whispered'>[]>
}

/** What an edge knows of who is whispered to: soft facts that ride along (I9). */
export type ReceiverFacts = {
  /** Whether somebody is there to whisper to. */
  readonly exists: boolean
  /** Whether they follow the channel of who whispers. */
  readonly followed: boolean
}

/** Reads of accounts and channels that tell who is whispered to. */
type ReceiverReads = {
  readonly account: (accountId: string) => Promise<{ readonly state: string } | undefined>
  readonly followedAt: (channelId: string, accountId: string) => Promise<unknown>
}

/** What the read models of accounts and channels say of who is whispered to. */
export const receiverFacts =
  ({ account, followedAt }: ReceiverReads) =>
  async (senderId: string, receiverId: string): Promise<ReceiverFacts> => {
    const [receiver, follows] = await Promise.all([
      account(receiverId),
      // The sender's own channel has the sender's id.
      followedAt(senderId, receiverId),
    ])
    return { exists: receiver?.state === 'open', followed: follows !== undefined }
  }

type Sender = {
  readonly id: string
  /** Whose whispers it is about. */
  readonly inbox: string
  readonly principal: string
  readonly displayName: string
  readonly followed: boolean
  readonly expiresAt: number
  readonly traceparent: string | undefined
}

/** A command on its way to the whispers of an account. */
export const outbound = (command: ConversationCommand, sender: Sender): OutboundCommand => {
  const { type, version, bytes } = codecs.conversation.encodeCommand(command)
  return {
    family: 'conversation',
    key: sender.inbox,
    id: sender.id,
    principal: sender.principal,
    type,
    version,
    payload: bytes,
    facts: { displayName: sender.displayName, ...(sender.followed && { followed: 'true' }) },
    expiresAt: sender.expiresAt,
    ...(sender.traceparent !== undefined && { traceparent: sender.traceparent }),
  }
}

/** An event as the journal holds it, with what it takes to open it. */
type Sealed = { readonly event: ConversationEvent; readonly eventId: string }

/** The events of an accepted outcome, sealed. Throws what a codec throws. */
export const eventsOf = ({ outcome, commandId }: OutcomeRecord): readonly Sealed[] =>
  outcome.kind === 'accepted'
    ? outcome.events.map((encoded, index) => ({
        event: codecs.conversation.decodeEvent(encoded),
        eventId: eventId(commandId, index),
      }))
    : []

export const subjectsOf = ({ event }: Sealed): readonly string[] => codecs.conversation.subjectsOf(event)

/** The frame of an event; undefined of what stands in no lane. */
export const openedFrame = (record: OutcomeRecord, sealed: Sealed, open: Open) => {
  const event = codecs.conversation.openEvent(sealed.event, sealed.eventId, open)
  return event.type === 'InboxClosed' ? undefined : frameOf(record, event)
}
