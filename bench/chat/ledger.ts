import type { Samples } from '../load/samples.ts'

/** What one phase came to, counted over every client. */
export type Tally = {
  deliveries: number
  duplicated: number
  outOfOrder: number
  gapFrames: number
  rejected: number
  closes: number
}

/** A numbered frame of a channel's public lane, as a client sees it. */
export type LaneFrame =
  | { readonly kind: 'event'; readonly seq: number; readonly post: number | undefined }
  | { readonly kind: 'skip'; readonly from: number; readonly to: number }

/**
 * The books of one client in one channel: every number once, in order. What is missing in between may still come late,
 * which is out of order; what comes again is doubled; what never comes is lost.
 */
export type ClientBooks = {
  readonly take: (seq: number) => void
  readonly lost: () => number
}

export const clientBooks = (tally: Tally): ClientBooks => {
  let last: number | undefined
  const missing = new Set<number>()
  return {
    take: (seq) => {
      if (last === undefined || seq === last + 1) {
        last = seq
      } else if (seq > last) {
        for (let absent = last + 1; absent < seq; absent++) missing.add(absent)
        last = seq
      } else if (missing.delete(seq)) {
        tally.outOfOrder++
      } else {
        tally.duplicated++
      }
    },
    lost: () => missing.size,
  }
}

/** Posts of one phase: when each was due, and how many clients have it. */
export type PostBooks = {
  readonly due: (post: number, atMs: number) => void
  readonly delivered: (post: number, atMs: number) => void
  readonly undelivered: () => number
}

export const postBooks = (options: {
  readonly posts: number
  readonly audience: number
  /** Posts before this one are warm-up: they must arrive, but are no samples. */
  readonly firstMeasured: number
  readonly samples: Samples
}): PostBooks => {
  const dueAt = new Float64Array(options.posts)
  const copies = new Uint16Array(options.posts)
  let outstanding = 0
  return {
    due: (post, atMs) => {
      dueAt[post] = atMs
      outstanding += options.audience
    },
    delivered: (post, atMs) => {
      copies[post] = (copies[post] ?? 0) + 1
      if ((copies[post] ?? 0) <= options.audience) outstanding--
      if (post >= options.firstMeasured) options.samples.add(atMs - (dueAt[post] ?? atMs))
    },
    undelivered: () => outstanding,
  }
}
