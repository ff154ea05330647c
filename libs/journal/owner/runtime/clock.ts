import type { Instant } from '../../log.ts'

/** How far ahead of the broker an owner's clock may be. */
export const clockAheadMs = 5_000

/** Sends that are remembered at most; more are never unread at once but in a log that stands still. */
const sendsBound = 1_000

/**
 * Holds the owner's clock against the broker's (I6). A record read back tells at what time of the broker it was written,
 * which was not before it was sent: so the broker's clock is known to be no further than that, however late the record
 * is read. The monotonic clock carries it on, so a jump of the wall clock is seen at once, and not by the records that
 * it would spoil.
 *
 * Any time that the broker has told says that its clock has come so far at least. Where that is further than was thought,
 * the broker's own clock has jumped, or the machine has slept and its monotonic clock with it: an owner that kept to what
 * it thought would never send again, and so never learn better. So while it seems ahead it asks.
 */
export type ClockGuard = {
  /** A record by this name is being sent. */
  readonly sent: (name: string) => void
  /** It was read back, with the broker's time. */
  readonly observe: (name: string, timestamp: Instant) => void
  /** ms by which the wall clock is further ahead than it may be; 0 where it is not. */
  readonly aheadMs: () => number
  /** Asks the broker for its time, unless that is under way or was done a moment ago. */
  readonly ask: () => void
}

/** The least time between two questions of what time it is. */
const askEveryMs = 1_000

export const clockGuard = (
  now: () => Instant,
  brokerTime: () => Promise<Instant>,
  monotonic: () => number = () => performance.now(),
): ClockGuard => {
  const sends = new Map<string, number>()
  let seen: { readonly timestamp: Instant; readonly at: number } | undefined
  let asking = false
  let askedAt = Number.NEGATIVE_INFINITY
  const broker = ({ timestamp, at }: NonNullable<typeof seen>): Instant => timestamp + (monotonic() - at)
  const heard = (timestamp: Instant): void => {
    if (seen && timestamp > broker(seen)) seen = { timestamp, at: monotonic() }
  }

  return {
    sent: (name) => {
      const [oldest] = sends.keys()
      if (sends.size >= sendsBound && oldest !== undefined) sends.delete(oldest)
      sends.set(name, monotonic())
    },
    observe: (name, timestamp) => {
      const at = sends.get(name)
      if (at === undefined) return
      sends.delete(name)
      seen = { timestamp, at }
    },
    aheadMs: () => {
      if (!seen) return 0
      const ahead = now() - broker(seen)
      return ahead > clockAheadMs ? ahead : 0
    },
    ask: () => {
      if (asking || monotonic() - askedAt < askEveryMs) return
      asking = true
      askedAt = monotonic()
      brokerTime()
        .then(heard)
        .catch(() => {
          // The log is away: whoever is in doubt asks again.
        })
        .finally(() => {
          asking = false
        })
    },
  }
}
