import { setTimeout as sleep } from 'node:timers/promises'
import { EngineRefused } from './refusal.ts'

const BETWEEN_MS = 250

/**
 * Tries to reach an engine until it answers: one that is not there yet may be starting, so it is asked again; what it
 * refuses it refuses for good.
 * @throws EngineRefused at once, or for an engine that did not answer `withinMs`
 */
export const untilReached = async (
  attempt: () => Promise<void>,
  options: { readonly withinMs: number; readonly signal?: AbortSignal | undefined },
): Promise<void> => {
  const deadline = Date.now() + options.withinMs
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      const mayCome = error instanceof EngineRefused && error.reason === 'unreachable'
      if (!mayCome || options.signal?.aborted || Date.now() + BETWEEN_MS > deadline) throw error
    }
    await sleep(BETWEEN_MS)
  }
}
