import { existsSync } from 'node:fs'
import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine } from '#infra/embedded/engine.ts'
import { startKafka } from '#infra/embedded/kafka.ts'
import { stopOrphan } from '#infra/embedded/orphan.ts'
import { startPostgres } from '#infra/embedded/postgres.ts'
import { type Config, withSettings } from '#libs/config/config.ts'
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

const kafkaDir = ({ data }: Config): string => join(data, 'kafka')
const postgresDir = ({ data }: Config): string => join(data, 'postgres')
const addressFile = ({ data }: Config): string => join(data, 'engines.json')

/** Whether this data folder has been used before: then its master key must be there too. */
export const hasData = (config: Config): boolean =>
  existsSync(join(kafkaDir(config), 'log')) || existsSync(join(postgresDir(config), 'cluster'))

/** Stops embedded engines that a killed launcher left running on this data folder. */
export const stopOrphans = async (config: Config, report: Report): Promise<void> => {
  const stopOne = async (name: string, dataDir: string) => {
    const pid = await stopOrphan(dataDir)
    if (pid !== undefined) report(`${name} was still running from a whiply that was killed (process ${pid}): stopped.`)
  }
  await Promise.all([stopOne('Kafka', kafkaDir(config)), stopOne('Postgres', postgresDir(config))])
}

/**
 * Starts what the settings do not name, and starts it again when it ends by itself, at the same address. The addresses
 * are left in the data folder, for commands that come while whiply runs.
 * @throws EngineError when one of them does not start; the other is stopped.
 */
export const startEngines = async (config: Config, report: EngineReport): Promise<Engines> => {
  const started = Date.now()
  const run = async <E extends Engine>(launch: () => Promise<E>): Promise<Supervised<E>> => {
    const engine = await supervise(launch, report.warn)
    report.done(`${engine.current().name} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
    return engine
  }
  const kafka = config.kafkaBrokers.length > 0 ? undefined : run(() => launchKafka(config))
  const postgres = config.databaseUrl ? undefined : run(() => launchPostgres(config))
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
  })
  await rememberAddresses(full)
  const kill = () => {
    for (const engine of running) process.kill(engine.current().pid, 'SIGKILL')
  }
  return { config: full, kill, stop }
}

const launchKafka = (config: Config) =>
  startKafka({
    dataDir: kafkaDir(config),
    port: config.kafkaPort,
    heapMb: Math.round(config.kafkaHeap / 2 ** 20),
  })

const launchPostgres = (config: Config) =>
  startPostgres({ dataDir: postgresDir(config), port: config.postgresPort, database: 'whiply' })

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
