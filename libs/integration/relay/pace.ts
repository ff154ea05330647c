const WINDOW_MS = 1_000
/** From so many outcomes a second on a partition counts as busy. */
const BUSY_OUTCOMES = 50
const BUSY_PACE_MS = 25
const QUIET_PACE_MS = 1_000

/** How far apart the transactions of one partition begin. */
export type Pace = {
  readonly took: (outcomes: number) => void
  /** The distance to the next transaction, in milliseconds. */
  readonly ms: () => number
}

/**
 * A transaction costs the broker as much as several hundred records, whatever it holds, and chat runs on the same one.
 * Where much happens transactions follow soon and are large; a quiet partition gathers for a second.
 */
export const createPace = (now: () => number = () => performance.now()): Pace => {
  let since = now()
  let count = 0
  let before = 0

  const turnWindow = (): void => {
    const passed = now() - since
    if (passed < WINDOW_MS) return
    before = passed < 2 * WINDOW_MS ? count : 0
    count = 0
    since = now()
  }

  return {
    took: (outcomes) => {
      turnWindow()
      count += outcomes
    },
    ms: () => {
      turnWindow()
      return Math.max(count, before) >= BUSY_OUTCOMES ? BUSY_PACE_MS : QUIET_PACE_MS
    },
  }
}
