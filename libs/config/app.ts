import type { Config } from './config.ts'

/** An app that has been started: its whole surface towards the launcher. */
export type RunningApp = {
  /** Whether it can serve now; asked by `/readyz` and by the launcher, often, so it answers from memory. */
  readonly ready: () => boolean | Promise<boolean>
  /** Ends in order: stops taking, finishes what it has, lets go of what it holds. Idempotent. */
  readonly close: () => Promise<void>
}

/**
 * What `apps/<name>/app.ts` exports as `start`. Resolves when the app runs (it may become ready later); rejects when it
 * cannot. Once the signal is aborted, a start that is still under way gives up.
 *
 * Health, readiness and metrics are served by whoever calls this, once for each process.
 */
export type StartApp = (config: Config, signal: AbortSignal) => Promise<RunningApp>
