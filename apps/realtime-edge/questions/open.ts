import type { Sightings } from '#libs/addresses/sightings.ts'
import type { ChannelEdge } from '#libs/channel/http/edge.ts'
import { readSide } from '#libs/channel/http/reads.ts'
import { createAskedPast } from '#libs/channel/past/asked.ts'
import { createJobs } from '#libs/channel/past/jobs.ts'
import { channelTextRoutes } from '#libs/channel/routes.ts'
import type { Config } from '#libs/config/config.ts'
import { receiverFacts } from '#libs/conversation/edge.ts'
import type { ConversationEdge } from '#libs/conversation/http/edge.ts'
import { conversationReads } from '#libs/conversation/queries.ts'
import { conversationRoutes } from '#libs/conversation/routes.ts'
import { createOnce } from '#libs/http/once.ts'
import { checkPlace } from '#libs/http/places.ts'
import { bind } from '#libs/http/route.ts'
import { createRefusedAccess } from '#libs/identity/http/refused-access.ts'
import type { Openings } from '#libs/identity/openings.ts'
import { createPeople } from '#libs/identity/people.ts'
import { accountReads } from '#libs/identity/queries.ts'
import { createSettle } from '#libs/identity/settle.ts'
import { openWithSlug, renameSlug } from '#libs/identity/slugs.ts'
import type { CommandGateway } from '#libs/journal/gateway.ts'
import type { Meta } from '#libs/journal/meta.ts'
import { openPostgres } from '#libs/postgres/open.ts'
import { createPostgresDependency, guarded } from '#libs/readmodel/dependency.ts'
import type { PositionWaiter } from '#libs/readmodel/wait.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import type { Vault } from '#libs/vault/vault.ts'
import type { EdgeOptions } from '../edge.ts'
import { offered } from './offered.ts'

type Shared = {
  readonly gateway: CommandGateway
  readonly vault: Vault
  readonly meta: Meta
  readonly waiter: PositionWaiter
  readonly openings: Pick<Openings, 'wait'>
  readonly diskFull: () => boolean
  readonly sightings: Sightings
  readonly attachments: ChannelEdge['attachments']['fact']
  readonly classify: ChannelEdge['classify']
  readonly logger: Logger
}

export type Questions = {
  readonly options: EdgeOptions['questions']
  /** Has the journal told what is left of who was refused; before the gateway closes. */
  readonly tellRefusals: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Connections to Postgres that questions share. Those by which lanes are read are others. */
const CONNECTIONS = 4
const MOST_WAITING = 256

/** While Postgres is away questions are told so at once; lanes go on without it. */
export const openQuestions = (config: Pick<Config, 'databaseUrl'>, shared: Shared): Questions => {
  const { gateway, vault, meta, waiter, openings, diskFull, sightings, attachments, classify, logger } = shared
  const sql = openPostgres(config.databaseUrl, { max: CONNECTIONS })
  const readModels = createPostgresDependency('read models', { concurrency: CONNECTIONS, queue: MOST_WAITING })
  const ofVault = createPostgresDependency('vault')
  const door = { gateway, diskFull, now: Date.now }
  const accounts = guarded(readModels, accountReads(sql))
  const people = createPeople(accounts, vault)
  const once = createOnce(guarded(ofVault, vault.requests), vault.hashes.fingerprint)
  const rows = readSide(sql, readModels)
  const slugs = {
    ...door,
    once,
    reads: accounts,
    opening: openings.wait,
    settle: createSettle(waiter),
    vault: { hashes: vault.hashes, ...guarded(ofVault, { nextId: vault.nextId }) },
  }
  const jobs = guarded(readModels, createJobs(sql))
  const channelOn = (globalEmotes: ChannelEdge['globalEmotes']): ChannelEdge => ({
    ...door,
    ...rows,
    once,
    sightings,
    waitForPosition: waiter.wait,
    attachments: { fact: attachments },
    globalEmotes,
    classify,
    people,
    past: createAskedPast({ jobs, keys: vault.keys, logId: meta.logId }),
    openWithSlug: openWithSlug(slugs, rows.reads),
    renameSlug: renameSlug(slugs, rows.reads),
  })
  const conversation: ConversationEdge = {
    ...door,
    reads: guarded(readModels, conversationReads(sql)),
    receiver: receiverFacts({ account: accounts.account, followedAt: rows.reads.followedAt }),
    holderOf: people.accountOf,
    namesOf: people.namesOf,
  }
  const refusals = createRefusedAccess(door, logger)
  return {
    options: {
      routes: ({ globalEmotes }) => [
        ...bind(offered(channelTextRoutes), channelOn(globalEmotes)),
        ...bind(offered(conversationRoutes), conversation),
      ],
      waitForPosition: async (projection, token) => {
        checkPlace(token, meta.partitions)
        await waiter.wait(projection, token)
      },
      refused: ({ accountId }, refused) => refusals.note(accountId, refused),
    },
    tellRefusals: refusals.close,
    close: () => sql.end({ timeout: 1 }),
  }
}
