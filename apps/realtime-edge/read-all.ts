/**
 * Resolves once this edge has handed on all that stood in the journals at the call: what it does not know then is not
 * there. Rejects where nothing is read right now.
 */
export type ReadAll = () => Promise<void>

/** The edge cannot answer a resume now, and will be able to soon: the client is told to come again. */
export class NotThereYet extends Error {
  readonly code = 'platform.unavailable'
}

/**
 * One asking at a time, however many want to know: whoever comes while one is under way shares the next, which begins
 * after them all and so answers for what they have seen.
 */
export const shareNext = (ask: ReadAll): ReadAll => {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined

  const begin = (): Promise<void> => {
    const asked = ask().finally(() => {
      running = undefined
    })
    running = asked
    return asked
  }

  const beginNext = (): Promise<void> => {
    next = undefined
    return begin()
  }

  return () => {
    if (!running) return begin()
    next ??= running.then(beginNext, beginNext)
    return next
  }
}

/** As `readAll`, but no longer than that. @throws NotThereYet */
export const readAllWithin = async (readAll: ReadAll, limitMs: number): Promise<void> => {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new NotThereYet(`not read on within ${limitMs} ms`)), limitMs)
  await Promise.race([readAll(), late.promise]).finally(() => clearTimeout(timer))
}
