import type { Config } from '#libs/config/config.ts'
import { safeError } from '#libs/http/safe-error.ts'
import { makeCatalogue } from '#libs/integration/catalogue/catalogue.ts'
import type { IntegrationEdge } from '#libs/integration/http-edge.ts'
import { openDecoder } from '#libs/integration/streams/decode.ts'
import { defaultBounds, openStreams, type StreamBounds } from '#libs/integration/streams/streams.ts'
import { openBrokerTime } from '#libs/journal/broker-time.ts'
import { openConfiguredTransactions } from '#libs/journal/configured-log.ts'
import { gauge, meters } from '#libs/telemetry/instruments.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import type { Backbone } from './backbone.ts'

export type PublicTopics = {
  readonly edge: IntegrationEdge
  /** Ends every stream with its position. Idempotent. */
  readonly close: () => Promise<void>
}

const DAY_MS = 86_400_000
/** What is away is told once in so long, not at each try. */
const QUIET_MS = 10_000

/** Streams and the catalogue. Nothing is connected before somebody reads. */
export const openPublicTopics = (
  config: Config,
  { log, meta, revocations }: Pick<Backbone, 'log' | 'meta' | 'revocations'>,
  logger: Logger,
  tuning: Partial<StreamBounds> = {},
): PublicTopics => {
  const transactions = openConfiguredTransactions(config, 'whiply-http-edge-streams', logger)
  let toldAt = Number.NEGATIVE_INFINITY
  const streams = openStreams({
    log,
    transactions,
    meta,
    decoder: openDecoder(config.schemaRegistryUrl),
    retentionMs: config.publicRetentionDays * DAY_MS,
    brokerTime: openBrokerTime(log),
    bounds: { ...defaultBounds, most: config.streamsMost, mostOfClient: config.streamsMostOfClient, ...tuning },
    onFailure: (topic, error) => {
      if (performance.now() - toldAt < QUIET_MS) return
      toldAt = performance.now()
      logger.warn({ topic, error: safeError(error) }, 'a public topic cannot be read; it is tried again')
    },
    onUnreadable: (topic, partition, offset) => {
      meters().alarms.add(1, { code: 'streams.unreadable' })
      logger.error({ topic, partition, offset }, 'a public record cannot be decoded; it is streamed without its data')
    },
  })
  const removeGauge = gauge('whiply_streams', 'Streams of public topics that are open', () => [
    { value: streams.count() },
  ])
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    removeGauge()
    await streams.close()
    await transactions.close()
  }
  return {
    edge: {
      streams,
      streamsFor: config.streamsFor,
      isRevoked: (caller) => revocations.refusal(caller) !== undefined,
      catalogue: makeCatalogue({ retentionDays: config.publicRetentionDays }),
    },
    close: () => {
      closing ??= close()
      return closing
    },
  }
}
