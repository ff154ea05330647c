import { readFileSync } from 'node:fs'
import { auditHttpRoutes } from '#libs/audit/routes.ts'
import type { RecordingEdge } from '#libs/broadcast/recordings/http/edge.ts'
import { recordingRoutes } from '#libs/broadcast/recordings/routes.ts'
import { broadcastRoutes } from '#libs/broadcast/routes.ts'
import { channelRoutes } from '#libs/channel/routes.ts'
import type { StartApp } from '#libs/config/app.ts'
import type { Config } from '#libs/config/config.ts'
import { conversationRoutes } from '#libs/conversation/routes.ts'
import { type ClientAddress, clientAddress } from '#libs/http/address.ts'
import { type Allowances, defaultAllowances, takeAllowance } from '#libs/http/allowance.ts'
import type { Door } from '#libs/http/answer.ts'
import { listen } from '#libs/http/listen.ts'
import { originCheck } from '#libs/http/origin.ts'
import { checkPlace } from '#libs/http/places.ts'
import { gcraLimiter, type RateLimiter } from '#libs/http/rate-limit.ts'
import { type BoundRoute, bind } from '#libs/http/route.ts'
import { safeError } from '#libs/http/safe-error.ts'
import { createApp } from '#libs/http/server.ts'
import { loginKeyIn } from '#libs/identity/login-key.ts'
import { identityRoutes } from '#libs/identity/routes.ts'
import { isInClear } from '#libs/identity/session-cookie.ts'
import { staffRule } from '#libs/identity/standing.ts'
import { createVerification } from '#libs/identity/verification.ts'
import type { IntegrationEdge } from '#libs/integration/http-edge.ts'
import { integrationRoutes } from '#libs/integration/routes.ts'
import type { StreamBounds } from '#libs/integration/streams/streams.ts'
import { gauge } from '#libs/telemetry/instruments.ts'
import { createLogger, type Logger } from '#libs/telemetry/logger.ts'
import { type Backbone, openBackbone } from './backbone.ts'
import { composeEdges, type Edges, type PastTuning } from './edges.ts'
import { errors } from './errors.ts'
import { webFiles } from './files.ts'
import { openMedia } from './media/open.ts'
import { createRefusal } from './media/refusal.ts'
import { platformRoutes } from './platform-routes.ts'
import { openPublicTopics } from './public-topics.ts'
import { openRecordings } from './recordings/open.ts'
import { startTelemetryFeed } from './telemetry/telemetry.ts'
import { verificationAnswers, verificationRoutes } from './verify.ts'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string
}

type Mounted = Omit<Edges, 'close'> & {
  readonly integration: IntegrationEdge
  readonly recording: RecordingEdge
}

/** Every route with what it stands on. */
export const bindRoutes = ({
  platform,
  identity,
  audit,
  channel,
  broadcast,
  recording,
  conversation,
  integration,
}: Mounted): readonly BoundRoute[] => [
  ...bind([...platformRoutes, ...verificationRoutes], platform),
  ...bind(identityRoutes, identity),
  ...bind(auditHttpRoutes, audit),
  ...bind(channelRoutes, channel),
  ...bind(broadcastRoutes, broadcast),
  ...bind(recordingRoutes, recording),
  ...bind(conversationRoutes, conversation),
  ...bind(integrationRoutes, integration),
]

/** How this edge may differ from what the settings say: for tests. */
export type EdgeTuning = {
  readonly verifyReplies?: boolean
  readonly allowances?: Allowances
  readonly past?: PastTuning
  readonly streams?: Partial<StreamBounds>
}

const createHttp = (
  config: Config,
  backbone: Backbone,
  edges: Mounted,
  limiter: RateLimiter,
  logger: Logger,
  { verifyReplies = false, allowances = defaultAllowances }: EdgeTuning,
) => {
  const clientOf = clientAddress(config.trustedProxies)
  const limit: Door['limit'] = (rate, key) => takeAllowance(limiter, allowances, rate, key)
  const { signing, sessions, accessTokens } = edges.identity.vault
  const { revocations, followedMs } = backbone
  const verification = createVerification({
    jwks: signing.jwks,
    isOpen: sessions.isOpen,
    revocations,
    programs: { find: accessTokens.find, account: edges.identity.reads.account },
    staff: staffRule(config.staffSecondFactor),
    followedMs,
  })
  const origins = originCheck(config.allowedOrigins)
  const app = createApp({
    routes: bindRoutes(edges),
    errors,
    clientAddress: clientOf,
    originCheck: origins,
    logger,
    authenticate: async (token) => verification.known(token) ?? (await verification.verify(token)),
    // Of a page the cookie of a login key counts for nothing: it would come along with what other pages send.
    tokenElsewhere: (header) =>
      (header('origin') ?? header('sec-fetch-site')) ? undefined : loginKeyIn(header('cookie')),
    limit,
    isBanned: backbone.bans.has,
    // Who acts as another comes from where they are themselves.
    met: ({ accountId, impersonator = accountId }, address) => void edges.met(impersonator, address),
    // Staff that act as somebody try it themselves.
    refused: ({ accountId, impersonator = accountId }, refused) => edges.refused(impersonator, refused),
    waitForPosition: async (projection, token) => {
      checkPlace(token, backbone.meta.partitions)
      await backbone.waiter.wait(projection, token)
    },
    files: webFiles(config.publicRealtimeUrl),
    verifyReplies,
  })
  const refused = (...from: Parameters<ClientAddress>) => limit('read', { address: clientOf(...from) })
  return { app, plain: verificationAnswers({ verification, limit: refused, originCheck: origins }) }
}

/** Serves the REST API and the web page. Ready once every journal has been read to the end that it had at the start. */
export const startHttpEdge = async (config: Config, signal: AbortSignal, tuning: EdgeTuning = {}) => {
  const logger = createLogger('http-edge', config.logLevel)
  const stack = new AsyncDisposableStack()
  try {
    const backbone = stack.adopt(await openBackbone(config, 'http-edge', logger), (opened) => opened.close())
    const limiter = gcraLimiter()
    const telemetry = await startTelemetryFeed({
      log: backbone.log,
      replication: config.kafkaReplication,
      onError: (error) => logger.warn({ error: safeError(error) }, 'telemetry is not read, or not told'),
    })
    stack.defer(telemetry.close)
    const edges = composeEdges(config, { ...backbone, telemetry }, limiter, version, logger, tuning.past)
    stack.defer(edges.close)
    const { waiting } = edges.identity.passwords
    stack.defer(gauge('whiply_passwords_waiting', 'Passwords that wait to be checked', () => [{ value: waiting() }]))
    const topics = openPublicTopics(config, backbone, logger, tuning.streams)
    stack.defer(topics.close)
    const refuseMedia = createRefusal(logger)
    const media = openMedia(config, edges.broadcast, refuseMedia)
    stack.defer(media.close)
    const recordings = openRecordings(config, backbone, edges.broadcast, refuseMedia)
    const mounted = { ...edges, integration: topics.edge, recording: recordings.edge }
    const { app, plain } = createHttp(config, backbone, mounted, limiter, logger, tuning)
    signal.throwIfAborted()
    const server = stack.adopt(
      await listen(media.before(recordings.before(app)), { port: config.httpPort, host: config.listenHost, plain }),
      (opened) => opened.close(),
    )
    // Streams would go on for ever: they are told to end before the server waits for what is under way.
    stack.defer(topics.close)
    if (isInClear(config.publicUrl))
      logger.warn({}, 'sessions go over the network in clear: put TLS before the edges, and https in PUBLIC_URL')
    logger.info({ port: server.port }, 'the API is served')
    const owned = stack.move()
    return { port: server.port, ready: backbone.isLive, close: () => owned.disposeAsync() }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

export const start: StartApp = (config, signal) => startHttpEdge(config, signal)
