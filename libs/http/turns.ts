/** Work that waits for its turn: so much under way at once, and so much waiting. */
export type Turns = <Result>(work: () => Promise<Result>) => Promise<Result>

/** @param busy makes the error of what finds the queue full. */
export const createTurns = (concurrency: number, queue: number, busy: () => Error): Turns => {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running < concurrency) running += 1
    else if (waiting.length >= queue) throw busy()
    // Whoever ends hands its place on, so that nobody overtakes those who wait.
    else await new Promise<void>((place) => waiting.push(place))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
