import { randomUUID } from 'node:crypto'
import type { Sql } from 'postgres'
import type { Config } from '#libs/config/config.ts'
import { type DiskWatch, watchDisk } from '#libs/config/disk.ts'
import { type Behind, createBehind } from '#libs/http/behind.ts'
import { safeError } from '#libs/http/safe-error.ts'
import { type AddressBans, createAddressBans } from '#libs/identity/addresses/bans.ts'
import { earlierStandings, startingBans } from '#libs/identity/addresses/queries.ts'
import type { IdentityEdge } from '#libs/identity/http/edge.ts'
import { createOpenings } from '#libs/identity/openings.ts'
import { reconcileVault } from '#libs/identity/reconcile.ts'
import { createRevocations, type Revocations } from '#libs/identity/revocations.ts'
import { createSettle } from '#libs/identity/settle.ts'
import { accessTokenMs } from '#libs/identity/tokens.ts'
import { ensureConfiguredTopics, openConfiguredLog } from '#libs/journal/configured-log.ts'
import { openConfiguredObjects } from '#libs/journal/configured-objects.ts'
import { openCommandGateway } from '#libs/journal/gateway/command-gateway.ts'
import type { CommandGateway } from '#libs/journal/gateway.ts'
import type { Log } from '#libs/journal/log.ts'
import type { Meta } from '#libs/journal/meta.ts'
import type { ObjectStore } from '#libs/journal/objects.ts'
import { openConfiguredPost } from '#libs/mail/configured.ts'
import type { Post } from '#libs/mail/post.ts'
import { openPostgres } from '#libs/postgres/open.ts'
import { isOrigin, livePositions } from '#libs/readmodel/positions.ts'
import { createReadModelSchema } from '#libs/readmodel/schema.ts'
import { createPositionWaiter, type PositionWaiter } from '#libs/readmodel/wait.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import { openVault } from '#libs/vault/open.ts'
import type { Vault } from '#libs/vault/vault.ts'
import { startFeed } from './feed.ts'

/** What sends commands and hears what came of them: the edge stands on it, and the first start. */
export type Backbone = {
  readonly log: Log
  readonly meta: Meta
  readonly vault: Vault
  readonly sql: Sql
  readonly waiter: PositionWaiter
  readonly disk: DiskWatch
  readonly objects: ObjectStore
  readonly gateway: CommandGateway
  readonly opening: IdentityEdge['opening']
  readonly settle: IdentityEdge['settle']
  readonly revocations: Revocations
  /** Addresses that may only read. */
  readonly bans: Pick<AddressBans, 'has'>
  readonly post: Post
  /** Work behind answers; done before anything is let go of. */
  readonly behind: Behind['run']
  readonly isLive: () => boolean
  /** For how long the journals have been followed up to now without a gap, 0 while they are not. */
  readonly followedMs: () => number
  /** Lets commands under way be answered, then lets go of everything. */
  readonly close: () => Promise<void>
}

/** Opens everything; rejects where an engine is away, and lets go of what was opened by then. */
export const openBackbone = async (config: Config, name: string, logger: Logger): Promise<Backbone> => {
  const stack = new AsyncDisposableStack()
  try {
    const log = stack.adopt(openConfiguredLog(config, `whiply-${name}`, logger), (opened) => opened.close())
    const meta = await ensureConfiguredTopics(log, config)
    const vault = stack.adopt(await openVault(config), (opened) => opened.close())
    await reconcileVault({ log, meta, vault, logger })
    const sql = stack.adopt(openPostgres(config.databaseUrl, { max: 10 }), (opened) => opened.end({ timeout: 1 }))
    await createReadModelSchema(sql)
    const waiter = stack.adopt(await createPositionWaiter(sql), (opened) => opened.close())
    const disk = stack.adopt(await watchDisk(config), (opened) => opened.close())
    // Only the past is answered from it: an edge starts without.
    const objects = await openConfiguredObjects(config, ({ code, message }) =>
      logger.warn({ code }, `the past cannot be asked for now: ${message}`),
    )
    const post = stack.adopt(openConfiguredPost(config, logger), (opened) => opened.close())
    const openings = createOpenings()
    const revocations = createRevocations({
      tokenMs: accessTokenMs,
      onErased: (accountId) => {
        vault.keys.forget(accountId)
        post.forget(accountId)
      },
    })
    const onBanError = (error: unknown) =>
      logger.warn({ error: safeError(error) }, 'a ban of an address does not count')
    const bans = createAddressBans({ keys: vault.keys, onBan: () => {}, onError: onBanError })
    const gateway = await openCommandGateway({
      log,
      partitions: meta.partitions,
      origin: `${name}/${randomUUID()}`,
      onFailure: (error) => logger.warn({ error: safeError(error) }, 'commands could not be sent, and are sent again'),
    })
    // Where outcomes stand in the read model: what came before them is answered from there.
    const banned = await startingBans(sql, Date.now())
    bans.load(banned.bans)
    const standings = earlierStandings(await livePositions(sql, 'outcomes'), banned.standings)
    const starts = standings.filter(({ position }) => !isOrigin(position))
    const feed = stack.adopt(
      await startFeed({
        log,
        meta,
        starts,
        logger,
        onOutcomes: (family, outcomes) => {
          gateway.observe(outcomes)
          openings.observe(outcomes)
          if (family !== 'account') return
          revocations.observe(outcomes)
          void bans.observe(outcomes)
        },
      }),
      (opened) => opened.close(),
    )
    // A reader that failed goes on where it stood, so from here on there is no gap.
    const followedSince = performance.now()
    stack.adopt(gateway, (opened) => opened.close(3000))
    const behind = stack.adopt(
      createBehind((error) => logger.warn({ error: safeError(error) }, 'what was to follow on an answer failed')),
      (opened) => opened.close(),
    )
    const owned = stack.move()
    return {
      log,
      meta,
      vault,
      sql,
      waiter,
      disk,
      objects,
      gateway,
      opening: openings.wait,
      settle: createSettle(waiter),
      revocations,
      bans,
      post,
      behind: behind.run,
      isLive: feed.isLive,
      followedMs: () => (feed.isLive() ? Math.max(1, performance.now() - followedSince) : 0),
      close: () => owned.disposeAsync(),
    }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}
