import { randomUUID } from 'node:crypto'
import { broadcastDecider } from '#libs/broadcast/decider.ts'
import { channelDecider } from '#libs/channel/decider.ts'
import type { RunningApp, StartApp } from '#libs/config/app.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import { conversationDecider } from '#libs/conversation/decider.ts'
import { identityDecider } from '#libs/identity/decider.ts'
import { reconcileVault } from '#libs/identity/reconcile.ts'
import { ensureConfiguredTopics, openConfiguredLog } from '#libs/journal/configured-log.ts'
import { openConfiguredObjects } from '#libs/journal/configured-objects.ts'
import { type FamilyOwner, openFamilyOwner } from '#libs/journal/owner/runtime/family.ts'
import { gauge } from '#libs/telemetry/instruments.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { openVault } from '#libs/vault/open.ts'
import { followErasures } from './erasures.ts'

type Parts = Omit<Parameters<typeof openFamilyOwner<never, never, never>>[0], 'rules'>

/** Every family that is decided here, by its context's door. */
const families = {
  account: (parts: Parts) => openFamilyOwner({ ...parts, rules: { decider: identityDecider, codecs: codecs.account } }),
  channel: (parts: Parts) => openFamilyOwner({ ...parts, rules: { decider: channelDecider, codecs: codecs.channel } }),
  broadcast: (parts: Parts) =>
    openFamilyOwner({ ...parts, rules: { decider: broadcastDecider, codecs: codecs.broadcast } }),
  conversation: (parts: Parts) =>
    openFamilyOwner({ ...parts, rules: { decider: conversationDecider, codecs: codecs.conversation } }),
} as const

export type DecidedFamily = keyof typeof families

export const decidedFamilies = Object.keys(families) as readonly DecidedFamily[]

/**
 * Decides commands of these families: owns partitions of each, writes their journals and snapshots. Ready once it owns
 * what was assigned to it.
 */
export const startDeciding = async (
  names: readonly DecidedFamily[],
  ...[config, signal]: Parameters<StartApp>
): Promise<RunningApp> => {
  const logger = createLogger('decider', config.logLevel)
  const stack = new AsyncDisposableStack()
  try {
    const log = stack.adopt(openConfiguredLog(config, 'whiply-decider', logger), (open) => open.close())
    const meta = await ensureConfiguredTopics(log, config)
    const objects = await openConfiguredObjects(config)
    const vault = stack.adopt(await openVault(config), (open) => open.close())
    await reconcileVault({ log, meta, vault, logger, signal })
    stack.adopt(await followErasures({ log, meta, objects, keys: vault.keys, logger }), (open) => open.close())
    signal.throwIfAborted()

    const { keys } = vault
    const { fingerprint } = vault.hashes
    const parts = { log, meta, objects, keys, fingerprint, instance: randomUUID(), logger }
    const owners: FamilyOwner[] = []
    stack.defer(async () => {
      await Promise.all(owners.map((owner) => owner.close()))
    })
    for (const name of names) owners.push(await families[name](parts))
    stack.defer(
      gauge('whiply_decider_queued', 'Commands read and not yet decided', () => [
        { value: owners.reduce((sum, owner) => sum + queuedIn(owner), 0) },
      ]),
    )
    signal.throwIfAborted()
    logger.info({ logId: meta.logId, partitions: meta.partitions }, 'decides commands')
    const owned = stack.move()
    return {
      ready: () => owners.every((owner) => owner.ready()),
      close: () => owned.disposeAsync(),
    }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

/** Decides commands of every family. */
export const start: StartApp = (config, signal) => startDeciding(decidedFamilies, config, signal)

const queuedIn = (owner: FamilyOwner): number =>
  [...owner.status().values()].reduce((sum, { queued }) => sum + queued, 0)
