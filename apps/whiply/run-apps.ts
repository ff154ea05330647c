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
  const running: { readonly name: string; readonly app: RunningApp }[] = []
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
    for (const { name, start } of entries) {
      const app = await start(config, signal)
      running.push({ name, app })
      stack.defer(app.close)
    }
    const owned = stack.move()
    return { ready, unready, close: () => owned.disposeAsync() }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}
