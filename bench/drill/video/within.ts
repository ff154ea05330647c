import { setTimeout as wait } from 'node:timers/promises'

/** Anything that was taken away is back by then, or the drill has failed. */
export const recoverWithinMs = 90_000

/** Waits for a condition that may fail to be asked meanwhile. @returns how long that took, in milliseconds */
export const within = async (
  what: string,
  condition: () => boolean | Promise<boolean>,
  everyMs = 50,
): Promise<number> => {
  const begun = performance.now()
  const holds = async (): Promise<boolean> => condition()
  while (!(await holds().catch(() => false))) {
    if (performance.now() - begun > recoverWithinMs) throw new Error(`not within ${recoverWithinMs} ms: ${what}`)
    await wait(everyMs)
  }
  return performance.now() - begun
}
