import type { Sql } from 'postgres'
import { abandonBuild, type Build, createBuild, liveBuild, lockBuilds, switchViews } from './builds.ts'
import type { Connect } from './connect.ts'
import { UnknownProjection } from './errors.ts'
import { stateHash } from './hash.ts'
import { whileRebuilding } from './leftovers.ts'
import { type Place, placeId, readPositions, type Standing } from './positions.ts'
import type { Projection } from './projection.ts'
import { type RunOptions, runProjection } from './runner.ts'
import { type OpenReader, shareAlone } from './share.ts'

export type RebuildProgress = {
  readonly stage: 'reading' | 'comparing' | 'switching'
  /** Records applied and to apply, or rows hashed of both builds. */
  readonly done: number
  readonly total: number
}

export type RebuildOptions = {
  readonly sql: Sql
  readonly connect: Connect
  readonly openReader: OpenReader
  readonly projection: Projection
  readonly places: readonly Place[]
  readonly logger: RunOptions['logger']
  readonly lanes?: number
  readonly onProgress?: (progress: RebuildProgress) => void
}

export type Rebuilt = {
  readonly build: string
  readonly records: number
  readonly elapsedMs: number
  readonly liveHash: string
  readonly rebuiltHash: string
  readonly hashEqual: boolean
}

type Targets = ReadonlyMap<string, number>

const targetsOf = (standings: readonly Standing[]): Targets =>
  new Map(standings.map((standing) => [placeId(standing), standing.position.n]))

const total = (targets: Targets): number => [...targets.values()].reduce((sum, n) => sum + n, 0)

/** Fills a build up to where the live one stood, never beyond, so that the two can be compared. */
const fillTo = async (options: RebuildOptions, build: Build, targets: Targets, count: (records: number) => void) => {
  const { projection, places, openReader, logger, lanes = 2 } = options
  const sql = options.connect(build.build, lanes + 1)
  try {
    const run = await runProjection({
      projection,
      build,
      sql,
      openReader,
      logger,
      lanes,
      share: shareAlone(places),
      paceMs: 0,
      until: targets,
      onCommitted: count,
    })
    try {
      await run.ended
    } finally {
      await run.close()
    }
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/**
 * Compares the two builds at one position. The live build goes on meanwhile: its state is hashed in a snapshot, and the
 * rebuilt one is brought to exactly the position of that snapshot.
 */
const compare = (options: RebuildOptions, live: Build, rebuilt: Build, fill: (targets: Targets) => Promise<void>) =>
  options.sql.begin('isolation level repeatable read', async (snapshot) => {
    await fill(targetsOf(await readPositions(snapshot, live.build)))
    let rows = 0
    const count = (more: number) => {
      rows += more
      options.onProgress?.({ stage: 'comparing', done: rows, total: rows })
    }
    const liveHash = await stateHash(snapshot, live.build, options.projection, count)
    const rebuiltHash = (await options.sql.begin('isolation level repeatable read', (tx) =>
      stateHash(tx, rebuilt.build, options.projection, count),
    )) as string
    return { liveHash, rebuiltHash }
  }) as Promise<{ readonly liveHash: string; readonly rebuiltHash: string }>

/** Holds the live build still for the moment that the rebuilt one needs for the last records, and switches. */
const switchOver = (options: RebuildOptions, live: Build, rebuilt: Build, fill: (targets: Targets) => Promise<void>) =>
  options.sql.begin(async (tx) => {
    await lockBuilds(tx, options.projection.name)
    await tx`select 1 from readmodel.positions where reader = ${live.build} order by family, partition for update`
    await fill(targetsOf(await readPositions(tx, live.build)))
    await switchViews(tx, options.projection, rebuilt.build)
  })

/**
 * Builds a projection again beside the live one, compares the two at one position, and switches, whether they are equal
 * or not: the journal is the truth (I1). The old build stays, retired, until it is dropped.
 * @throws UnknownProjection where nothing of it is live, RebuildUnderWay
 */
export const rebuild = (options: RebuildOptions): Promise<Rebuilt> =>
  whileRebuilding(options.sql, options.projection.name, () => rebuildAlone(options))

const rebuildAlone = async (options: RebuildOptions): Promise<Rebuilt> => {
  const { sql, projection, places, onProgress } = options
  const live = await liveBuild(sql, projection.name)
  if (!live) throw new UnknownProjection(`no build of ${projection.name} is live`)
  const rebuilt = await createBuild(sql, projection, places)
  const started = performance.now()
  let records = 0
  let goal = 0
  let stage: RebuildProgress['stage'] = 'reading'
  const fill = async (targets: Targets): Promise<void> => {
    goal = total(targets)
    await fillTo(options, rebuilt, targets, (more) => {
      records += more
      onProgress?.({ stage, done: records, total: Math.max(goal, records) })
    })
  }
  try {
    await fill(targetsOf(await readPositions(sql, live.build)))
    const elapsedMs = performance.now() - started
    const read = records
    const hashes = await compare(options, live, rebuilt, fill)
    stage = 'switching'
    await switchOver(options, live, rebuilt, fill)
    onProgress?.({ stage, done: records, total: records })
    return {
      build: rebuilt.build,
      records: read,
      elapsedMs,
      ...hashes,
      hashEqual: hashes.liveHash === hashes.rebuiltHash,
    }
  } catch (error) {
    await abandonBuild(sql, rebuilt).catch(() => {})
    throw error
  }
}
