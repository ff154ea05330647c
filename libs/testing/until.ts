import { setTimeout as sleep } from 'node:timers/promises'

const FIRST_PAUSE_MS = 5
/** What takes long is looked at less often: many files wait at once, and each look costs those that work. */
const LONGEST_PAUSE_MS = 100

/** Waits for a condition by looking often; fails at the deadline, naming what was waited for. */
export const until = async (
  condition: () => boolean | Promise<boolean>,
  { timeoutMs = 30_000, what = condition.toString() }: { readonly timeoutMs?: number; readonly what?: string } = {},
): Promise<void> => {
  const deadline = performance.now() + timeoutMs
  let pauseMs = FIRST_PAUSE_MS
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`)
    await sleep(pauseMs)
    pauseMs = Math.min(pauseMs * 1.25, LONGEST_PAUSE_MS)
  }
}
