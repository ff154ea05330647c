import { logLevel } from 'kafkajs'
import { LogError } from '../log-error.ts'
import { logCreatorOf, saslOf, tlsOf, trackedSockets } from './client.ts'
import { Cluster, createLogger, type WireCluster } from './internals.ts'
import type { ClientLog, KafkaSettings } from './options.ts'

const READ_UNCOMMITTED = 0

/** Connections to the brokers, over which each request is sent once. */
export type OpenCluster = {
  readonly cluster: WireCluster
  /** Drops all connections at once, with whatever is under way on them. */
  readonly close: () => void
}

/** @throws LogError `log.unavailable` */
export const openCluster = async (settings: KafkaSettings): Promise<OpenCluster> => {
  const sockets = trackedSockets()
  let closed = false
  const log: ClientLog = (level, message, fields) => {
    // Its own end is no news.
    if (!closed) settings.log(level, message, fields)
  }
  const cluster = new Cluster({
    logger: createLogger({ level: logLevel.WARN, logCreator: logCreatorOf(log) }),
    brokers: settings.brokers,
    clientId: settings.clientId,
    ssl: tlsOf(settings),
    sasl: saslOf(settings),
    connectionTimeout: settings.connectTimeoutMs,
    authenticationTimeout: settings.requestTimeoutMs,
    reauthenticationThreshold: 10_000,
    requestTimeout: settings.requestTimeoutMs,
    enforceRequestTimeout: true,
    metadataMaxAge: 300_000,
    allowAutoTopicCreation: false,
    isolationLevel: READ_UNCOMMITTED,
    retry: { retries: 0, initialRetryTime: 20 },
    socketFactory: sockets.open,
  })
  const close = (): void => {
    closed = true
    // Requests under way are answered with an error once their sockets are gone, so this ends soon; nobody waits.
    void cluster.disconnect().catch(() => {})
    sockets.destroyAll()
  }
  try {
    await cluster.connect()
  } catch (cause) {
    close()
    throw new LogError('log.unavailable', `cannot reach Kafka: ${(cause as Error).message}`, { cause })
  }
  return { cluster, close }
}
