import { setTimeout as sleep } from 'node:timers/promises'

export type PauseOptions = {
  readonly firstMs: number
  readonly mostMs: number
  /** Who has got on for so long begins again with the shortest pause; `mostMs` by default. */
  readonly steadyMs?: number
}

/** The pauses of something that is done again and again: each twice as long as the one before. */
export type Pauses = {
  /** ms until the next try; the first where the last one was given long ago. */
  readonly next: () => number
  /** It has got on: the next pause is the shortest. */
  readonly reset: () => void
}

export const pauses = (
  { firstMs, mostMs, steadyMs = mostMs }: PauseOptions,
  now: () => number = () => performance.now(),
): Pauses => {
  let pauseMs = firstMs
  let over = Number.NEGATIVE_INFINITY
  return {
    next: () => {
      if (now() - over > steadyMs) pauseMs = firstMs
      const given = pauseMs
      pauseMs = Math.min(pauseMs * 2, mostMs)
      over = now() + given
      return given
    },
    reset: () => {
      pauseMs = firstMs
    },
  }
}

export type BackoffOptions = {
  /** Whether the same attempt may succeed later; what is not is thrown at once. */
  readonly retryable: (error: unknown) => boolean
  readonly onRetry?: (error: unknown, delayMs: number) => void
  readonly firstMs?: number
  readonly maxMs?: number
  readonly signal: AbortSignal
}

/** Tries until it succeeds, waiting twice as long after each failure. Rejects when the signal is aborted. */
export const withBackoff = async <Result>(
  attempt: () => Promise<Result>,
  { retryable, onRetry, firstMs = 50, maxMs = 5_000, signal }: BackoffOptions,
): Promise<Result> => {
  const between = pauses({ firstMs, mostMs: maxMs, steadyMs: Number.POSITIVE_INFINITY })
  for (;;) {
    signal.throwIfAborted()
    try {
      return await attempt()
    } catch (error) {
      if (!retryable(error)) throw error
      const delayMs = between.next()
      onRetry?.(error, delayMs)
      await sleep(delayMs, undefined, { signal })
    }
  }
}
