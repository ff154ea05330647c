import { safeError } from '#libs/http/safe-error.ts'
import type { CommandGateway } from '#libs/journal/gateway.ts'
import { type FollowOptions, followJournals } from '#libs/journal/reader/follow-journals.ts'
import { lagGauges } from '#libs/telemetry/instruments.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import type { Edge } from './edge.ts'
import { type ReadAll, shareNext } from './read-all.ts'

export type FeedOptions = Pick<FollowOptions, 'log' | 'meta' | 'starts'> & {
  readonly edge: Pick<
    Edge,
    'startAt' | 'channelOutcomes' | 'accountOutcomes' | 'broadcastOutcomes' | 'whispersStartAt' | 'whisperOutcomes'
  >
  readonly gateway: Pick<CommandGateway, 'observe'>
  readonly logger: Logger
}

/** Reads every journal to the edge and its gateway. A reader that has failed is replaced where it stood. */
export type Feed = {
  /** Whether the end of every partition as it was at the start has been reached. */
  readonly caughtUp: () => boolean
  readonly readAll: ReadAll
  /** Whether besides a reader is there. */
  readonly isLive: () => boolean
  readonly close: () => Promise<void>
}

export const startFeed = async ({ log, meta, starts, edge, gateway, logger }: FeedOptions): Promise<Feed> => {
  for (const { family, partition, position } of starts) {
    if (family === 'channel') edge.startAt(partition, position)
    if (family === 'conversation') edge.whispersStartAt(partition, position)
  }
  const following = await followJournals({
    log,
    meta,
    starts,
    onOutcomes: async (family, partition, outcomes, position) => {
      gateway.observe(outcomes)
      if (family === 'broadcast') edge.broadcastOutcomes(outcomes)
      if (family === 'channel') await edge.channelOutcomes(partition, outcomes, position)
      else if (family === 'conversation') await edge.whisperOutcomes(partition, outcomes, position)
      else if (family === 'account') edge.accountOutcomes(outcomes)
    },
    // What stood on the position is nothing here: rings keep their numbers, and whatever comes twice is passed over.
    onPositionInvalid: (family, partition) =>
      logger.error({ family, partition }, 'a position is not valid, the partition is read from the beginning'),
    onError: (error) => logger.warn({ error: safeError(error) }, 'the journals cannot be read; they are read anew'),
  })
  await following.untilCaughtUp()
  const removeGauges = lagGauges('whiply_realtime_edge', following.lag)
  return {
    caughtUp: following.hasCaughtUp,
    readAll: shareNext(following.untilNow),
    isLive: following.isLive,
    close: async () => {
      removeGauges()
      await following.close()
    },
  }
}
