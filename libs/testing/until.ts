import { setTimeout as sleep } from 'node:timers/promises'

/** Waits for a condition by looking often; fails at the deadline, naming what was waited for. */
export const until = async (
  condition: () => boolean | Promise<boolean>,
  { timeoutMs = 30_000, what = condition.toString() }: { readonly timeoutMs?: number; readonly what?: string } = {},
): Promise<void> => {
  const deadline = performance.now() + timeoutMs
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`)
    await sleep(5)
  }
}
