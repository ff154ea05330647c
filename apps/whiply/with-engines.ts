import { type FolderLock, isLocked, lockFolder } from '#infra/embedded/lock.ts'
import { type Config, ConfigError, withSettings } from '#libs/config/config.ts'
import { loadMasterKey } from '#libs/config/master-key.ts'
import { hasData } from './data-folder.ts'
import { runningEngines, startEngines } from './engines.ts'
import { takeOver } from './left-behind.ts'
import { assertPortsDiffer, kafkaPorts, postgresPorts } from './ports.ts'
import { reachEngines } from './reach-engines.ts'
import { assertRightMasterKey } from './right-master-key.ts'
import type { Terminal } from './terminal.ts'

/** A command has somebody who waits for it. */
const COMMAND_WAITS_MS = 5_000

const isComplete = (config: Config): boolean => config.kafkaBrokers.length > 0 && config.databaseUrl !== ''

/** The settings with the addresses of engines that run: those set, or those of a whiply on the same data folder. */
const found = async (config: Config): Promise<Config | undefined> =>
  isComplete(config) ? config : await runningEngines(config)

const withKey = async (config: Config): Promise<Config> =>
  withSettings(config, { masterKey: (await loadMasterKey(config, hasData(config))).masterKey })

/** What an app alone runs on. @throws ConfigError when there are no engines: an app does not start any. */
export const forApp = async (config: Config): Promise<Config> => {
  const full = await found(config)
  if (full) return withKey(full)
  throw new ConfigError(
    'There are no engines to run on. Set KAFKA_BROKERS and DATABASE_URL, or start all of whiply: npm start',
  )
}

const lockOrFail = (config: Config): FolderLock => {
  const lock = lockFolder(config.data)
  if (isLocked(lock)) return lock
  throw new ConfigError(`whiply is just starting or stopping on ${config.data}. Try again in a moment.`)
}

/** Runs a command on engines that run already, else on embedded ones that are started for it and stopped after it. */
export const forCommand = async <T>(config: Config, terminal: Terminal, use: (config: Config) => Promise<T>) => {
  const running = isComplete(config) ? config : await whileRunning(config)
  if (running) await reachEngines(running, undefined, COMMAND_WAITS_MS)
  if (running) return use(await withKey(running))
  assertPortsDiffer([...kafkaPorts(config), ...postgresPorts(config)])
  await using stack = new AsyncDisposableStack()
  const lock = lockOrFail(config)
  stack.defer(() => lock.release())
  const left = await takeOver(config, terminal.warn)
  stack.defer(left.stop)
  const withMaster = await withKey(config)
  await assertRightMasterKey(config, withMaster.masterKey)
  const engines = await startEngines(withMaster, left, terminal)
  stack.defer(engines.stop)
  return await use(engines.config)
}

/** The same for a command of Kafka alone: where that is set, neither Postgres nor the master key is looked for. */
export const forKafkaCommand = async <T>(config: Config, terminal: Terminal, use: (config: Config) => Promise<T>) => {
  if (config.kafkaBrokers.length === 0) return forCommand(config, terminal, use)
  await reachEngines(withSettings(config, { databaseUrl: '' }), undefined, COMMAND_WAITS_MS)
  return use(config)
}

/** The addresses that a launcher left, provided that it lives: those of a killed one say nothing. */
const whileRunning = async (config: Config): Promise<Config | undefined> => {
  const lock = lockFolder(config.data)
  if (!isLocked(lock)) return runningEngines(config)
  lock.release()
  return undefined
}
