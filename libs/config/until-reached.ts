import { setTimeout as sleep } from 'node:timers/promises'
import { EngineRefused } from './refusal.ts'

const BETWEEN_MS = 250

/**
 * Tries to reach an engine until it answers: one that is not there yet may be starting, so it is asked again; what it
 * refuses it refuses for good.
 * @throws EngineRefused at once, or for an engine that did not answer `withinMs`; an AbortError as soon as the signal is
 * aborted, whatever an attempt still waits for
 */
export const untilReached = async (
  attempt: () => Promise<void>,
  options: { readonly withinMs: number; readonly signal?: AbortSignal | undefined },
): Promise<void> => {
  const { signal } = options
  signal?.throwIfAborted()
  const deadline = Date.now() + options.withinMs
  const ended = Promise.withResolvers<never>()
  // Nobody may be waiting when it comes.
  ended.promise.catch(() => {})
  const end = () => ended.reject(signal?.reason)
  signal?.addEventListener('abort', end, { once: true })
  try {
    for (;;) {
      try {
        return await Promise.race([attempt(), ended.promise])
      } catch (error) {
        const mayCome = error instanceof EngineRefused && error.reason === 'unreachable'
        if (!mayCome || Date.now() + BETWEEN_MS > deadline) throw error
      }
      await Promise.race([sleep(BETWEEN_MS), ended.promise])
    }
  } finally {
    signal?.removeEventListener('abort', end)
  }
}
