import type { ServerFrameOf } from '#libs/protocols/native/server-frames.ts'
import type { shownEntities } from './entities.ts'

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
