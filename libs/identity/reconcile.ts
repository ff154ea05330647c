import { codecs } from '#libs/contracts/codecs.ts'
import type { Log } from '#libs/journal/log.ts'
import type { Meta } from '#libs/journal/meta.ts'
import type { OutcomeRecord, Position } from '#libs/journal/outcome.ts'
import { openJournalReader } from '#libs/journal/reader/journal-reader.ts'
import { meters } from '#libs/telemetry/instruments.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import { isVaultEvent, type JournalFacts, journalFacts, type VaultEvent } from '#libs/vault/reconcile.ts'
import type { Vault } from '#libs/vault/vault.ts'

export type ReconcileOptions = {
  readonly log: Log
  readonly meta: Meta
  readonly vault: Pick<Vault, 'reconcile' | 'reconciled'>
  readonly logger: Pick<Logger, 'error'>
  readonly signal?: AbortSignal
}

/**
 * Tells the vault what the account journal says and a restored backup may have forgotten: who is erased, and which ids
 * are given. Every app does it before it uses a key. It reads on from where this vault was told last, which is but a few
 * records, unless a backup was restored. Every id of a channel was claimed with a handle, or is its owner's.
 */
export const reconcileVault = async ({ log, meta, vault, logger, signal }: ReconcileOptions): Promise<void> => {
  const { logId } = meta
  const places = await vault.reconciled.places(logId)
  const reached = new Map<number, Position>()
  const erased = new Set<string>()
  let highestId = 0
  let restarts = 0

  const learn = (facts: JournalFacts): void => {
    for (const accountId of facts.erased) erased.add(accountId)
    highestId = Math.max(highestId, facts.highestId)
  }

  const reader = await openJournalReader({
    log,
    logId,
    families: ['account'],
    onOutcomes: (_family, partition, outcomes, position) => {
      learn(journalFacts(outcomes.flatMap(vaultEventsOf)))
      reached.set(partition, position)
    },
    onPositionInvalid: (_family, partition) => {
      restarts++
      reader.read('account', partition, 'beginning')
    },
    // `caughtUp` rejects with it.
    onError: () => {},
  })
  try {
    for (let partition = 0; partition < meta.partitions.account; partition++) {
      const place = places.get(partition)
      reader.read('account', partition, place ? { logId, ...place } : 'beginning')
    }
    // A partition that begins anew is not waited for by who waited already.
    for (let before = -1; before < restarts; ) {
      before = restarts
      await reader.caughtUp(signal)
    }
  } finally {
    await reader.close()
  }
  if (reached.size === 0) return

  const back = await vault.reconcile({ erased: [...erased], highestId })
  await vault.reconciled.moveTo(logId, reached)
  if (back.length === 0) return
  const code = 'vault.erased_were_back'
  meters().alarms.add(1, { code })
  logger.error({ code, accounts: back.length }, 'the vault held keys of erased people: they are erased again')
}

const vaultEventsOf = ({ outcome }: OutcomeRecord): readonly VaultEvent[] =>
  outcome.kind === 'accepted'
    ? outcome.events.filter(isVaultEvent).map((encoded) => codecs.account.decodeEvent(encoded) as VaultEvent)
    : []
