import { existsSync } from 'node:fs'
import type { Engine } from '#infra/embedded/engine.ts'
import { adoptKafka, type EmbeddedKafka } from '#infra/embedded/kafka.ts'
import { stopOrphan } from '#infra/embedded/orphan.ts'
import { adoptPostgres, type EmbeddedPostgres } from '#infra/embedded/postgres.ts'
import type { Config } from '#libs/config/config.ts'
import { addressFile, kafkaOptions, postgresOptions } from './data-folder.ts'

/** What a killed launcher left running on a data folder, as far as it was taken over. */
export type LeftBehind = {
  readonly kafka: EmbeddedKafka | undefined
  readonly postgres: EmbeddedPostgres | undefined
  /** Stops what was taken over, for a start that comes to nothing. */
  readonly stop: () => Promise<void>
}

/** Whether a launcher was killed here: its apps may not have ended yet, and hold ports for a moment. */
export const wasKilled = (config: Config): boolean => existsSync(addressFile(config))

/**
 * Takes over the embedded engines that a killed launcher left running, where they are as the settings want them and
 * answer; stops them otherwise. To be called by whoever holds the data folder.
 */
export const takeOver = async (config: Config, report: (message: string) => void): Promise<LeftBehind> => {
  const one = async <E extends Engine>(name: string, dataDir: string, adopt: () => Promise<E | undefined>) => {
    const adopted = await adopt()
    const pid = adopted?.pid ?? (await stopOrphan(dataDir))
    if (pid !== undefined)
      report(
        `${name} was still running from a whiply that was killed (process ${pid}): ${adopted ? 'it goes on' : 'stopped'}.`,
      )
    return adopted
  }
  const [kafkaWanted, postgresWanted] = [kafkaOptions(config), postgresOptions(config)]
  const [kafka, postgres] = await Promise.all([
    one('Kafka', kafkaWanted.dataDir, async () =>
      config.kafkaBrokers.length > 0 ? undefined : adoptKafka(kafkaWanted),
    ),
    one('Postgres', postgresWanted.dataDir, async () =>
      config.databaseUrl ? undefined : adoptPostgres(postgresWanted),
    ),
  ])
  return {
    kafka,
    postgres,
    stop: async () => {
      await Promise.all([kafka?.stop(), postgres?.stop()])
    },
  }
}
