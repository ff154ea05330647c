import { randomUUID } from 'node:crypto'
import { families } from '#libs/journal/families.ts'
import { openCommandGateway } from '#libs/journal/gateway/command-gateway.ts'
import type { CommandGateway } from '#libs/journal/gateway.ts'
import type { JournalReader } from '#libs/journal/reader.ts'
import { PositionInvalid } from '#libs/readmodel/errors.ts'
import type { Manager } from '#libs/readmodel/manager.ts'
import { managerReader, runManager } from '#libs/readmodel/manager-runner.ts'
import { forgetPositions, livePositions, origin, placeId } from '#libs/readmodel/positions.ts'
import { shareByGroup } from '#libs/readmodel/share.ts'
import { lagGauges } from '#libs/telemetry/instruments.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import type { Running } from './keep-running.ts'
import type { ReadSide } from './read-side.ts'

/** Runs one manager. Where its position is in another log, it begins anew: what was decided once is not again. */
export const mountManager = async (side: ReadSide, manager: Manager, logger: Logger): Promise<Running> => {
  const run = await runManager({
    manager,
    sql: side.sql,
    openReader: side.openReader,
    share: shareByGroup(side.log, `whiply.manager.${manager.name}`, [manager.family]),
    logger,
  })
  const ended = run.ended.catch(async (error) => {
    if (!(error instanceof PositionInvalid)) throw error
    await forgetPositions(side.sql, managerReader(manager))
  })
  const removeGauges = lagGauges('whiply_manager', run.lag, { manager: manager.name })
  return {
    ended,
    close: async () => {
      removeGauges()
      await run.close()
    },
  }
}

/** Reads all journals for outcomes of commands that were sent from here: from a place that lies before any of them. */
const readOutcomes = async (side: ReadSide, gateway: CommandGateway, fail: (error: unknown) => void) => {
  const reader: JournalReader = await side.openReader({
    families,
    onOutcomes: (_family, _partition, outcomes) => gateway.observe(outcomes),
    onPositionInvalid: (family, partition) => reader.read(family, partition, 'beginning'),
    onError: fail,
  })
  const stored = new Map((await livePositions(side.sql, 'outcomes')).map((each) => [placeId(each), each.position]))
  for (const place of side.places) {
    const position = stored.get(placeId(place)) ?? origin
    reader.read(place.family, place.partition, position.offset === origin.offset ? 'beginning' : position)
  }
  return reader
}

/** A way for managers to send commands and to learn what came of them. */
export const openManagersGateway = async (
  side: ReadSide,
  logger: Logger,
): Promise<Running & { readonly gateway: CommandGateway }> => {
  const gateway = await openCommandGateway({
    log: side.log,
    partitions: side.meta.partitions,
    origin: `projector/${randomUUID()}`,
    onFailure: (error) => logger.warn({ error: error.name }, 'commands could not be sent, and are sent again'),
  })
  const end = Promise.withResolvers<void>()
  const reader = await readOutcomes(side, gateway, end.reject)
  return {
    gateway,
    ended: end.promise,
    close: async () => {
      // Nobody waits for these outcomes any more; commands under way are found again by their ids.
      await gateway.close(0)
      await reader.close()
      end.resolve()
    },
  }
}
