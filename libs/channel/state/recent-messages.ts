import { Map as ImmutableMap } from 'immutable'
import type { Instant } from '#libs/journal/log.ts'

/** What a channel keeps of a message, so that its deletion is decided by the truth and not by a read model. */
export type KnownMessage = {
  readonly id: string
  readonly author: string
  readonly seq: number
  readonly deleted: boolean
  /** Only its author and the moderators see it. */
  readonly hidden?: true
  /** The message that its thread begins with; undefined where it answers none. */
  readonly thread?: string
  /** When it was posted; left out of one that the channel itself does not keep. */
  readonly at?: Instant
}

/** The last messages, by their place in the order of posting, so that the oldest is found at once. */
export type RecentMessages = {
  readonly byPlace: ImmutableMap<number, KnownMessage>
  readonly places: ImmutableMap<string, number>
  /** How many were ever posted: the place of the next one. */
  readonly posted: number
}

export const recentMessageCount = 1_000

export const noMessages: RecentMessages = { byPlace: ImmutableMap(), places: ImmutableMap(), posted: 0 }

export const findMessage = (messages: RecentMessages, id: string): KnownMessage | undefined => {
  const place = messages.places.get(id)
  return place === undefined ? undefined : messages.byPlace.get(place)
}

export const rememberMessage = (messages: RecentMessages, message: KnownMessage): RecentMessages => {
  const { byPlace, places, posted } = messages
  const oldest = byPlace.get(posted - recentMessageCount)
  return {
    byPlace: (oldest ? byPlace.delete(posted - recentMessageCount) : byPlace).set(posted, message),
    places: (oldest ? places.delete(oldest.id) : places).set(message.id, posted),
    posted: posted + 1,
  }
}

export const markDeleted = (messages: RecentMessages, id: string): RecentMessages => {
  const place = messages.places.get(id)
  const message = findMessage(messages, id)
  if (place === undefined || !message) return messages
  return { ...messages, byPlace: messages.byPlace.set(place, { ...message, deleted: true }) }
}

/** Deletes or restores all that are chosen. */
export const changeDeleted = (
  messages: RecentMessages,
  deleted: boolean,
  isChosen: (message: KnownMessage) => boolean,
): RecentMessages => ({
  ...messages,
  byPlace: messages.byPlace.map((message) =>
    message.deleted !== deleted && isChosen(message) ? { ...message, deleted } : message,
  ),
})

/** Number of the oldest message that is kept; undefined where there is none. */
export const oldestKeptSeq = ({ byPlace, posted }: RecentMessages): number | undefined =>
  byPlace.get(posted - byPlace.size)?.seq

/** The oldest first. */
export const messagesInOrder = ({ byPlace, posted }: RecentMessages): readonly KnownMessage[] =>
  Array.from({ length: byPlace.size }, (_, index) => byPlace.get(posted - byPlace.size + index) ?? []).flat()

/** The other way round. `posted` counts those before them too. */
export const messagesFrom = (inOrder: readonly KnownMessage[], posted: number): RecentMessages =>
  inOrder.reduce(rememberMessage, { ...noMessages, posted: posted - inOrder.length })
