import type { Instant } from '../../log.ts'

/** How far ahead of the broker an owner's clock may be. */
export const clockAheadMs = 5_000

/**
 * Holds the owner's clock against the broker's (I6). A record read back fresh tells the broker's time; from there on the
 * monotonic clock carries it, so a jump of the wall clock is seen at once, and not by the records that it would spoil.
 */
export type ClockGuard = {
  /** Of a record that this owner has just written. */
  readonly observe: (timestamp: Instant) => void
  /** ms by which the wall clock is further ahead than it may be; 0 where it is not. */
  readonly aheadMs: () => number
}

export const clockGuard = (now: () => Instant, monotonic: () => number = () => performance.now()): ClockGuard => {
  let seen: { readonly timestamp: Instant; readonly at: number } | undefined
  return {
    observe: (timestamp) => {
      seen = { timestamp, at: monotonic() }
    },
    aheadMs: () => {
      if (!seen) return 0
      const broker = seen.timestamp + (monotonic() - seen.at)
      const ahead = now() - broker
      return ahead > clockAheadMs ? ahead : 0
    },
  }
}
