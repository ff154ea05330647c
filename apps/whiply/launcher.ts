import { setTimeout as sleep } from 'node:timers/promises'
import { type FolderLock, isLocked, lockFolder } from '#infra/embedded/lock.ts'
import type { FirstStart } from '#libs/config/app.ts'
import { type Config, ConfigError, withSettings } from '#libs/config/config.ts'
import { watchDisk } from '#libs/config/disk.ts'
import { loadMasterKey, masterKeyFile } from '#libs/config/master-key.ts'
import { openConfiguredObjects } from '#libs/journal/configured-objects.ts'
import type { AppEntry } from './apps.ts'
import { banner } from './banner.ts'
import { hasData, integratorsListener, makeDataFolder } from './data-folder.ts'
import { type Engines, startEngines } from './engines.ts'
import { type FleetOptions, inProcess, inProcesses, preload } from './fleet.ts'
import { type LeftBehind, takeOver, wasKilled } from './left-behind.ts'
import { appPorts, assertPortsDiffer, assertPortsFree, kafkaPorts, postgresPorts, type WantedPort } from './ports.ts'
import { assertRightMasterKey, rememberMasterKeys } from './right-master-key.ts'
import { aborted, type Shutdown } from './shutdown.ts'
import { tellPassword } from './tell-password.ts'
import type { Terminal } from './terminal.ts'

export type LaunchOptions = {
  readonly config: Config
  readonly apps: readonly AppEntry[]
  /** Each app in a process of its own. */
  readonly processes: boolean
  readonly firstStart: FirstStart
  readonly terminal: Terminal
  readonly output: FleetOptions['output']
  /** The file that logs go to, where there is one. */
  readonly logFile: string | undefined
  readonly script: string
  readonly shutdown: Shutdown
  /** Told of the engines as soon as they run, for a stop that cannot wait. */
  readonly onEngines?: (engines: Engines) => void
}

const READY_WITHIN_MS = 60_000
const ASK_EVERY_MS = 50

/** @throws ConfigError when another launcher has it, or it can be no data folder. */
const takeDataFolder = async (data: string): Promise<FolderLock> => {
  await makeDataFolder(data)
  const lock = lockFolder(data)
  if (isLocked(lock)) return lock
  const who = lock.heldBy === undefined ? '' : ` (process ${lock.heldBy})`
  throw new ConfigError(
    `whiply is already running on ${data}${who}.\nStop it first, or give this one a folder and ports of its own: --data DIR`,
  )
}

/** The apps of a killed launcher end by themselves, and hold their ports until then. */
const FORMER_APPS_END_WITHIN_MS = 4_000

const portsOfApps = ({ apps, config, processes }: LaunchOptions): readonly WantedPort[] =>
  appPorts(apps, config, processes ? apps.length : 1)

/** What can be told of ports by the settings alone. */
const assertPortsMakeSense = (options: LaunchOptions): void =>
  assertPortsDiffer([...kafkaPorts(options.config), ...postgresPorts(options.config), ...portsOfApps(options)])

/** Every port that will be listened on, so that a busy one is told before anything has been started. */
const assertAllPortsFree = (options: LaunchOptions, left: LeftBehind, waitMs: number): Promise<void> => {
  const { config } = options
  const ofEngines = [...(left.kafka ? [] : kafkaPorts(config)), ...(left.postgres ? [] : postgresPorts(config))]
  return assertPortsFree([...ofEngines, ...portsOfApps(options)], waitMs)
}

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`

const untilReady = async (unready: () => Promise<readonly string[]>, signal: AbortSignal, terminal: Terminal) => {
  const deadline = Date.now() + READY_WITHIN_MS
  for (;;) {
    const names = await unready()
    if (names.length === 0 || signal.aborted) return
    if (Date.now() > deadline) return terminal.warn(`Not ready yet: ${names.join(', ')}. The log says why.`)
    await sleep(ASK_EVERY_MS)
  }
}

/**
 * Runs all of whiply until the end is wished for: folder, keys, engines, apps, in this order, and back.
 * @throws ConfigError or EngineError, in words for a person, when something does not start; all that did is stopped.
 */
export const launch = async (options: LaunchOptions): Promise<void> => {
  const { terminal, shutdown } = options
  const started = Date.now()
  assertPortsMakeSense(options)
  await using stack = new AsyncDisposableStack()

  const lock = await takeDataFolder(options.config.data)
  stack.defer(() => lock.release())
  const waitMs = wasKilled(options.config) ? FORMER_APPS_END_WITHIN_MS : 0
  const left = await takeOver(options.config, terminal.warn)
  stack.defer(left.stop)
  await assertAllPortsFree(options, left, waitMs)
  await openConfiguredObjects(options.config)
  const { masterKey, isNew } = await loadMasterKey(options.config, hasData(options.config))
  await assertRightMasterKey(options.config, masterKey, shutdown.signal)

  if (!options.processes) preload(options.apps)
  const engines = await startEngines(options.config, left, terminal, shutdown.signal)
  stack.defer(engines.stop)
  options.onEngines?.(engines)
  if (shutdown.signal.aborted) return
  // The vault of the settings was asked before.
  const isEmbedded = options.config.databaseUrl === ''
  const remember = () => rememberMasterKeys(options.config, engines.config.databaseUrl)
  if (isEmbedded) {
    await remember()
    // A folder of an earlier release, or one that was put together from backups, tells now: once, not by every app.
    await assertRightMasterKey(options.config, masterKey)
  }
  const config = withSettings(engines.config, { masterKey })
  const disk = await watchDisk(config, (full, free) =>
    full
      ? terminal.warn(
          `Only ${gibibytes(free)} are free at ${config.data}: posts are refused until it is more than MIN_FREE_DISK (${gibibytes(config.minFreeDisk)}).`,
        )
      : terminal.done(`${gibibytes(free)} are free again at ${config.data}: posts are taken.`),
  )
  stack.defer(disk.close)

  const fleet = await (options.processes ? inProcesses : inProcess)({
    ...options,
    config,
    signal: shutdown.signal,
    report: terminal.warn,
  })
  stack.defer(async () => {
    terminal.line()
    terminal.line('  Stopping …')
    await fleet.stop()
  })
  await untilReady(fleet.unready, shutdown.signal, terminal)
  const password = shutdown.signal.aborted ? undefined : await options.firstStart(config, shutdown.signal)
  if (shutdown.signal.aborted) return
  if (isEmbedded) await remember()
  banner(terminal, config, {
    tookMs: Date.now() - started,
    logFile: options.logFile,
    integrators: options.config.kafkaBrokers.length > 0 ? undefined : integratorsListener(config)?.advertised,
  })
  if (password) await tellPassword(terminal, config, password)
  if (isNew)
    terminal.warn(
      `A master key was made: ${masterKeyFile(config)}\nBack it up now, apart from the data: without it nobody can log in and no message can be read again.`,
    )
  terminal.line()
  await aborted(shutdown.signal)
}
