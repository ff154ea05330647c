import { isIPv6 } from 'node:net'
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

/** One process for each app, as in production; each takes a metrics port of its own and is started again if it ends. */
export const inProcesses = async (options: FleetOptions): Promise<Fleet> => {
  const { apps, config, report, output, script } = options
  const ports = new Map(apps.map(({ name }, index) => [name, config.metricsPort + index]))
  const running: Supervised<Engine>[] = []
  const stop = async () => {
    for (const app of running.toReversed()) await app.stop()
  }
  const results = await Promise.allSettled(
    apps.map(async ({ name }, index) => {
      const own = withSettings(config, { metricsPort: config.metricsPort + index })
      running[index] = await supervise(() => startAppProcess({ script, app: name, config: own, output }), report)
    }),
  )
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
