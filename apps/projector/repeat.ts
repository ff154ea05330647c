import { setTimeout as sleep } from 'node:timers/promises'
import type { Running } from './keep-running.ts'

/**
 * Does something over and over, `everyMs` after it was last done, for the first time after `firstMs`. Ends where that
 * rejects; a close lets what is under way come to its end, which the signal asks for.
 */
export const repeat = (work: (signal: AbortSignal) => Promise<void>, everyMs: number, firstMs = 0): Running => {
  const abort = new AbortController()
  const { signal } = abort

  const loop = async (): Promise<void> => {
    for (let pauseMs = firstMs; ; pauseMs = everyMs) {
      await sleep(pauseMs, undefined, { signal }).catch(() => {})
      if (signal.aborted) return
      await work(signal)
    }
  }

  const ended = loop()
  return {
    ended,
    close: async () => {
      abort.abort()
      await ended.catch(() => {})
    },
  }
}
