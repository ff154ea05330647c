import { type Family, families } from '#libs/journal/families.ts'
import type { CommandGateway } from '#libs/journal/gateway.ts'
import type { Log } from '#libs/journal/log.ts'
import type { Meta } from '#libs/journal/meta.ts'
import type { OutcomeRecord, Position } from '#libs/journal/outcome.ts'
import { openJournalReader } from '#libs/journal/reader/journal-reader.ts'
import type { JournalReader } from '#libs/journal/reader.ts'
import { lagGauges } from '#libs/telemetry/instruments.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import type { Edge } from './edge.ts'

export type FeedOptions = {
  readonly log: Log
  readonly meta: Meta
  /** Where each partition is read from; those that are not named, from the beginning. */
  readonly starts: readonly { readonly family: Family; readonly partition: number; readonly position: Position }[]
  readonly edge: Pick<Edge, 'startAt' | 'channelOutcomes' | 'accountOutcomes'>
  readonly gateway: Pick<CommandGateway, 'observe'>
  readonly logger: Logger
}

/** Reads every journal to the edge and its gateway. A reader that has failed is replaced where it stood. */
export type Feed = {
  /** Whether the end of every partition as it was at the start has been reached. */
  readonly caughtUp: () => boolean
  readonly close: () => Promise<void>
}

const RETRY_MS = 500

export const startFeed = async ({ log, meta, starts, edge, gateway, logger }: FeedOptions): Promise<Feed> => {
  const placeOf = (family: Family, partition: number) => `${family}/${partition}`
  const reached = new Map<string, Position>()
  const closing = new AbortController()
  let reader: JournalReader | undefined
  let isCaughtUp = false

  for (const { family, partition, position } of starts) {
    reached.set(placeOf(family, partition), position)
    if (family === 'channel') edge.startAt(partition, position)
  }

  const onOutcomes = async (
    family: Family,
    partition: number,
    outcomes: readonly OutcomeRecord[],
    position: Position,
  ): Promise<void> => {
    gateway.observe(outcomes)
    if (family === 'channel') await edge.channelOutcomes(partition, outcomes, position)
    else edge.accountOutcomes(outcomes)
    reached.set(placeOf(family, partition), position)
  }

  const open = async (): Promise<void> => {
    const opened = await openJournalReader({
      log,
      logId: meta.logId,
      families,
      onOutcomes,
      // What stood on the position is nothing here: rings keep their numbers, and whatever comes twice is passed over.
      onPositionInvalid: (family, partition) => {
        logger.error({ family, partition }, 'a position is not valid, the partition is read from the beginning')
        reached.delete(placeOf(family, partition))
        queueMicrotask(() => reader?.read(family, partition, 'beginning'))
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

  const replace = async (failed: JournalReader): Promise<void> => {
    if (reader !== failed || closing.signal.aborted) return
    reader = undefined
    await failed.close().catch(() => {})
    while (!reader && !closing.signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      await open().catch((error: unknown) => logger.warn({ err: error }, 'the journals cannot be read'))
    }
  }

  await open()
  const removeGauges = lagGauges('whiply_realtime_edge', () => reader?.lag() ?? [])
  return {
    caughtUp: () => isCaughtUp,
    close: async () => {
      closing.abort()
      removeGauges()
      await reader?.close()
    },
  }
}
