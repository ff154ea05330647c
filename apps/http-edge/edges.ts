import { createSightings, type Sightings } from '#libs/addresses/sightings.ts'
import type { AuditEdge } from '#libs/audit/http/edge.ts'
import { type Asked, auditRows } from '#libs/audit/queries.ts'
import type { BroadcastEdge, Telemetry } from '#libs/broadcast/http/edge.ts'
import { createPlaybackTokens } from '#libs/broadcast/playback-tokens.ts'
import { broadcastReads } from '#libs/broadcast/queries.ts'
import { createAttachmentStore } from '#libs/channel/attachments/store.ts'
import { attachmentsFact, uploadToken } from '#libs/channel/attachments/uploads.ts'
import { createKnownGlobals, lookEveryMs } from '#libs/channel/emotes/globals.ts'
import { globalEmoteReads } from '#libs/channel/emotes/reads.ts'
import { type PictureEdge, roleOf, slugOf } from '#libs/channel/http/edge.ts'
import { readSide } from '#libs/channel/http/reads.ts'
import { createJobs } from '#libs/channel/past/jobs.ts'
import { createPast, type PastOptions } from '#libs/channel/past/replayed.ts'
import { classifyWhereAsked, createPolicyAsks } from '#libs/channel/policy/asks.ts'
import { httpClassifier } from '#libs/channel/policy/classifier.ts'
import type { Config } from '#libs/config/config.ts'
import { receiverFacts } from '#libs/conversation/edge.ts'
import type { ConversationEdge } from '#libs/conversation/http/edge.ts'
import { conversationReads } from '#libs/conversation/queries.ts'
import { createOnce } from '#libs/http/once.ts'
import type { RateLimiter } from '#libs/http/rate-limit.ts'
import { safeError } from '#libs/http/safe-error.ts'
import { type AccountsAsked, searchAccounts } from '#libs/identity/account-search.ts'
import { addressBans } from '#libs/identity/addresses/queries.ts'
import { createExports } from '#libs/identity/export/exports.ts'
import { noteAuditRead } from '#libs/identity/http/audit-reads.ts'
import { type IdentityEdge, type Refused, recordFailedLogins } from '#libs/identity/http/edge.ts'
import { createFailedAttempts, type FailedAttempts } from '#libs/identity/http/failed-attempts.ts'
import { createFailedLogins } from '#libs/identity/http/failed-logins.ts'
import { createKnownPlaces } from '#libs/identity/http/known-places.ts'
import { createRefusedAccess } from '#libs/identity/http/refused-access.ts'
import { createTogether } from '#libs/identity/http/together.ts'
import { createPeople } from '#libs/identity/people.ts'
import { accountReads } from '#libs/identity/queries.ts'
import { openWithSlug, renameSlug } from '#libs/identity/slugs.ts'
import { createBreaches } from '#libs/identity/strength/breaches.ts'
import { refuseBreached } from '#libs/identity/strength/refuse-breached.ts'
import { createStrength } from '#libs/identity/strength/strength.ts'
import { createImages } from '#libs/images/images.ts'
import { topicFor } from '#libs/integration/public-topic.ts'
import { publicKeptMs } from '#libs/integration/topic-settings.ts'
import { publicTopics } from '#libs/integration/topics.ts'
import { createPostgresDependency, guarded } from '#libs/readmodel/dependency.ts'
import { commandOutcome } from '#libs/readmodel/outcomes.ts'
import { shortMemory } from '#libs/readmodel/short-memory.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import { passwordCost } from '#libs/vault/password-cost.ts'
import { createPasswords } from '#libs/vault/passwords.ts'
import type { Vault } from '#libs/vault/vault.ts'
import type { Backbone } from './backbone.ts'
import { errors } from './errors.ts'
import { openApi } from './openapi.ts'
import { personalSource } from './personal-data.ts'
import type { PlatformEdge } from './platform-routes.ts'

/** What each slice's routes stand on, made of what the process has. */
export type Edges = {
  readonly identity: IdentityEdge
  readonly audit: AuditEdge
  /** Notes from where an account came. */
  readonly met: Sightings['note']
  /** Counts what somebody was refused who may not do it. */
  readonly refused: FailedAttempts<Refused>['note']
  readonly channel: PictureEdge
  readonly broadcast: BroadcastEdge
  readonly conversation: ConversationEdge
  readonly platform: PlatformEdge
  /** Leaves to other edges what is under way here without an asker. */
  readonly close: () => Promise<void>
}

/** How the past may be looked for otherwise: for tests. */
export type PastTuning = Pick<PastOptions, 'nearRecords' | 'worker'>

/** The vault with its calls to Postgres guarded; hashes are made without it. */
const guardedVault = (vault: Vault) => {
  const dependency = createPostgresDependency('vault')
  const { nextId } = guarded(dependency, { nextId: vault.nextId })
  return {
    hashes: vault.hashes,
    nextId,
    keys: guarded(dependency, { create: vault.keys.create, erase: vault.keys.erase }),
    credentials: guarded(dependency, vault.credentials),
    sessions: guarded(dependency, vault.sessions),
    factors: {
      totp: guarded(dependency, vault.factors.totp),
      recoveryCodes: guarded(dependency, vault.factors.recoveryCodes),
      passkeys: guarded(dependency, vault.factors.passkeys),
    },
    knownDevices: guarded(dependency, vault.knownDevices),
    oneTime: guarded(dependency, vault.oneTime),
    registrations: guarded(dependency, vault.registrations),
    requests: guarded(dependency, vault.requests),
    streamKeys: guarded(dependency, vault.streamKeys),
    accessTokens: guarded(dependency, vault.accessTokens),
    sightings: guarded(dependency, vault.sightings),
    signing: guarded(dependency, vault.signing),
  }
}

export const composeEdges = (
  config: Pick<
    Config,
    | 'publicUrl'
    | 'publicRealtimeUrl'
    | 'rtmpPort'
    | 'rtmpsPort'
    | 'classifierUrl'
    | 'registration'
    | 'termsVersion'
    | 'erasureDelayDays'
    | 'factorResetDelayHours'
    | 'publicRetentionDays'
    | 'sightingsRetentionDays'
    | 'breachedPasswordsUrl'
    | 'passwordMemoryKib'
    | 'passwordIterations'
    | 'passwordParallelism'
  >,
  backbone: Backbone & { readonly telemetry: Telemetry },
  limiter: RateLimiter,
  version: string,
  logger: Logger,
  pastTuning: PastTuning = {},
): Edges => {
  const { gateway, disk, sql, meta, log, objects } = backbone
  const door = { gateway, diskFull: disk.full, now: Date.now }
  const readModels = createPostgresDependency('read models')
  const accounts = guarded(readModels, accountReads(sql))
  const vault = guardedVault(backbone.vault)
  const once = createOnce(vault.requests, vault.hashes.fingerprint)
  const strength =
    config.breachedPasswordsUrl === undefined
      ? createStrength()
      : refuseBreached(
          createStrength(),
          createBreaches({
            url: config.breachedPasswordsUrl,
            onError: (error) =>
              logger.warn({ error: safeError(error) }, 'breached passwords are not known: they are taken'),
          }),
        )
  const people = createPeople(accounts, vault)

  const images = createImages(objects)

  const sightings = createSightings({
    hashes: vault.hashes,
    store: vault.sightings,
    retentionMs: config.sightingsRetentionDays * 86_400_000,
    onError: (error) => logger.warn({ error: safeError(error) }, 'from where somebody came was not kept'),
  })

  const audit: AuditEdge = {
    rows: guarded(readModels, { rows: (asked: Asked) => auditRows(sql, asked) }).rows,
    keys: backbone.vault.keys,
    namesOf: accounts.namesOf,
    sightings,
    noteRead: noteAuditRead(door),
  }

  const failedAttempts = createFailedAttempts({
    record: recordFailedLogins(door),
    onError: (error) => logger.warn({ error: safeError(error) }, 'that logins failed was not recorded yet'),
  })

  const refusals = createRefusedAccess(door, logger)

  const passwords = createPasswords({ cost: passwordCost(config) })

  const identity: IdentityEdge = {
    ...door,
    vault,
    once,
    passwords,
    together: createTogether({ isBusy: () => passwords.waiting() > 0 }),
    images,
    strength,
    reads: accounts,
    opening: backbone.opening,
    settle: backbone.settle,
    knownPlaces: createKnownPlaces(),
    failedLogins: createFailedLogins(),
    failedAttempts,
    limiter,
    post: backbone.post,
    behind: backbone.behind,
    publicUrl: config.publicUrl,
    registration: config.registration,
    termsVersion: config.termsVersion,
    erasureDelayMs: config.erasureDelayDays * 86_400_000,
    factorResetDelayMs: config.factorResetDelayHours * 3_600_000,
    publicCopies: {
      topics: publicTopics.flatMap(({ topic }) => [topic, topicFor(topic, '*')]),
      keptMs: publicKeptMs(config.publicRetentionDays),
    },
    sightings,
    exports: createExports(personalSource({ sql, readModels, vault, audit })),
    searchAccounts: guarded(readModels, { search: (asked: AccountsAsked) => searchAccounts(sql, asked) }).search,
    addressBans: guarded(readModels, { list: (at: number, limit: number) => addressBans(sql, at, limit) }).list,
    secureCookies: new URL(config.publicUrl).protocol === 'https:',
  }

  const jobs = guarded(readModels, createJobs(sql))
  const past = createPast({ ...pastTuning, log, meta, objects, keys: backbone.vault.keys, jobs, logger })

  const globalEmotes = createKnownGlobals(guarded(readModels, globalEmoteReads(sql)))
  void globalEmotes.refresh()
  const looking = setInterval(() => void globalEmotes.refresh(), lookEveryMs).unref()

  const rows = readSide(sql, readModels)
  const channel: PictureEdge = {
    ...door,
    ...rows,
    once,
    sightings,
    waitForPosition: backbone.waiter.wait,
    images,
    attachments: {
      store: createAttachmentStore(objects, images),
      token: (whose, attachment) => uploadToken(vault.hashes, whose, attachment),
      fact: attachmentsFact(vault.hashes, Date.now),
    },
    globalEmotes,
    classify:
      config.classifierUrl === undefined
        ? undefined
        : classifyWhereAsked(
            httpClassifier({ url: config.classifierUrl }),
            createPolicyAsks({ policy: async (channelId) => (await rows.policies.policy(channelId))?.policy ?? null }),
          ),
    people,
    past,
    openWithSlug: openWithSlug(identity, rows.reads),
    renameSlug: renameSlug(identity, rows.reads),
  }

  const platform: PlatformEdge = {
    publicRealtimeUrl: config.publicRealtimeUrl,
    version,
    epoch: meta.logId,
    errors,
    openApiJson: JSON.stringify(openApi()),
    commandOutcome: guarded(readModels, {
      ask: (principal: string, commandId: string) => commandOutcome(sql, principal, commandId),
    }).ask,
  }

  const { hostname } = new URL(config.publicUrl)
  const slugs = shortMemory(async (channelId) => {
    const view = await channel.reads.channel(channelId)
    return view ? slugOf(channel, view) : null
  })
  const broadcast: BroadcastEdge = {
    ...door,
    once,
    streamKeys: vault.streamKeys,
    reads: guarded(readModels, broadcastReads(sql)),
    telemetry: backbone.telemetry,
    tokens: createPlaybackTokens(vault.hashes.playback),
    slugOf: slugs.get,
    isSubscribed: async (channelId, member) =>
      (await channel.reads.marks(channelId, { mark: 'subscription', member, limit: 1 })).length > 0,
    roleIn: async (channelId, caller) => {
      const view = await channel.reads.channel(channelId)
      return view && roleOf(channel, view, caller)
    },
    rtmpUrl: `rtmp://${hostname}:${config.rtmpPort}/live`,
    rtmpsUrl: config.rtmpsPort === 0 ? undefined : `rtmps://${hostname}:${config.rtmpsPort}/live`,
  }

  const close = async (): Promise<void> => {
    clearInterval(looking)
    await Promise.all([failedAttempts.close(), refusals.close()])
    await strength.close()
    await past.close()
  }
  const conversation: ConversationEdge = {
    ...door,
    reads: guarded(readModels, conversationReads(sql)),
    receiver: receiverFacts({ account: accounts.account, followedAt: rows.reads.followedAt }),
    holderOf: people.accountOf,
    namesOf: people.namesOf,
  }

  return {
    identity,
    audit,
    met: sightings.note,
    refused: refusals.note,
    channel,
    broadcast,
    conversation,
    platform,
    close,
  }
}
