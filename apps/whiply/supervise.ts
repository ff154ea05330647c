import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '#infra/embedded/engine.ts'
import { describeExit } from '#infra/embedded/engine.ts'

/** A process that is started again whenever it ends by itself. */
export type Supervised<E extends Engine> = {
  /** The one that runs, or ran last. */
  readonly current: () => E
  /** Stops it for good. Idempotent. */
  readonly stop: () => Promise<void>
}

/** One that ran this long before it ended is no crash loop: the next start waits the least again. */
const STABLE_MS = 10_000
const FIRST_MS = 100
const LONGEST_MS = 30_000

/** 0.1 s, 0.2 s, 0.4 s, up to 30 s. @param failures how often in a row, from 1 */
export const backoffMs = (failures: number): number => Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1))

/**
 * Starts a process and keeps it running. The first start is the caller's to fail; later ones are tried for ever, with
 * growing pauses, and reported.
 * @param adopted one that runs already, and makes the first start needless
 */
export const supervise = async <E extends Engine>(
  launch: () => Promise<E>,
  report: (message: string) => void,
  adopted?: E,
): Promise<Supervised<E>> => {
  let current = adopted ?? (await launch())
  const stopping = new AbortController()
  const { signal } = stopping

  const startAgain = async (failures: number): Promise<number> => {
    for (let attempt = failures; ; attempt += 1) {
      await sleep(backoffMs(attempt), undefined, { signal }).catch(() => {})
      if (signal.aborted) return attempt
      try {
        current = await launch()
        report(`${current.name} runs again.`)
        return attempt
      } catch (error) {
        report(`${(error as Error).message}\nThe next try is in ${backoffMs(attempt + 1) / 1000} s.`)
      }
    }
  }

  const watch = async () => {
    let failures = 0
    while (!signal.aborted) {
      const since = Date.now()
      const exit = await current.exited
      if (signal.aborted) return
      failures = Date.now() - since > STABLE_MS ? 1 : failures + 1
      const pause = backoffMs(failures) / 1000
      report(`${current.name} ended by itself (${describeExit(exit)}). It is started again in ${pause} s.`)
      failures = await startAgain(failures)
    }
    // The stop came while a start was under way: what it brought is nobody else's to stop.
    await current.stop()
  }

  const watching = watch()
  return {
    current: () => current,
    stop: async () => {
      stopping.abort()
      await current.stop()
      await watching
    },
  }
}
