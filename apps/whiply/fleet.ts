import { isIPv6 } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '#infra/embedded/engine.ts'
import type { Config } from '#libs/config/config.ts'
import { withSettings } from '#libs/config/config.ts'
import { startAppProcess } from './app-process.ts'
import type { AppEntry } from './apps.ts'
import type { Report } from './engines.ts'
import { type Supervised, supervise } from './supervise.ts'

/** All apps as the launcher runs them, in this process or each in its own. */
export type Fleet = {
  /** The names of those that cannot serve yet. */
  readonly unready: () => Promise<readonly string[]>
  readonly stop: () => Promise<void>
}

export type FleetOptions = {
  readonly apps: readonly AppEntry[]
  readonly config: Config
  readonly signal: AbortSignal
  readonly report: Report
  /** Where processes of apps write: a file, or what the launcher has. */
  readonly output: number | 'inherit'
  /** The command line, to which a process of an app is a subcommand. */
  readonly script: string
}

/**
 * Loads what `inProcess` will run, while there is something else to wait for. What cannot be loaded is told by
 * `inProcess`.
 */
export const preload = async (apps: readonly AppEntry[]): Promise<void> => {
  await Promise.allSettled([import('./run-apps.ts'), ...apps.map(({ load }) => load())])
}

/** Small and quick to start: what `npm start` does. */
export const inProcess = async ({ apps, config, signal }: FleetOptions): Promise<Fleet> => {
  // Telemetry comes with it, which a launcher of processes has no use for, and should not wait for.
  const { runApps } = await import('./run-apps.ts')
  const running = await runApps(apps, config, 'whiply', signal)
  return { unready: running.unready, stop: running.close }
}

const everyAddress = ['0.0.0.0', '::']

const answersReady = async ({ metricsHost }: Config, port: number): Promise<boolean> => {
  const host = everyAddress.includes(metricsHost) ? 'localhost' : metricsHost
  const response = await fetch(`http://${isIPv6(host) ? `[${host}]` : host}:${port}/readyz`).catch(() => undefined)
  await response?.body?.cancel()
  return response?.ok === true
}

/** No longer than this, since a live one may wait for what another makes at the very first start. */
const HEAD_START_MS = 3_000

/**
 * Starts the live ones, and the others when those run or the head start is over: what starts together takes the machine
 * from each other, and people wait for the live ones.
 */
export const liveFirst = async <Entry extends Pick<AppEntry, 'isLive'>>(
  entries: readonly Entry[],
  run: (entry: Entry) => Promise<void>,
  headStart: Promise<void>,
): Promise<readonly PromiseSettledResult<void>[]> => {
  const { live = [], others = [] } = Object.groupBy(entries, ({ isLive }) => (isLive ? 'live' : 'others'))
  const first = Promise.allSettled(live.map(run))
  await Promise.race([first, headStart])
  const second = Promise.allSettled(others.map(run))
  return [...(await first), ...(await second)]
}

/** One process for each app, as in production; each takes a metrics port of its own and is started again if it ends. */
export const inProcesses = async (options: FleetOptions): Promise<Fleet> => {
  const { apps, config, report, output, script } = options
  const ports = new Map(apps.map(({ name }, index) => [name, config.metricsPort + index]))
  const running: Supervised<Engine>[] = []
  const stop = async () => {
    for (const app of running.toReversed()) await app.stop()
  }
  const run = async ({ name }: AppEntry): Promise<void> => {
    const index = apps.findIndex((app) => app.name === name)
    const own = withSettings(config, { metricsPort: config.metricsPort + index })
    running[index] = await supervise(() => startAppProcess({ script, app: name, config: own, output }), report)
  }
  const results = await liveFirst(apps, run, sleep(HEAD_START_MS, undefined, { ref: false }))
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) {
    await Promise.all(Object.values(running).map((app) => app.stop()))
    throw failed.reason
  }
  const unready = async () => {
    const answers = await Promise.all(
      [...ports].map(async ([name, port]) => ((await answersReady(config, port)) ? [] : [name])),
    )
    return answers.flat()
  }
  return { unready, stop }
}
