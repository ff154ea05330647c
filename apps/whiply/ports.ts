import { setTimeout as sleep } from 'node:timers/promises'
import { assertPortFree, portIsFree } from '#infra/embedded/engine.ts'
import { type Config, ConfigError } from '#libs/config/config.ts'
import type { AppEntry } from './apps.ts'

/** A port that will be listened on, and the setting that it comes from. */
export type WantedPort = {
  readonly setting: string
  /** How far above the setting's own port it is: each app's process takes a metrics port of its own. */
  readonly above: number
  readonly port: number
  /** Empty for every address. */
  readonly host: string
}

const LOOPBACK = '127.0.0.1'
const LAST_PORT = 65_535
const ASK_EVERY_MS = 25

const loopback = (setting: string, port: number): WantedPort => ({ setting, port, above: 0, host: LOOPBACK })

export const kafkaPorts = (config: Config): readonly WantedPort[] => {
  const { kafkaBrokers, kafkaPort, integratorsPort: port, integratorsHost: host } = config
  if (kafkaBrokers.length > 0) return []
  return [
    loopback('KAFKA_PORT', kafkaPort),
    ...(port === 0 ? [] : [{ setting: 'INTEGRATORS_PORT', port, above: 0, host }]),
  ]
}

export const postgresPorts = ({ databaseUrl, postgresPort }: Config): readonly WantedPort[] =>
  databaseUrl ? [] : [loopback('POSTGRES_PORT', postgresPort)]

/** @param processes in how many processes they run, each with a metrics port */
export const appPorts = (apps: readonly AppEntry[], config: Config, processes: number): readonly WantedPort[] => [
  ...apps.flatMap((app) =>
    app.listens(config).map((listened) => ({ host: config.listenHost ?? '', ...listened, above: 0 })),
  ),
  ...Array.from({ length: processes }, (_, above) => ({
    setting: 'METRICS_PORT',
    port: config.metricsPort + above,
    above,
    host: config.metricsHost,
  })),
]

const named = ({ setting, above, port }: WantedPort): string =>
  above === 0 ? setting : `${setting} (${port - above}, and as far as ${port} with --processes)`

/**
 * Two things never listen on one port here, not even on different addresses.
 * @throws ConfigError that names both settings, for each port that is wanted twice
 */
export const assertPortsDiffer = (ports: readonly WantedPort[]): void => {
  const problems = ports.flatMap((wanted, index) => {
    if (wanted.port > LAST_PORT) return [`${named(wanted)} is beyond the last port there is, ${LAST_PORT}`]
    const other = ports.slice(0, index).find(({ port }) => port === wanted.port)
    return other ? [`${named(other)} and ${named(wanted)} both take port ${wanted.port}`] : []
  })
  if (problems.length > 0) throw new ConfigError(`Ports that contradict each other:\n  ${problems.join('\n  ')}`)
}

/**
 * @param withinMs how long to wait for those that are in use still
 * @throws EngineError `engine.port_in_use`, which names the setting
 */
export const assertPortsFree = async (ports: readonly WantedPort[], withinMs: number): Promise<void> => {
  const deadline = Date.now() + withinMs
  for (const { setting, above, port, host } of ports) {
    while (Date.now() < deadline && !(await portIsFree(port, host))) await sleep(ASK_EVERY_MS)
    await assertPortFree(port, setting, host, above)
  }
}
