import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import type { Engine } from '#infra/embedded/engine.ts'
import { startKafka } from '#infra/embedded/kafka.ts'
import { startPostgres } from '#infra/embedded/postgres.ts'
import { type Config, withSettings } from '#libs/config/config.ts'
import { addressFile, kafkaOptions, postgresOptions } from './data-folder.ts'
import type { LeftBehind } from './left-behind.ts'
import { reachEngines } from './reach-engines.ts'
import { type Supervised, supervise } from './supervise.ts'

/** The engines that whiply runs on: its own, embedded, or those of the settings. */
export type Engines = {
  /** The settings with the addresses of all engines in them. */
  readonly config: Config
  /** Kills what is embedded without waiting, for a stop that cannot wait. */
  readonly kill: () => void
  readonly stop: () => Promise<void>
}

export type Report = (message: string) => void

/** Where the engines' good and bad news go. */
export type EngineReport = { readonly done: Report; readonly warn: Report }

/**
 * Starts what the settings do not name and nobody left running, and starts it again when it ends by itself, at the same
 * address. The addresses are left in the data folder, for commands that come while whiply runs.
 * @throws EngineRefused when one that the settings name cannot be used
 * @throws EngineError when one of them does not start; the other is stopped.
 */
export const startEngines = async (
  config: Config,
  left: LeftBehind,
  report: EngineReport,
  signal?: AbortSignal,
): Promise<Engines> => {
  const started = Date.now()
  await reachEngines(config, signal)
  const run = async <E extends Engine>(adopted: E | undefined, launch: () => Promise<E>): Promise<Supervised<E>> => {
    const engine = await supervise(launch, report.warn, adopted)
    if (!adopted) report.done(`${engine.current().name} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
    return engine
  }
  const kafka = config.kafkaBrokers.length > 0 ? undefined : run(left.kafka, () => startKafka(kafkaOptions(config)))
  const postgres = config.databaseUrl ? undefined : run(left.postgres, () => startPostgres(postgresOptions(config)))
  const results = await Promise.allSettled([kafka, postgres])
  const running = results.flatMap((result) => (result.status === 'fulfilled' && result.value ? [result.value] : []))
  const stop = async () => {
    await rm(addressFile(config), { force: true })
    await Promise.all(running.map((engine) => engine.stop()))
  }
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) {
    await stop()
    throw failed.reason
  }
  const full = withSettings(config, {
    kafkaBrokers: [...((await kafka)?.current().brokers ?? config.kafkaBrokers)],
    databaseUrl: (await postgres)?.current().databaseUrl ?? config.databaseUrl,
    ...(kafka && ofOneMachine(config)),
  })
  await rememberAddresses(full)
  const kill = () => {
    for (const engine of running) {
      try {
        process.kill(engine.current().pid, 'SIGKILL')
      } catch {
        // It has ended already, and the others still have to.
      }
    }
  }
  return { config: full, kill, stop }
}

/** On a broker of its own one launcher runs each app once, and a pause of seconds means that a process is gone. */
const ofOneMachine = ({ instance = 'launcher', kafkaSessionTimeoutMs = 3_000 }: Config): Partial<Config> => ({
  instance,
  kafkaSessionTimeoutMs,
})

const rememberAddresses = async (config: Config): Promise<void> => {
  const { kafkaBrokers, databaseUrl } = config
  await writeFile(addressFile(config), JSON.stringify({ kafkaBrokers, databaseUrl }), { mode: 0o600 })
  await chmod(addressFile(config), 0o600)
}

/** The settings with the addresses of a whiply that runs on this data folder; undefined where none has left any. */
export const runningEngines = async (config: Config): Promise<Config | undefined> => {
  const text = await readFile(addressFile(config), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const { kafkaBrokers, databaseUrl }: Pick<Config, 'kafkaBrokers' | 'databaseUrl'> = JSON.parse(text)
  return withSettings(config, { kafkaBrokers, databaseUrl })
}
