import { codecs } from '#libs/contracts/codecs.ts'
import type { Log } from '#libs/journal/log.ts'
import type { Meta } from '#libs/journal/meta.ts'
import type { ObjectStore } from '#libs/journal/objects.ts'
import type { EncodedEvent, OutcomeRecord, Position } from '#libs/journal/outcome.ts'
import { openJournalReader } from '#libs/journal/reader/journal-reader.ts'
import type { JournalReader } from '#libs/journal/reader.ts'
import { newestPosition } from '#libs/journal/snapshots/position.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import type { PersonalKeys } from '#libs/vault/vault.ts'

export type ErasureOptions = {
  readonly log: Log
  readonly meta: Meta
  readonly objects: ObjectStore
  readonly keys: Pick<PersonalKeys, 'forget'>
  readonly logger: Pick<Logger, 'error'>
}

const reopenMs = 500

/**
 * Drops the key of whoever is erased as soon as the account journal says so (I11), so that nothing more is sealed for
 * them. A start need not read the past: keys that are gone from the vault are not fetched again.
 */
export const followErasures = async (options: ErasureOptions): Promise<{ readonly close: () => Promise<void> }> => {
  const { log, meta, objects, keys, logger } = options
  const reached = new Map<number, Position>()
  let reader: JournalReader | undefined
  let closed = false

  for (let partition = 0; partition < meta.partitions.account; partition++) {
    const position = await newestPosition(objects, meta.logId, 'account', partition)
    if (position) reached.set(partition, position)
  }

  const open = async (): Promise<void> => {
    const opened = await openJournalReader({
      log,
      logId: meta.logId,
      families: ['account'],
      onOutcomes: (_family, partition, outcomes, position) => {
        for (const account of outcomes.flatMap(erasedIn)) keys.forget(account)
        reached.set(partition, position)
      },
      onPositionInvalid: (family, partition) => opened.read(family, partition, 'beginning'),
      onError: (error) => {
        logger.error({ code: (error as { code?: string }).code ?? error.name }, 'erasures cannot be read; reads again')
        void reopen()
      },
    })
    reader = opened
    for (let partition = 0; partition < meta.partitions.account; partition++)
      opened.read('account', partition, reached.get(partition) ?? 'beginning')
  }

  const reopen = async (): Promise<void> => {
    await reader?.close().catch(() => {})
    while (!closed) {
      try {
        return await open()
      } catch {
        await new Promise((resolve) => setTimeout(resolve, reopenMs))
      }
    }
  }

  await open()
  return {
    close: async () => {
      closed = true
      await reader?.close()
    },
  }
}

const erasedIn = ({ outcome }: OutcomeRecord): readonly string[] =>
  outcome.kind === 'accepted' ? outcome.events.flatMap(erasedBy) : []

const erasedBy = (encoded: EncodedEvent): readonly string[] => {
  if (encoded.type !== 'AccountErased') return []
  const event = codecs.account.decodeEvent(encoded)
  return event.type === 'AccountErased' ? [event.accountId] : []
}
