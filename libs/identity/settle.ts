import type { PositionWaiter } from '#libs/readmodel/wait.ts'

/** How long an answer waits for the read model to show what was done; it is done all the same. */
const SETTLE_MS = 2000

/** Waits until the read models have come to these positions of accounts and channels, or for as long as is worth it. */
export const createSettle =
  (waiter: Pick<PositionWaiter, 'wait'>) =>
  async (positions: readonly string[]): Promise<void> => {
    // Behind or away, the answer is as true as before; only a query right behind it may not see it yet.
    const waits = positions.map((position) => {
      const projection = position.startsWith('channel.') ? 'channels' : 'accounts'
      return waiter.wait(projection, position, SETTLE_MS)
    })
    await Promise.allSettled(waits)
  }
