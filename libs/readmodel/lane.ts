import { setTimeout as sleep } from 'node:timers/promises'

export type LaneOptions<Item> = {
  /** Handles a batch; batches of a lane never overlap. A rejection ends the lane. */
  readonly handle: (batch: readonly Item[]) => Promise<void>
  readonly sizeOf: (item: Item) => number
  /** The most that one batch holds, unless a single item is larger. */
  readonly batchSize: number
  /** Least time between the starts of two batches that are not full, asked for anew each time: many small ones cost. */
  readonly paceMs: () => number
  readonly onError: (error: unknown) => void
  readonly signal: AbortSignal
}

export type Lane<Item> = {
  /** Resolves when there is room for more: twice a batch may be waiting. */
  readonly push: (item: Item) => Promise<void>
  /** Resolves when nothing waits and nothing is under way. */
  readonly idle: () => Promise<void>
}

/**
 * Gathers what comes while a batch is under way into the next one. The first items after a pause go within a tick; under
 * load batches keep a distance, so that they grow.
 */
export const createLane = <Item>(options: LaneOptions<Item>): Lane<Item> => {
  const { handle, sizeOf, batchSize, paceMs, onError, signal } = options
  let waiting: Item[] = []
  let size = 0
  let running: Promise<void> | undefined
  let full = Promise.withResolvers<void>()
  let room = Promise.withResolvers<void>()

  const take = (): readonly Item[] => {
    let taken = 0
    let count = 0
    for (const item of waiting) {
      if (count > 0 && taken + sizeOf(item) > batchSize) break
      taken += sizeOf(item)
      count++
    }
    const batch = waiting.slice(0, count)
    waiting = waiting.slice(count)
    size -= taken
    if (size < batchSize * 2) {
      room.resolve()
      room = Promise.withResolvers()
    }
    return batch
  }

  const pace = async (started: number): Promise<void> => {
    const restMs = started + paceMs() - performance.now()
    if (restMs <= 1 || size >= batchSize) return
    const timer = new AbortController()
    full = Promise.withResolvers()
    await Promise.race([full.promise, sleep(restMs, undefined, { signal: timer.signal }).catch(() => {})])
    timer.abort()
  }

  const run = async (): Promise<void> => {
    // What one fetch brought for many partitions comes within a tick, and goes together.
    await new Promise((resolve) => setImmediate(resolve))
    while (waiting.length > 0 && !signal.aborted) {
      const started = performance.now()
      await handle(take())
      await pace(started)
    }
  }

  const start = (): void => {
    running ??= run()
      .catch(onError)
      .finally(() => {
        running = undefined
        if (waiting.length > 0 && !signal.aborted) start()
      })
  }

  signal.addEventListener('abort', () => {
    full.resolve()
    room.resolve()
  })

  return {
    push: async (item) => {
      waiting.push(item)
      size += sizeOf(item)
      if (size >= batchSize) full.resolve()
      start()
      if (size >= batchSize * 2 && !signal.aborted) await room.promise
    },
    idle: async () => {
      while (running) await running
    },
  }
}
