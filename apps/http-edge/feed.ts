import { safeError } from '#libs/http/safe-error.ts'
import type { Family } from '#libs/journal/families.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { type FollowOptions, followJournals } from '#libs/journal/reader/follow-journals.ts'
import { lagGauges } from '#libs/telemetry/instruments.ts'
import type { Logger } from '#libs/telemetry/logger.ts'

export type FeedOptions = Pick<FollowOptions, 'log' | 'meta' | 'starts'> & {
  readonly onOutcomes: (family: Family, outcomes: readonly OutcomeRecord[]) => void
  readonly logger: Logger
}

/** Reads every journal. A reader that has failed is replaced by one that goes on where it stood. */
export type Feed = {
  /** Whether the end of every partition as it was at the start has been reached, and a reader is there. */
  readonly isLive: () => boolean
  readonly close: () => Promise<void>
}

/** Of all messages only those posted over HTTP concern this edge, and their requests may take this much longer. */
const GATHER_MS = 25

export const startFeed = async ({ log, meta, starts, onOutcomes, logger }: FeedOptions): Promise<Feed> => {
  const following = await followJournals({
    log,
    meta,
    starts,
    gatherMs: GATHER_MS,
    onOutcomes: (family, _partition, outcomes) => onOutcomes(family, outcomes),
    onPositionInvalid: (family, partition) =>
      logger.error({ family, partition }, 'a position is not valid, the partition is read from the beginning'),
    onError: (error) => logger.warn({ error: safeError(error) }, 'the journals cannot be read; they are read anew'),
  })
  await following.untilCaughtUp()
  const removeGauges = lagGauges('whiply_http_edge', following.lag)
  return {
    isLive: following.isLive,
    close: async () => {
      removeGauges()
      await following.close()
    },
  }
}
