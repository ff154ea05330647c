import { randomUUID } from 'node:crypto'
import type { StartApp } from '#libs/config/app.ts'
import type { Config } from '#libs/config/config.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import { listen } from '#libs/http/listen.ts'
import { safeError } from '#libs/http/safe-error.ts'
import { ensureConfiguredTopics, openConfiguredLog } from '#libs/journal/configured-log.ts'
import { openCommandGateway } from '#libs/journal/gateway/command-gateway.ts'
import { followJournals } from '#libs/journal/reader/follow-journals.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { openVault } from '#libs/vault/open.ts'
import { type Broadcasts, createBroadcasts } from './broadcasts.ts'
import { serveHls } from './hls/server.ts'
import { listenRtmp, type RtmpListenerOptions } from './rtmp/listener.ts'

const bounds: RtmpListenerOptions['bounds'] = {
  admissionMs: 15_000,
  silenceMs: 15_000,
  messageBytes: 8 << 20,
  chunkStreams: 64,
  unsentBytes: 1 << 20,
  connections: 500,
  connectionsPerAddress: 20,
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
  let broadcasts: Broadcasts | undefined
  const following = await followJournals({
    log,
    meta,
    families: ['broadcast'],
    starts: [],
    onOutcomes: (_family, _partition, outcomes) => {
      gateway.observe(outcomes)
      for (const { key, outcome } of outcomes)
        if (outcome.kind === 'accepted')
          for (const encoded of outcome.events) broadcasts?.observe(key, codecs.broadcast.decodeEvent(encoded))
    },
    onPositionInvalid: () => {},
    onError: (error) => logger.warn({ error: safeError(error) }, 'a journal could not be read, and is read again'),
  })
  stack.adopt(following, (opened) => opened.close())
  const { streamKeys } = vault
  const { mediaPort, mediaHost, broadcastLeaseMs: leaseMs, broadcastGraceMs: graceMs } = config
  const live = createBroadcasts({
    streamKeys,
    gateway,
    origin: `http://${mediaHost}:${mediaPort}`,
    leaseMs,
    graceMs,
    takesOver: config.broadcastTakeover,
    logger,
  })
  broadcasts = live
  stack.defer(live.close)
  const media = await listen(serveHls(live.stream), { port: mediaPort, host: mediaHost })
  stack.defer(() => media.close(1_000))
  signal.throwIfAborted()
  const listener = await listenRtmp({
    host: config.rtmpHost,
    port: config.rtmpPort,
    admit: live.admit,
    bounds,
    onError: (error, address) => logger.info({ error: safeError(error), address }, 'an encoder was let go'),
  })
  stack.defer(listener.close)
  logger.info({ rtmpPort: listener.port, mediaPort: media.port }, 'encoders are taken in')
  return { rtmpPort: listener.port, mediaPort: media.port, ready: following.isLive }
}

/** Takes encoders in, and serves what they send as HLS. */
export const startIngest = async (config: Config, signal: AbortSignal) => {
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
