import { openSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { EngineError } from '#infra/embedded/engine.ts'
import type { Config } from '#libs/config/config.ts'
import { createLogger, logTo } from '#libs/telemetry/logger.ts'
import { apps } from './apps.ts'
import { useCompileCache } from './compile-cache.ts'
import { makeDataFolder } from './data-folder.ts'
import type { Engines } from './engines.ts'
import { launch } from './launcher.ts'
import { listenForShutdown } from './shutdown.ts'
import { createTerminal } from './terminal.ts'

const LOG_LIMIT_BYTES = 50_000_000

/** Logs of the last start are kept, those before it beyond 50 MB only once. @returns the file and its descriptor */
const openLog = (data: string): { readonly file: string; readonly descriptor: number } => {
  const file = join(data, 'whiply.log')
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES) renameSync(file, `${file}.old`)
  return { file, descriptor: openSync(file, 'a', 0o600) }
}

/**
 * What was still starting when the end was wished for gives up, and a terminal's Ctrl-C also ends what an engine
 * prepares itself with: neither is a failure.
 */
const isGivingUp = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'AbortError' || (error instanceof EngineError && error.code === 'engine.exited'))

/**
 * `whiply start`: everything, until a signal. What a person reads goes to stderr; logs go to stdout, or to a file in the
 * data folder where stdout is a person's terminal.
 */
export const start = async (config: Config, { processes }: { readonly processes: boolean }): Promise<void> => {
  const terminal = createTerminal(process.stderr)
  await makeDataFolder(config.data)
  const log = process.stdout.isTTY ? openLog(config.data) : undefined
  if (log) logTo(pino.destination({ dest: log.descriptor, sync: false }))
  useCompileCache(config)
  const logger = createLogger('launcher', config.logLevel)
  let engines: Engines | undefined
  const shutdown = listenForShutdown(() => {
    terminal.warn('Stopping at once.')
    engines?.kill()
    process.exit(1)
  })
  // A bug in an app of this process: nothing of it can be trusted any more, but the engines still end in order.
  const onBug = (error: unknown) => {
    logger.fatal({ err: error }, 'unexpected error')
    terminal.error(`An unexpected error ends whiply: ${error instanceof Error ? error.stack : error}`)
    process.exitCode = 1
    shutdown.request()
  }
  // A terminal that was closed takes no more words; that is no reason not to end in order.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  process.on('uncaughtException', onBug)
  process.on('unhandledRejection', onBug)
  const launched = launch({
    config,
    apps: apps.filter(({ isWanted }) => isWanted?.(config) ?? true),
    processes,
    firstStart: async (...given) => (await import('#apps/http-edge/first-start.ts')).firstStart(...given),
    terminal,
    output: log?.descriptor ?? 'inherit',
    logFile: log?.file,
    script: join(import.meta.dirname, 'main.ts'),
    shutdown,
    onEngines: (started) => {
      engines = started
    },
  })
  await launched.catch((error: unknown) => {
    if (!shutdown.signal.aborted || !isGivingUp(error)) throw error
  })
  terminal.line('  Stopped.')
}
