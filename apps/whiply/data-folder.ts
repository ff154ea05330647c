import { existsSync } from 'node:fs'
import { access, constants, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { IntegratorsListener } from '#infra/embedded/integrators.ts'
import type { KafkaOptions } from '#infra/embedded/kafka.ts'
import type { PostgresOptions } from '#infra/embedded/postgres.ts'
import { type Config, ConfigError } from '#libs/config/config.ts'

/** What stands where in the data folder, and the embedded engines as the settings want them. */

/** What is wrong with a data folder, in words, by what the system calls it. */
const folderFaults: Readonly<Record<string, string>> = {
  EEXIST: 'it is no folder',
  ENOTDIR: 'what it stands in is no folder',
  EACCES: 'whiply may not write there',
  EPERM: 'whiply may not write there',
  EROFS: 'it is on a file system that cannot be written to',
  ENOSPC: 'its disk is full',
}

/** Makes the data folder where it is missing. @throws ConfigError when it cannot be one that is written to. */
export const makeDataFolder = async (data: string): Promise<void> => {
  try {
    // Others may pass to what is theirs (Postgres runs as a user of its own), and list nothing.
    await mkdir(data, { recursive: true, mode: 0o711 })
    await access(data, constants.W_OK)
  } catch (error) {
    const fault = folderFaults[(error as NodeJS.ErrnoException).code ?? '']
    if (fault === undefined) throw error
    throw new ConfigError(`WHIPLY_DATA cannot be ${data}: ${fault}. Give a folder that can be written to: --data DIR`)
  }
}

/** Where integrators come in to the embedded broker; undefined where they do not. */
export const integratorsListener = (config: Config): IntegratorsListener | undefined => {
  const { integratorsHost: host, integratorsPort: port, integratorsAddress } = config
  if (port === 0) return undefined
  return { host, port, advertised: integratorsAddress ?? `${host.includes(':') ? `[${host}]` : host}:${port}` }
}

export const kafkaOptions = (config: Config): KafkaOptions => ({
  dataDir: join(config.data, 'kafka'),
  port: config.kafkaPort,
  integrators: integratorsListener(config),
  takenPorts: configuredPorts(config),
  heapMb: Math.round(config.kafkaHeap / 2 ** 20),
})

/** As many metrics ports as there may be processes, one above the other. */
const METRICS_PORTS = 20

/** Every port that the settings name, whoever of their apps runs in the end. */
const configuredPorts = (config: Config): readonly number[] => [
  config.httpPort,
  config.realtimePort,
  config.ircPort,
  config.rtmpPort,
  config.mediaPort,
  config.schemaRegistryPort,
  config.postgresPort,
  ...Array.from({ length: METRICS_PORTS }, (_, above) => config.metricsPort + above),
]

export const postgresOptions = ({ data, postgresPort }: Config): PostgresOptions => ({
  dataDir: join(data, 'postgres'),
  port: postgresPort,
  database: 'whiply',
})

/** Where a running launcher leaves the addresses of its engines; one that was killed leaves it behind. */
export const addressFile = ({ data }: Config): string => join(data, 'engines.json')

/** Whether this data folder has been used before: then its master key must be there too. */
export const hasData = ({ data }: Config): boolean =>
  existsSync(join(data, 'kafka', 'log')) || existsSync(join(data, 'postgres', 'cluster'))
