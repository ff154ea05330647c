import { setTimeout as wait } from 'node:timers/promises'

/** Calls `send` for so many posts at a fixed rate, whatever comes of them, each with the time at which it was due. */
export const atRate = async (
  perSecond: number,
  posts: number,
  send: (post: number, dueAtMs: number) => void,
): Promise<void> => {
  const start = performance.now() + 10
  const dueAt = (post: number) => start + (post / perSecond) * 1000
  for (let next = 0; next < posts; ) {
    const now = performance.now()
    for (; next < posts && dueAt(next) <= now; next++) send(next, dueAt(next))
    if (next < posts) await wait(Math.max(0, Math.floor(dueAt(next) - performance.now())))
  }
}
