import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { channelHistory } from '#libs/channel/queries.ts'
import type { StartApp } from '#libs/config/app.ts'
import type { Config } from '#libs/config/config.ts'
import { watchDisk } from '#libs/config/disk.ts'
import { clientAddress } from '#libs/http/address.ts'
import { openCommandGateway } from '#libs/journal/gateway/command-gateway.ts'
import { kafkaLog } from '#libs/journal/kafka/log.ts'
import { partitionOf } from '#libs/journal/partitioner.ts'
import { ensureTopics } from '#libs/journal/topics.ts'
import { isOrigin, livePositions } from '#libs/readmodel/positions.ts'
import { createReadModelSchema } from '#libs/readmodel/schema.ts'
import { createPositionWaiter } from '#libs/readmodel/wait.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { openVault } from '#libs/vault/open.ts'
import { createAuthentication } from './authentication.ts'
import { startEdge } from './edge.ts'
import { startFeed } from './feed.ts'

const openLog = (config: Config) => {
  const { kafkaSaslMechanism: mechanism, kafkaSaslUsername: username, kafkaSaslPassword: password } = config
  return kafkaLog({
    brokers: config.kafkaBrokers,
    clientId: 'whiply-realtime-edge',
    ...(config.kafkaSsl && { tls: true }),
    ...(mechanism && username !== undefined && password !== undefined && { sasl: { mechanism, username, password } }),
  })
}

/** What was opened is closed the other way round; one that fails to close does not keep the others open. */
const createClosers = () => {
  const closers: (() => unknown)[] = []
  return {
    later: <Resource>(resource: Resource, close: (resource: Resource) => unknown): Resource => {
      closers.unshift(() => close(resource))
      return resource
    },
    closeAll: async (): Promise<void> => {
      for (const close of closers.splice(0)) await Promise.resolve(close()).catch(() => {})
    },
  }
}

/** Serves live connections. Ready once every journal has been read to the end that it had at the start. */
export const start: StartApp = async (config, signal) => {
  const logger = createLogger('realtime-edge', config.logLevel)
  const { later, closeAll } = createClosers()
  try {
    const log = later(openLog(config), (opened) => opened.close())
    const meta = await ensureTopics(log, {
      replication: config.kafkaReplication,
      partitions: { account: config.familyPartitions, channel: config.channelPartitions },
    })
    const vault = later(await openVault(config), (opened) => opened.close())
    const sql = later(postgres(config.databaseUrl, { max: 4, onnotice: () => {} }), (opened) => opened.end())
    await createReadModelSchema(sql)
    const waiter = later(await createPositionWaiter(sql), (opened) => opened.close())
    const disk = later(await watchDisk(config), (opened) => opened.close())
    const gateway = await openCommandGateway({
      log,
      partitions: meta.partitions,
      origin: `realtime-edge/${randomUUID()}`,
      onFailure: (error) => logger.warn({ error }, 'commands could not be sent, and are sent again'),
    })
    let isFed = () => false
    const edge = later(
      await startEdge({
        port: config.realtimePort,
        host: config.listenHost,
        origins: new Set(config.allowedOrigins),
        clientAddress: clientAddress(config.trustedProxies),
        epoch: meta.logId,
        log,
        replication: config.kafkaReplication,
        partitionOf: (channel) => partitionOf(channel, meta.partitions.channel),
        history: channelHistory(sql, waiter),
        keys: vault.keys,
        authentication: createAuthentication({ vault, sql, now: Date.now }),
        gateway,
        ready: () => isFed(),
        diskFull: disk.full,
        logger,
      }),
      (opened) => opened.close(),
    )
    // Where the slower of the two read models of a channel stands, so that the rest of the past is in both.
    const starts = (await livePositions(sql, 'messages')).filter(({ position }) => !isOrigin(position))
    const feed = await startFeed({ log, meta, starts, edge, gateway, logger })
    isFed = feed.caughtUp
    if (signal.aborted) throw signal.reason
    logger.info({ port: edge.port, partitions: meta.partitions }, 'live connections are served')
    return {
      ready: feed.caughtUp,
      close: async () => {
        // The feed goes last of the two: what was posted is seen to its outcome.
        await edge.close()
        await feed.close()
        await closeAll()
      },
    }
  } catch (error) {
    await closeAll()
    throw error
  }
}
