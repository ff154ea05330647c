/** A number of places, given in the order in which they were asked for. */
export type Slots = {
  /** Runs the work once a place is free. @throws the signal's reason where it is aborted before that */
  readonly use: <Result>(signal: AbortSignal, work: () => Promise<Result>) => Promise<Result>
}

export const createSlots = (count: number): Slots => {
  let free = count
  const waiting = new Set<() => void>()

  const enter = (signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted()
    if (free > 0) {
      free--
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        waiting.delete(called)
        signal.removeEventListener('abort', refused)
      }
      const called = (): void => {
        leave()
        resolve()
      }
      const refused = (): void => {
        leave()
        reject(signal.reason)
      }
      waiting.add(called)
      signal.addEventListener('abort', refused)
    })
  }

  const leave = (): void => {
    const [first] = waiting
    // The place goes from hand to hand: nobody who comes meanwhile is faster.
    if (first) first()
    else free++
  }

  return {
    use: async (signal, work) => {
      await enter(signal)
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
