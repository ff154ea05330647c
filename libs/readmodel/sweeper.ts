import { setTimeout as sleep } from 'node:timers/promises'
import type { Sql } from 'postgres'
import { withBackoff } from '#libs/journal/backoff.ts'
import { isTransient } from './errors.ts'
import type { Sweep } from './projection.ts'

export type SweeperOptions = {
  readonly sql: Sql
  readonly sweep: Sweep
  /** What a step failed with, unless Postgres was away, which is waited for. */
  readonly onError: (error: unknown) => void
  readonly signal: AbortSignal
}

export type Sweeper = {
  /** There may be something to sweep. */
  readonly wake: () => void
  /** Resolves when no step is under way and none is to come. */
  readonly idle: () => Promise<void>
}

/**
 * Sweeps beside the lanes, one step at a time, until nothing is left. It rests as long as each step took, so that it takes
 * no more than half of a connection, and of what it costs Postgres, from the rows that people wait for.
 */
export const createSweeper = ({ sql, sweep, onError, signal }: SweeperOptions): Sweeper => {
  let running: Promise<void> | undefined
  let woken = false

  const run = async (): Promise<void> => {
    while (woken && !signal.aborted) {
      woken = false
      const started = performance.now()
      const more = await withBackoff(() => sql.begin((tx) => sweep.step(tx)), { retryable: isTransient, signal })
      woken ||= more === true
      if (woken) await sleep(performance.now() - started, undefined, { signal }).catch(() => {})
    }
  }

  const start = (): void => {
    running ??= run()
      .catch((error) => {
        if (!signal.aborted) onError(error)
      })
      .finally(() => {
        running = undefined
        // Between the last look and here it may have been woken.
        if (woken && !signal.aborted) start()
      })
  }

  return {
    wake: () => {
      woken = true
      if (!signal.aborted) start()
    },
    idle: async () => {
      while (running) await running
    },
  }
}
