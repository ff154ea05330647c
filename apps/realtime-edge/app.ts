import { randomUUID } from 'node:crypto'
import { createSightings } from '#libs/addresses/sightings.ts'
import { attachmentsFact } from '#libs/channel/attachments/uploads.ts'
import { factsOf } from '#libs/channel/edge.ts'
import { readElsewhere } from '#libs/channel/elsewhere/reads.ts'
import { globalEmoteReads } from '#libs/channel/emotes/reads.ts'
import { readEvidence } from '#libs/channel/evidence/reads.ts'
import { classifyWhereAsked, createPolicyAsks } from '#libs/channel/policy/asks.ts'
import { httpClassifier } from '#libs/channel/policy/classifier.ts'
import { policyReads } from '#libs/channel/policy/reads.ts'
import { acceptedRules, channelById, followedAt, roleOf } from '#libs/channel/reads/channels.ts'
import { followersAmong } from '#libs/channel/reads/followers-among.ts'
import { channelHistory } from '#libs/channel/reads/history.ts'
import { recentMessages } from '#libs/channel/reads/messages.ts'
import { readRole } from '#libs/channel/reads/role-now.ts'
import type { StartApp } from '#libs/config/app.ts'
import { watchDisk } from '#libs/config/disk.ts'
import { receiverFacts } from '#libs/conversation/edge.ts'
import { whisperHistory } from '#libs/conversation/queries.ts'
import { clientAddress } from '#libs/http/address.ts'
import { createOnce } from '#libs/http/once.ts'
import { safeError } from '#libs/http/safe-error.ts'
import { createAddressBans } from '#libs/identity/addresses/bans.ts'
import { earlierStandings, startingBans } from '#libs/identity/addresses/queries.ts'
import { createOpenings } from '#libs/identity/openings.ts'
import { accountById } from '#libs/identity/queries.ts'
import { reconcileVault } from '#libs/identity/reconcile.ts'
import { createRevocations } from '#libs/identity/revocations.ts'
import { staffRule } from '#libs/identity/standing.ts'
import { accessTokenMs } from '#libs/identity/tokens.ts'
import { createVerification } from '#libs/identity/verification.ts'
import { ensureConfiguredTopics, openConfiguredLog } from '#libs/journal/configured-log.ts'
import { openCommandGateway } from '#libs/journal/gateway/command-gateway.ts'
import { partitionOf } from '#libs/journal/partitioner.ts'
import { openPostgres } from '#libs/postgres/open.ts'
import { isOrigin, livePositions } from '#libs/readmodel/positions.ts'
import { createReadModelSchema } from '#libs/readmodel/schema.ts'
import { createPositionWaiter } from '#libs/readmodel/wait.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { openVault } from '#libs/vault/open.ts'
import { createAuthentication } from './authentication.ts'
import { startEdge } from './edge.ts'
import { startFeed } from './feed.ts'
import { ircNames } from './irc/names.ts'
import { openQuestions } from './questions/open.ts'
import { NotThereYet, type ReadAll } from './read-all.ts'

/** Serves live connections. Ready once every journal has been read to the end that it had at the start. */
export const start: StartApp = async (config, signal) => {
  const logger = createLogger('realtime-edge', config.logLevel)
  const stack = new AsyncDisposableStack()
  try {
    const log = stack.adopt(openConfiguredLog(config, 'whiply-realtime-edge', logger), (opened) => opened.close())
    const meta = await ensureConfiguredTopics(log, config)
    const vault = stack.adopt(await openVault(config), (opened) => opened.close())
    await reconcileVault({ log, meta, vault, logger, signal })
    const sql = stack.adopt(openPostgres(config.databaseUrl, { max: 4 }), (opened) => opened.end({ timeout: 1 }))
    await createReadModelSchema(sql)
    const waiter = stack.adopt(await createPositionWaiter(sql), (opened) => opened.close())
    const disk = stack.adopt(await watchDisk(config), (opened) => opened.close())
    const gateway = await openCommandGateway({
      log,
      partitions: meta.partitions,
      origin: `realtime-edge/${randomUUID()}`,
      onFailure: (error) => logger.warn({ error: safeError(error) }, 'commands could not be sent, and are sent again'),
    })
    let cutBanned = () => {}
    const bans = createAddressBans({
      keys: vault.keys,
      onBan: () => cutBanned(),
      onError: (error) => logger.warn({ error: safeError(error) }, 'a ban of an address does not count'),
    })
    const banned = await startingBans(sql, Date.now())
    bans.load(banned.bans)
    let isFed = () => false
    let readAll: ReadAll = () => Promise.reject(new NotThereYet('the journals are not read yet'))
    let followedMs = () => 0
    const revocations = createRevocations({ tokenMs: accessTokenMs, onErased: () => {} })
    const staff = staffRule(config.staffSecondFactor)
    const verification = createVerification({
      jwks: vault.signing.jwks,
      isOpen: vault.sessions.isOpen,
      revocations,
      programs: { find: vault.accessTokens.find, account: (accountId) => accountById(sql, accountId) },
      followedMs: () => followedMs(),
      staff,
    })
    const sightings = createSightings({
      hashes: vault.hashes,
      store: vault.sightings,
      retentionMs: config.sightingsRetentionDays * 86_400_000,
      onError: (error) => logger.warn({ error: safeError(error) }, 'from where somebody came was not kept'),
    })
    const policies = policyReads(sql)
    const policyAsks = createPolicyAsks({
      policy: async (channel) => (await policies.policy(channel))?.policy ?? null,
    })
    const classify =
      config.classifierUrl === undefined
        ? undefined
        : classifyWhereAsked(httpClassifier({ url: config.classifierUrl }), policyAsks)
    const attachments = attachmentsFact(vault.hashes, Date.now)
    const openings = createOpenings()
    const questions = stack.adopt(
      openQuestions(config, {
        ...{ gateway, vault, meta, waiter, openings, sightings, attachments, classify, logger },
        diskFull: disk.full,
      }),
      (opened) => opened.close(),
    )
    const edge = await startEdge({
      port: config.realtimePort,
      host: config.listenHost,
      origins: new Set(config.allowedOrigins),
      clientAddress: clientAddress(config.trustedProxies),
      epoch: meta.logId,
      log,
      replication: config.kafkaReplication,
      classify,
      policyAsks,
      partitionOf: (channel) => partitionOf(channel, meta.partitions.channel),
      history: channelHistory(sql, waiter),
      followersAmong: (channel, accountIds) => followersAmong(sql, channel, accountIds),
      roleOf: readRole({ channel: (channelId) => channelById(sql, channelId), roleOf: roleOf(sql) }),
      nukes: {
        reads: { recent: recentMessages(sql) },
        once: createOnce(vault.requests, vault.hashes.fingerprint),
        waitForPosition: waiter.wait,
      },
      lookUps: { evidence: readEvidence(sql), elsewhere: readElsewhere(sql) },
      sightings,
      questions: questions.options,
      emotes: globalEmoteReads(sql),
      attachments,
      whispers: {
        partitionOf: (accountId) => partitionOf(accountId, meta.partitions.conversation),
        history: whisperHistory(sql, waiter),
        receiver: receiverFacts({
          account: (accountId) => accountById(sql, accountId),
          followedAt: (channelId, accountId) => followedAt(sql, channelId, accountId),
        }),
      },
      keys: vault.keys,
      authentication: createAuthentication({
        verification,
        vault,
        sql,
        secureCookies: new URL(config.publicUrl).protocol === 'https:',
        staff,
      }),
      gateway,
      memberFacts: async (channel, accountId) => {
        const [followed, account, rulesAccepted] = await Promise.all([
          followedAt(sql, channel, accountId),
          accountById(sql, accountId),
          acceptedRules(sql, channel, accountId),
        ])
        return factsOf({
          followedAt: followed,
          accountCreatedAt: account?.openedAt,
          verified: account?.emailVerified || undefined,
          rulesAccepted,
        })
      },
      readAll: () => readAll(),
      ready: () => isFed(),
      diskFull: disk.full,
      isBanned: bans.has,
      irc: { port: config.ircPort || undefined, names: ircNames(sql, vault) },
      logger,
    })
    cutBanned = edge.cutBanned
    const observe: typeof gateway.observe = (records) => {
      gateway.observe(records)
      openings.observe(records)
    }
    const accountOutcomes: typeof edge.accountOutcomes = (records) => {
      revocations.observe(records)
      void bans.observe(records)
      edge.accountOutcomes(records)
    }
    // Closed in this order: the edge sees what was posted to its outcome, which the feed brings.
    const feeding = stack.use(new AsyncDisposableStack())
    stack.adopt(edge, (opened) => opened.close())
    stack.defer(questions.tellRefusals)
    // Where the read models of messages and whispers stand: what lies before is asked of them.
    const positions = [
      ...(await livePositions(sql, 'messages')),
      ...(await livePositions(sql, 'broadcasts')).filter(({ family }) => family === 'broadcast'),
      ...(await livePositions(sql, 'whispers')).filter(({ family }) => family === 'conversation'),
    ]
    const standings = earlierStandings(positions, banned.standings)
    const starts = standings.filter(({ position }) => !isOrigin(position))
    const feed = feeding.adopt(
      await startFeed({ log, meta, starts, edge: { ...edge, accountOutcomes }, gateway: { observe }, logger }),
      (opened) => opened.close(),
    )
    isFed = feed.caughtUp
    readAll = feed.readAll
    const followedSince = performance.now()
    followedMs = () => (feed.isLive() ? Math.max(1, performance.now() - followedSince) : 0)
    signal.throwIfAborted()
    logger.info({ port: edge.port, ircPort: edge.ircPort, partitions: meta.partitions }, 'live connections are served')
    const owned = stack.move()
    return { ready: feed.caughtUp, close: () => owned.disposeAsync() }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}
