import type { Sql } from 'postgres'
import { withBackoff } from '#libs/journal/backoff.ts'
import type { OutcomeRecord, Position } from '#libs/journal/outcome.ts'
import type { JournalReader } from '#libs/journal/reader.ts'
import { meters } from '#libs/telemetry/instruments.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import { continueStage } from '#libs/telemetry/trace.ts'
import type { Build } from './builds.ts'
import { commitSteps, type Step } from './commit.ts'
import { isTransient, PositionConflict, PositionInvalid, redacted } from './errors.ts'
import { createLane } from './lane.ts'
import { isOrigin, type Place, placeId, readPosition } from './positions.ts'
import type { Projection } from './projection.ts'
import { createReadings } from './readings.ts'
import type { OpenReader, Share } from './share.ts'
import { createSweeper } from './sweeper.ts'

export type RunOptions = {
  readonly projection: Projection
  readonly build: Pick<Build, 'build'>
  /** Connections whose search path is the build's schema: one for each lane, and one for what is swept. */
  readonly sql: Sql
  readonly openReader: OpenReader
  readonly share: Share
  readonly logger: Logger
  /** Transactions at a time; each has partitions of its own. While one waits for Postgres the other decodes. */
  readonly lanes?: number
  /** Records in a transaction, at most. */
  readonly batchSize?: number
  /** Least time between two transactions of a lane that are not full; longer where they only move positions. */
  readonly paceMs?: number
  /** By `placeId`: go no further than this `n`. Without an entry a partition is not read. */
  readonly until?: ReadonlyMap<string, number>
  readonly onCommitted?: (records: number) => void
}

export type ProjectionRun = {
  /**
   * Resolves once closed, or where `until` was reached. Rejects with `BuildRetired`, `PositionInvalid`, or what the
   * reader or the projection failed with. Postgres being away is no end: it is waited for.
   */
  readonly ended: Promise<void>
  /** Resolves when all that was in this process's partitions at the call has been committed; with those partitions. */
  readonly caughtUp: () => Promise<readonly Place[]>
  readonly lag: JournalReader['lag']
  /** Ends what is under way, in order. */
  readonly close: () => Promise<void>
}

type Reading = Place & { position: Position }

type Entry = { readonly reading: Reading; readonly outcomes: readonly OutcomeRecord[]; readonly to: Position }

/** How many times slower positions go that no rows go with: soon enough still for a query that waits for one of them. */
const PATIENCE = 3

const seconds = (started: number): number => (performance.now() - started) / 1000

/** Fills a build from the journals, from where it stands, for as long as it runs. */
export const runProjection = async (options: RunOptions): Promise<ProjectionRun> => {
  const { projection, sql, logger, until } = options
  const { build } = options.build
  const { lanes: laneCount = 2, batchSize = 2_000, paceMs = 40 } = options
  const { concerns = () => true, sweep } = projection
  const end = Promise.withResolvers<void>()
  end.promise.catch(() => {})
  const abort = new AbortController()
  const { signal } = abort

  const fail = (error: unknown): void => {
    abort.abort()
    end.reject(error)
  }

  const sweeper = sweep && createSweeper({ sql, sweep, onError: fail, signal })

  const limitOf = (place: Place): number => (until ? (until.get(placeId(place)) ?? 0) : Number.POSITIVE_INFINITY)
  const checkDone = (): void => {
    const reached = readings.all().filter((reading) => reading.position.n >= limitOf(reading))
    if (until && reached.length === readings.assigned()) end.resolve()
  }

  const readings = createReadings<Reading>({
    find: async (place) => {
      const position = await withBackoff(() => readPosition(sql, build, place), { retryable: isTransient, signal })
      return { ...place, position }
    },
    read: (reading) => {
      const { family, partition, position } = reading
      if (position.n < limitOf(reading)) reader.read(family, partition, isOrigin(position) ? 'beginning' : position)
      else checkDone()
    },
    stop: ({ family, partition }) => reader.stop(family, partition),
    fail: (error) => !signal.aborted && fail(error),
  })

  const stepsOf = (batch: readonly Entry[]): readonly (readonly [Reading, Step])[] => {
    const steps = new Map<Reading, { readonly outcomes: OutcomeRecord[]; to: Position }>()
    for (const { reading, outcomes, to } of batch) {
      if (readings.get(reading) !== reading) continue
      const step = steps.get(reading) ?? { outcomes: [], to }
      for (const outcome of outcomes) step.outcomes.push(outcome)
      step.to = to
      steps.set(reading, step)
    }
    return [...steps].map(([reading, step]) => {
      const { family, partition, position } = reading
      return [reading, { family, partition, from: position, ...step }]
    })
  }

  const onParked = (record: OutcomeRecord, error: unknown): void => {
    meters().parked.add(1, { projection: projection.name })
    meters().alarms.add(1, { code: 'readmodel.parked' })
    const { family, partition, n, commandId } = record
    logger.error({ build, family, partition, n, commandId, error: redacted(error) }, 'record parked')
  }

  const commit = async (batch: readonly Entry[]): Promise<void> => {
    const moved = stepsOf(batch)
    if (moved.length === 0) return
    const steps = moved.map(([, step]) => step)
    const started = performance.now()
    const stages = steps.flatMap(({ outcomes }) =>
      outcomes.map(({ traceparent }) => continueStage(`project ${projection.name}`, traceparent)),
    )
    try {
      await withBackoff(() => commitSteps(sql, projection, build, steps, onParked), {
        retryable: isTransient,
        onRetry: (error, delayMs) => logger.warn({ build, error: redacted(error), delayMs }, 'waiting for Postgres'),
        signal,
      })
    } catch (error) {
      if (!(error instanceof PositionConflict)) throw error
      logger.warn({ build }, 'positions were moved by somebody else; reading again from them')
      await readings.again(steps)
      return
    } finally {
      for (const stage of stages) stage.end()
    }
    meters().stageSeconds.record(seconds(started), { stage: 'project', projection: projection.name })
    // A reading that was begun anew meanwhile stands where it was found: should that be before these rows, its next turn
    // conflicts with them and is read again, rather than applied twice.
    for (const [reading, { to }] of moved) reading.position = to
    if (sweep && steps.some(({ outcomes }) => outcomes.some(sweep.follows))) sweeper?.wake()
    options.onCommitted?.(steps.reduce((sum, { from, to }) => sum + to.n - from.n, 0))
    checkDone()
  }

  const lanes = Array.from({ length: laneCount }, () =>
    createLane<Entry>({
      handle: commit,
      sizeOf: ({ outcomes }) => Math.max(1, outcomes.length),
      batchSize,
      paceMs: () => paceMs,
      patience: PATIENCE,
      isPatient: ({ outcomes }) => outcomes.length === 0,
      onError: (error) => !signal.aborted && fail(error),
      signal,
    }),
  )

  /** Cuts a run where `until` says, and stops the partition there. */
  const cut = (reading: Reading, outcomes: readonly OutcomeRecord[], to: Position): Entry => {
    const limit = limitOf(reading)
    if (to.n < limit) return { reading, outcomes, to }
    reader.stop(reading.family, reading.partition)
    const kept = outcomes.filter(({ n }) => n <= limit)
    const last = kept.at(-1)
    return { reading, outcomes: kept, to: last ? { ...to, offset: last.offset, claim: last.claim, n: last.n } : to }
  }

  const reader = await options.openReader({
    families: projection.families,
    onOutcomes: async (family, partition, outcomes, to) => {
      const reading = readings.get({ family, partition })
      if (!reading || outcomes.length === 0) return
      const entry = cut(reading, outcomes, to)
      for (let from = 0; from < entry.outcomes.length; from += batchSize) {
        const part = entry.outcomes.slice(from, from + batchSize)
        const last = part.at(-1)
        const isLast = from + batchSize >= entry.outcomes.length
        if (!last) continue
        await lanes[partition % laneCount]?.push({
          reading,
          outcomes: part.filter(concerns),
          to: isLast ? entry.to : { ...entry.to, offset: last.offset, claim: last.claim, n: last.n },
        })
      }
    },
    onPositionInvalid: (family, partition, position) => {
      meters().alarms.add(1, { code: 'readmodel.position_invalid' })
      logger.error({ build, family, partition, position }, 'the journal does not hold the record at this position')
      fail(new PositionInvalid(`${build} stands at a record that ${family}.${partition} does not hold`))
    },
    onError: fail,
  })

  const assign = (places: readonly Place[]): void =>
    readings.assign(places.filter(({ family }) => projection.families.includes(family)))

  const membership = await options.share(assign).catch(async (error) => {
    await reader.close()
    throw error
  })

  const closing = async (): Promise<void> => {
    abort.abort()
    await membership.leave()
    await Promise.all([...lanes.map((lane) => lane.idle()), sweeper?.idle()])
    await reader.close()
  }
  let closed: Promise<void> | undefined

  // What an earlier run has left.
  sweeper?.wake()

  return {
    ended: end.promise,
    caughtUp: async () => {
      await readings.started()
      const reading = readings.all()
      await reader.caughtUp(signal)
      await Promise.all(lanes.map((lane) => lane.idle()))
      return reading.filter((place) => readings.get(place) === place)
    },
    lag: reader.lag,
    close: async () => {
      closed ??= closing()
      await closed
      end.resolve()
    },
  }
}
