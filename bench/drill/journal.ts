import { readConfig } from '#libs/config/config.ts'
import { ensureConfiguredTopics } from '#libs/journal/configured-log.ts'
import type { Family } from '#libs/journal/families.ts'
import { kafkaLog } from '#libs/journal/kafka/log.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { openJournalReader } from '#libs/journal/reader/journal-reader.ts'

/** An event that was accepted, with the place of it among those of its command. */
export type Accepted = {
  readonly record: OutcomeRecord
  readonly event: Extract<OutcomeRecord['outcome'], { readonly kind: 'accepted' }>['events'][number]
  readonly index: number
}

/** Every event of a family, from the journal's beginning to its end, read by a reader of its own. */
export const readJournal = async (
  brokers: readonly string[],
  family: Family,
  onEvent: (accepted: Accepted) => void,
): Promise<void> => {
  const log = kafkaLog({ brokers, clientId: 'drill' })
  try {
    const meta = await ensureConfiguredTopics(log, readConfig({}))
    const failed = Promise.withResolvers<never>()
    const reader = await openJournalReader({
      log,
      logId: meta.logId,
      families: [family],
      onOutcomes: (_family, _partition, outcomes) => {
        for (const record of outcomes)
          if (record.outcome.kind === 'accepted')
            for (const [index, event] of record.outcome.events.entries()) onEvent({ record, event, index })
      },
      onPositionInvalid: () => failed.reject(new Error('a reader from the beginning was refused')),
      onError: failed.reject,
    })
    for (let partition = 0; partition < meta.partitions[family]; partition++)
      reader.read(family, partition, 'beginning')
    await Promise.race([reader.caughtUp(AbortSignal.timeout(60_000)), failed.promise])
    await reader.close()
  } finally {
    await log.close()
  }
}
