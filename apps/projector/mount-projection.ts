import { setTimeout as sleep } from 'node:timers/promises'
import { type Build, ensureBuild, markCaughtUp, markInvalid, switchWhenCaughtUp } from '#libs/readmodel/builds.ts'
import { BuildRetired, PositionInvalid } from '#libs/readmodel/errors.ts'
import { dropLeftovers } from '#libs/readmodel/leftovers.ts'
import type { Projection } from '#libs/readmodel/projection.ts'
import { type ProjectionRun, runProjection } from '#libs/readmodel/runner.ts'
import { shareByGroup } from '#libs/readmodel/share.ts'
import { lagGauges } from '#libs/telemetry/instruments.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import type { Running } from './keep-running.ts'
import type { ReadSide } from './read-side.ts'

const LANES = 2
/** Rows may be this much younger while it never is quiet. */
const PACE_MS = 400
const NEWER_LIVE_MS = 30_000
const CATCHING_UP_MS = 500

/** A newer release has taken the projection over: nothing to do here, but to look again now and then. */
const standBy = (): Running => {
  const abort = new AbortController()
  const ended = sleep(NEWER_LIVE_MS, undefined, { signal: abort.signal }).catch(() => {})
  return { ended, close: async () => abort.abort() }
}

/** Switches the views to a build once all its partitions have been read to the end, here or in other processes. */
const switchInTime = async ({ sql }: ReadSide, projection: Projection, build: Build, run: ProjectionRun) => {
  while (!(await switchWhenCaughtUp(sql, projection, build.build))) {
    await markCaughtUp(sql, build.build, await run.caughtUp())
    await sleep(CATCHING_UP_MS)
  }
  await dropLeftovers(sql, projection.name)
}

/** Starts filling a projection: its live build, or a new one that goes live when it has caught up. */
export const mountProjection = async (side: ReadSide, projection: Projection, logger: Logger): Promise<Running> => {
  const { sql, log, places, openReader } = side
  await dropLeftovers(sql, projection.name)
  const build = await ensureBuild(sql, projection, places)
  if (!build) {
    logger.warn({ projection: projection.name, version: projection.version }, 'a newer version is live; standing by')
    return standBy()
  }
  const pool = side.connect(build.build, LANES + 1)
  const run = await runProjection({
    projection,
    build,
    sql: pool,
    openReader,
    share: shareByGroup(log, `whiply.projector.${build.build}`, projection.families),
    logger,
    lanes: LANES,
    paceMs: PACE_MS,
  }).catch(async (error) => {
    await pool.end({ timeout: 5 })
    throw error
  })
  const switching =
    build.state === 'building'
      ? switchInTime(side, projection, build, run).then(() =>
          logger.info({ build: build.build }, 'switched to this build'),
        )
      : new Promise<never>(() => {})
  const removeGauges = lagGauges('whiply_projection', run.lag, { projection: projection.name })
  const ended = Promise.race([run.ended, switching.then(() => run.ended)]).catch(async (error) => {
    // A build that was replaced, or cannot be gone on with, is no failure: the next start finds the right one.
    if (error instanceof PositionInvalid) await markInvalid(sql, build.build)
    else if (!(error instanceof BuildRetired)) throw error
    logger.warn({ build: build.build, code: error.code }, 'this build is not gone on with')
  })
  return {
    ended,
    close: async () => {
      removeGauges()
      await run.close()
      await pool.end({ timeout: 5 })
    },
  }
}
