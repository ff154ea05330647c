import { type Family, families } from '#libs/journal/families.ts'
import type { Log } from '#libs/journal/log.ts'
import type { Meta } from '#libs/journal/meta.ts'
import type { OutcomeRecord, Position } from '#libs/journal/outcome.ts'
import { openJournalReader } from '#libs/journal/reader/journal-reader.ts'
import type { JournalReader } from '#libs/journal/reader.ts'
import { lagGauges } from '#libs/telemetry/instruments.ts'
import type { Logger } from '#libs/telemetry/logger.ts'

export type FeedOptions = {
  readonly log: Log
  readonly meta: Meta
  /** Where each partition is read from; those that are not named, from the beginning. */
  readonly starts: readonly { readonly family: Family; readonly partition: number; readonly position: Position }[]
  readonly onOutcomes: (family: Family, outcomes: readonly OutcomeRecord[]) => void
  readonly logger: Logger
}

/** Reads every journal. A reader that has failed is replaced by one that goes on where it stood. */
export type Feed = {
  /** Whether the end of every partition as it was at the start has been reached, and a reader is there. */
  readonly isLive: () => boolean
  readonly close: () => Promise<void>
}

const RETRY_MS = 500
/** Of all messages only those posted over HTTP concern this edge, and their requests may take this much longer. */
const GATHER_MS = 10

const placeOf = (family: Family, partition: number): string => `${family}/${partition}`

export const startFeed = async ({ log, meta, starts, onOutcomes, logger }: FeedOptions): Promise<Feed> => {
  const reached = new Map<string, Position>(
    starts.map(({ family, partition, position }) => [placeOf(family, partition), position]),
  )
  const closing = new AbortController()
  let reader: JournalReader | undefined
  let isCaughtUp = false

  const open = async (): Promise<void> => {
    const opened = await openJournalReader({
      log,
      logId: meta.logId,
      families,
      gatherMs: GATHER_MS,
      onOutcomes: (family, partition, outcomes, position) => {
        onOutcomes(family, outcomes)
        reached.set(placeOf(family, partition), position)
      },
      // Nothing here stands on the position: what comes twice is passed over.
      onPositionInvalid: (family, partition) => {
        logger.error({ family, partition }, 'a position is not valid, the partition is read from the beginning')
        reached.delete(placeOf(family, partition))
        queueMicrotask(() => opened.read(family, partition, 'beginning'))
      },
      onError: (error) => {
        logger.warn({ err: error }, 'the reader of the journals failed')
        void replace(opened)
      },
    })
    reader = opened
    for (const family of families)
      for (let partition = 0; partition < meta.partitions[family]; partition++)
        opened.read(family, partition, reached.get(placeOf(family, partition)) ?? 'beginning')
    await opened.caughtUp(closing.signal)
    isCaughtUp = true
  }

  /** One failure is told once: whoever is replaced already is let go of by the first that saw it. */
  const replace = async (failed: JournalReader): Promise<void> => {
    if (reader !== failed || closing.signal.aborted) return
    reader = undefined
    await failed.close().catch(() => {})
    while (!reader && !closing.signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref())
      await open().catch((error: unknown) => logger.warn({ err: error }, 'the journals cannot be read'))
    }
  }

  await open()
  const removeGauges = lagGauges('whiply_http_edge', () => reader?.lag() ?? [])
  return {
    isLive: () => isCaughtUp && reader !== undefined,
    close: async () => {
      closing.abort()
      removeGauges()
      await reader?.close()
    },
  }
}
