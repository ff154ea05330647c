import { setTimeout as sleep } from 'node:timers/promises'

export type BackoffOptions = {
  /** Whether the same attempt may succeed later; what is not is thrown at once. */
  readonly retryable: (error: unknown) => boolean
  readonly onRetry?: (error: unknown, delayMs: number) => void
  readonly firstMs?: number
  readonly maxMs?: number
  readonly signal: AbortSignal
}

/**
 * Tries until it succeeds, waiting twice as long after each failure, a second at most: clients wait for who waits here.
 * Rejects when the signal is aborted.
 */
export const withBackoff = async <Result>(
  attempt: () => Promise<Result>,
  { retryable, onRetry, firstMs = 50, maxMs = 1_000, signal }: BackoffOptions,
): Promise<Result> => {
  for (let delayMs = firstMs; ; delayMs = Math.min(delayMs * 2, maxMs)) {
    signal.throwIfAborted()
    try {
      return await attempt()
    } catch (error) {
      if (!retryable(error)) throw error
      onRetry?.(error, delayMs)
      await sleep(delayMs, undefined, { signal })
    }
  }
}
