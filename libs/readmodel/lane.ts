import { setTimeout as sleep } from 'node:timers/promises'

export type LaneOptions<Item> = {
  /** Handles a batch; batches of a lane never overlap. A rejection ends the lane. */
  readonly handle: (batch: readonly Item[]) => Promise<void>
  readonly sizeOf: (item: Item) => number
  /** The most that one batch holds, unless a single item is larger. */
  readonly batchSize: number
  /** Least time between the starts of two batches that are not full, asked for anew each time: many small ones cost. */
  readonly paceMs: () => number
  /** How many times as long it is while all that waits is patient. */
  readonly patience?: number
  /** Without it, nothing is. */
  readonly isPatient?: (item: Item) => boolean
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
  const { handle, sizeOf, batchSize, paceMs, patience = 1, isPatient = () => false, onError, signal } = options
  let waiting: Item[] = []
  let size = 0
  let running: Promise<void> | undefined
  /** When the last batch was begun. */
  let began = Number.NEGATIVE_INFINITY
  /** Whether something waits that is not patient. */
  let hurried = false
  let hurry = Promise.withResolvers<void>()
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
    hurried = !waiting.every(isPatient)
    if (size < batchSize * 2) {
      room.resolve()
      room = Promise.withResolvers()
    }
    return batch
  }

  const distanceMs = (): number => (hurried ? paceMs() : paceMs() * patience)

  /** Until the next batch may begin, which what comes meanwhile may bring nearer. */
  const pace = async (): Promise<void> => {
    while (size < batchSize && !signal.aborted) {
      const restMs = began + distanceMs() - performance.now()
      if (restMs <= 1) return
      const timer = new AbortController()
      hurry = Promise.withResolvers()
      await Promise.race([hurry.promise, sleep(restMs, undefined, { signal: timer.signal }).catch(() => {})])
      timer.abort()
    }
  }

  const run = async (): Promise<void> => {
    // What one fetch brought for many partitions comes within a tick, and goes together.
    await new Promise((resolve) => setImmediate(resolve))
    while (waiting.length > 0 && !signal.aborted) {
      await pace()
      began = performance.now()
      await handle(take())
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
    hurry.resolve()
    room.resolve()
  })

  return {
    push: async (item) => {
      waiting.push(item)
      size += sizeOf(item)
      const hurries = !hurried && !isPatient(item)
      hurried ||= hurries
      if (hurries || size >= batchSize) hurry.resolve()
      start()
      if (size >= batchSize * 2 && !signal.aborted) await room.promise
    },
    idle: async () => {
      while (running) await running
    },
  }
}
