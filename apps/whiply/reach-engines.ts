import type { Config } from '#libs/config/config.ts'

/** An engine may be starting beside whiply. */
const WITHIN_MS = 30_000

/**
 * Waits for the engines that the settings name.
 * @throws EngineRefused by its reason, before anything runs that would only wait for them
 */
export const reachEngines = async (config: Config, signal?: AbortSignal, withinMs = WITHIN_MS): Promise<void> => {
  const waiting = { withinMs, signal }
  await Promise.all([
    config.kafkaBrokers.length > 0 && reachBroker(config, waiting),
    config.databaseUrl && (await import('#libs/postgres/reach.ts')).reachPostgres(config.databaseUrl, waiting),
  ])
}

const reachBroker = async (
  config: Config,
  waiting: { readonly withinMs: number; readonly signal?: AbortSignal | undefined },
) => {
  const { reachKafka } = await import('#libs/journal/kafka/reach.ts')
  const { kafkaConnection } = await import('#libs/journal/configured-log.ts')
  return reachKafka({ ...kafkaConnection(config), clientId: 'whiply' }, waiting)
}
