import type { RunningApp } from '#libs/config/app.ts'
import type { Config } from '#libs/config/config.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { startOpsServer } from '#libs/telemetry/ops.ts'
import { startTelemetry } from '#libs/telemetry/start.ts'
import type { AppEntry } from './apps.ts'
import { diskGauges } from './disk-gauges.ts'

/** Apps within this process. */
export type RunningApps = RunningApp & {
  /** The names of those that are not ready. */
  readonly unready: () => Promise<readonly string[]>
}

const isReady = async (app: RunningApp): Promise<boolean> => {
  try {
    return await app.ready()
  } catch {
    return false
  }
}

type StartedApp = { readonly name: string; readonly app: RunningApp }

/** All at once, since each waits for the engines for most of its start. When one fails, the others give up. */
const startAll = async (
  entries: readonly AppEntry[],
  config: Config,
  signal: AbortSignal,
): Promise<readonly StartedApp[]> => {
  const failure = new AbortController()
  const ending = AbortSignal.any([signal, failure.signal])
  const starting = entries.map(async ({ name, load }): Promise<StartedApp> => {
    try {
      const { start } = await load()
      return { name, app: await start(config, ending) }
    } catch (error) {
      failure.abort(error)
      throw error
    }
  })
  const results = await Promise.allSettled(starting)
  const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  if (!failure.signal.aborted) return started
  for (const { app } of started.toReversed()) await app.close()
  // The first one's: the others failed since they were told to give up.
  throw failure.signal.reason
}

/**
 * Starts apps in this process with one telemetry and one metrics port for all of them.
 * @throws what the first app that cannot start throws; those already started are closed.
 */
export const runApps = async (
  entries: readonly AppEntry[],
  config: Config,
  service: string,
  signal: AbortSignal,
): Promise<RunningApps> => {
  const running: StartedApp[] = []
  const stack = new AsyncDisposableStack()
  try {
    const logger = createLogger(service, config.logLevel)
    stack.defer(startTelemetry({ service, otlpEndpoint: config.otlpEndpoint, logger }))
    stack.defer(await diskGauges(config))
    const unready = async () => {
      const answers = await Promise.all(running.map(async ({ name, app }) => ((await isReady(app)) ? [] : [name])))
      return answers.flat()
    }
    const ready = async () => running.length === entries.length && (await unready()).length === 0
    const ops = await startOpsServer({ port: config.metricsPort, host: config.metricsHost, ready })
    stack.defer(ops.close)
    const started = await startAll(entries, config, signal)
    for (const { app } of started) stack.defer(app.close)
    running.push(...started)
    const owned = stack.move()
    return { ready, unready, close: () => owned.disposeAsync() }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}
