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

/** The administrator's account as a person must be told of it, once. */
export type NewPassword = { readonly handle: string; readonly password: string }

/**
 * Makes what must be there before anybody comes: the administrator and the lobby. Called at every start of the launcher
 * once the apps are ready, so it is idempotent.
 * @returns the administrator's first password where it was made just now, undefined ever after.
 */
export type FirstStart = (config: Config, signal: AbortSignal) => Promise<NewPassword | undefined>

/**
 * A subcommand of the command line that is no app. It writes to stdout what it was asked for.
 * @param args what follows its name, flags of settings taken out
 * @param options those of its own options that were given
 * @returns the exit code
 */
export type Command = (
  config: Config,
  args: readonly string[],
  signal: AbortSignal,
  options?: Readonly<Record<string, string>>,
) => Promise<number>
