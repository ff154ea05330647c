import { OrderedMap } from 'immutable'
import type { Copied } from '#libs/contracts/sealed.ts'
import type { Instant } from '#libs/journal/log.ts'
import type { ChannelEventOf } from '../events.ts'

/** A message that waits for a moderator, with its texts as the event that holds it has them sealed. */
export type HeldMessage = Omit<ChannelEventOf<'HeldMessageApproved'>, 'type' | 'seq'> & {
  readonly heldAt: Instant
  /** Whether a permit for links had to let it by. */
  readonly byPermit: boolean
}

/** By id, the oldest first. */
export type HeldMessages = OrderedMap<string, HeldMessage>

export const noHeldMessages: HeldMessages = OrderedMap()

export const maxHeldMessages = 200

/** A message that nobody has looked at for so long is not posted any more: a day. */
export const heldForMs = 86_400_000

const copied = (sealed: Buffer): Copied => sealed as Copied

export const holdMessage = (
  held: HeldMessages,
  event: ChannelEventOf<'MessageHeld'>,
  { messageId, heldEvent, at }: { readonly messageId: string; readonly heldEvent: string; readonly at: Instant },
): HeldMessages => {
  const { author, form, color, replyTo, replyToAuthor, thread, role, tier, attachments } = event
  return held.set(messageId, {
    messageId,
    heldEvent,
    author,
    authorName: copied(event.authorName),
    text: copied(event.text),
    entities: event.entities === null ? null : copied(event.entities),
    form,
    color,
    replyTo,
    replyToAuthor,
    thread,
    role,
    tier,
    attachments,
    heldAt: at,
    byPermit: event.byPermit ?? false,
  })
}

/** When the first of them has waited for too long; undefined where none waits. */
export const heldUntil = (held: HeldMessages): Instant | undefined => {
  const oldest = held.first()
  return oldest && oldest.heldAt + heldForMs
}

type Texts = 'authorName' | 'text' | 'entities'

/** As a snapshot has one. */
export type EncodedHeld = Omit<HeldMessage, Texts> & {
  readonly authorName: string
  readonly text: string
  readonly entities: string | null
}

export const encodeHeld = (held: HeldMessages): readonly EncodedHeld[] =>
  [...held.values()].map((message) => ({
    ...message,
    authorName: message.authorName.toString('base64'),
    text: message.text.toString('base64'),
    entities: message.entities?.toString('base64') ?? null,
  }))

const bytes = (text: string): Copied => copied(Buffer.from(text, 'base64'))

export const decodeHeld = (encoded: readonly EncodedHeld[]): HeldMessages =>
  OrderedMap(
    encoded.map((message): [string, HeldMessage] => [
      message.messageId,
      {
        ...message,
        authorName: bytes(message.authorName),
        text: bytes(message.text),
        entities: message.entities === null ? null : bytes(message.entities),
      },
    ]),
  )
