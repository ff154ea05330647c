import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { KafkaOptions } from '#infra/embedded/kafka.ts'
import type { PostgresOptions } from '#infra/embedded/postgres.ts'
import type { Config } from '#libs/config/config.ts'

/** What stands where in the data folder, and the embedded engines as the settings want them. */

export const kafkaOptions = ({ data, kafkaPort, kafkaHeap }: Config): KafkaOptions => ({
  dataDir: join(data, 'kafka'),
  port: kafkaPort,
  heapMb: Math.round(kafkaHeap / 2 ** 20),
})

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
