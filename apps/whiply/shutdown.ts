/** Signals that ask for an orderly end. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A Ctrl-C reaches the launcher twice, from the terminal and through npm: what comes within this time is one wish. */
const SAME_WISH_MS = 1000

export type Shutdown = {
  /** Aborted when the end is wished for. */
  readonly signal: AbortSignal
  /** Wishes for the end from within. */
  readonly request: () => void
  readonly dispose: () => void
}

/**
 * Turns signals of the system into an abort. Whoever presses Ctrl-C again, since it takes too long, gets `onImpatience`.
 */
export const listenForShutdown = (onImpatience: () => void): Shutdown => {
  const controller = new AbortController()
  let first = 0
  const request = () => {
    if (!controller.signal.aborted) {
      first = Date.now()
      controller.abort()
    } else if (Date.now() - first > SAME_WISH_MS) onImpatience()
  }
  for (const name of SIGNALS) process.on(name, request)
  return {
    signal: controller.signal,
    request,
    dispose: () => {
      for (const name of SIGNALS) process.off(name, request)
    },
  }
}

/** Resolves when the signal is aborted; at once where it is already. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
