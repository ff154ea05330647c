import { randomUUID } from 'node:crypto'
import { ensureTelemetryTopic } from '#libs/broadcast/telemetry-topic.ts'
import type { StartApp } from '#libs/config/app.ts'
import type { Config } from '#libs/config/config.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import { listen } from '#libs/http/listen.ts'
import { safeError } from '#libs/http/safe-error.ts'
import { ensureConfiguredTopics, openConfiguredLog } from '#libs/journal/configured-log.ts'
import { openConfiguredObjects } from '#libs/journal/configured-objects.ts'
import { openCommandGateway } from '#libs/journal/gateway/command-gateway.ts'
import { followJournals } from '#libs/journal/reader/follow-journals.ts'
import { findFfmpeg } from '#libs/media/ffmpeg/find.ts'
import { openPostgres } from '#libs/postgres/open.ts'
import { eventsIn } from '#libs/readmodel/events.ts'
import { isOrigin, livePositions } from '#libs/readmodel/positions.ts'
import { createReadModelSchema } from '#libs/readmodel/schema.ts'
import { meters } from '#libs/telemetry/instruments.ts'
import { createLogger, type Logger } from '#libs/telemetry/logger.ts'
import { openVault } from '#libs/vault/open.ts'
import { type Broadcasts, createBroadcasts } from './broadcasts.ts'
import { ingestGauges } from './gauges.ts'
import { createPreviews } from './hls/previews.ts'
import { serveHls } from './hls/server.ts'
import { openLadders } from './ladder/ladders.ts'
import { countMediaWithHeap } from './memory.ts'
import { ownerOrWhy } from './owners.ts'
import { listenRtmp, type RtmpListener, type RtmpListenerOptions } from './rtmp/listener.ts'
import { followTls, rtmpsTls } from './rtmp/tls.ts'
import { startTellingHealth } from './telling-health.ts'

const bounds: RtmpListenerOptions['bounds'] = {
  admissionMs: 15_000,
  // Whoever watches knows of it within fifteen seconds.
  silenceMs: 14_000,
  messageBytes: 8 << 20,
  chunkStreams: 64,
  unsentBytes: 1 << 20,
  connections: 500,
  connectionsPerAddress: 20,
}

/** RTMPS, whose certificate is renewed as its files are. */
const listenSecure = async (
  config: Config,
  admission: Omit<RtmpListenerOptions, 'port' | 'tls'>,
  logger: Logger,
  stack: AsyncDisposableStack,
): Promise<RtmpListener> => {
  const tls = rtmpsTls(config)
  const listener = stack.adopt(await listenRtmp({ ...admission, port: config.rtmpsPort, tls }), ({ close }) => close())
  stack.defer(followTls({ files: config, shown: tls, renew: listener.renewTls, logger }))
  return listener
}

const open = async (config: Config, signal: AbortSignal, stack: AsyncDisposableStack) => {
  const logger = createLogger('ingest', config.logLevel)
  const log = stack.adopt(openConfiguredLog(config, 'whiply-ingest', logger), (opened) => opened.close())
  const meta = await ensureConfiguredTopics(log, config)
  const vault = stack.adopt(await openVault(config), (opened) => opened.close())
  const gateway = await openCommandGateway({
    log,
    partitions: meta.partitions,
    origin: `ingest/${randomUUID()}`,
    onFailure: (error) => logger.warn({ error: safeError(error) }, 'commands could not be sent, and are sent again'),
  })
  stack.adopt(gateway, (opened) => opened.close(3_000))
  const sql = stack.adopt(openPostgres(config.databaseUrl, { max: 2 }), (opened) => opened.end({ timeout: 1 }))
  await createReadModelSchema(sql)
  let broadcasts: Broadcasts | undefined
  const following = await followJournals({
    log,
    meta,
    families: ['account', 'broadcast'],
    // What has become of accounts before is in the read model.
    starts: (await livePositions(sql, 'broadcasts')).filter(
      ({ family, position }) => family === 'account' && !isOrigin(position),
    ),
    onOutcomes: (family, _partition, outcomes) => {
      if (family === 'account') {
        for (const { event } of eventsIn(codecs.account, outcomes, ['AccountSuspended', 'AccountErased']))
          broadcasts?.cutOwner(event.accountId)
        return
      }
      gateway.observe(outcomes)
      for (const { key, outcome } of outcomes)
        if (outcome.kind === 'accepted')
          for (const encoded of outcome.events) broadcasts?.observe(key, codecs.broadcast.decodeEvent(encoded))
    },
    onPositionInvalid: () => {},
    onError: (error) => logger.warn({ error: safeError(error) }, 'a journal could not be read, and is read again'),
  })
  stack.adopt(following, (opened) => opened.close())
  // Broadcasts go on without it, and are recorded once it is there.
  const objects = await openConfiguredObjects(config, ({ code, message }) =>
    logger.warn({ code }, `nothing is recorded now: ${message}`),
  )
  const ffmpeg = await findFfmpeg(config.ffmpegPath)
  await ensureTelemetryTopic(log, config.kafkaReplication)
  const telling = startTellingHealth(log, (error) =>
    logger.warn({ error: safeError(error) }, 'how encoders do is not told now'),
  )
  stack.defer(telling.close)
  const { streamKeys, hashes } = vault
  const { mediaPort, mediaHost, broadcastLeaseMs: leaseMs, broadcastGraceMs: graceMs } = config
  const live = createBroadcasts({
    streamKeys,
    hashes,
    gateway,
    origin: `http://${mediaHost}:${mediaPort}`,
    leaseMs,
    graceMs,
    windowSeconds: config.broadcastWindowSeconds,
    takesOver: config.broadcastTakeover,
    limits: { kilobitsPerSecond: config.broadcastMostKbps, lines: config.broadcastMostLines },
    ownerOf: (channelId) => ownerOrWhy(sql, channelId),
    onHealth: (channel, of, measured) =>
      telling.tell({ type: 'health', channel, health: { ...of, at: Date.now(), ...measured } }),
    onRefused: (channel, refusal) =>
      telling.tell({ type: 'refused', channel, refusal: { at: Date.now(), ...refusal } }),
    keeping: {
      quotaBytes: config.recordingQuota ?? null,
      retentionDays: config.recordingRetentionDays,
      clipRetentionDays: config.clipRetentionDays,
    },
    ladders: openLadders(config, ffmpeg, logger),
    objects,
    logger,
  })
  broadcasts = live
  stack.defer(live.close)
  const previews = createPreviews(ffmpeg)
  const media = await listen(serveHls(live.stream, previews, logger), { port: mediaPort, host: mediaHost })
  stack.defer(() => media.close(1_000))
  signal.throwIfAborted()
  const admission = {
    host: config.rtmpHost,
    admit: live.admit,
    bounds,
    onError: (error: Error, address: string) =>
      logger.info({ error: safeError(error), address }, 'an encoder was let go'),
    onSurplus: (connections: number) => {
      meters().encodersRefused.add(connections, { reason: 'connections' })
      logger.warn({ code: 'rtmp.too_many_connections', connections }, 'connections were closed as they came')
    },
  }
  const listener = stack.adopt(await listenRtmp({ ...admission, port: config.rtmpPort }), ({ close }) => close())
  const secure = config.rtmpsPort === 0 ? undefined : await listenSecure(config, admission, logger, stack)
  stack.defer(
    ingestGauges({
      encoders: () => listener.connections() + (secure?.connections() ?? 0),
      broadcasts: live.count,
    }),
  )
  const ports = { rtmpPort: listener.port, rtmpsPort: secure?.port, mediaPort: media.port }
  logger.info(ports, 'encoders are taken in')
  return { ...ports, ready: following.isLive }
}

/** Takes encoders in, and serves what they send as HLS. */
export const startIngest = async (config: Config, signal: AbortSignal) => {
  countMediaWithHeap()
  const stack = new AsyncDisposableStack()
  try {
    const running = await open(config, signal, stack)
    const owned = stack.move()
    return { ...running, close: () => owned.disposeAsync() }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

export const start: StartApp = (config, signal) => startIngest(config, signal)
