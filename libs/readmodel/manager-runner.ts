import { setTimeout as sleep } from 'node:timers/promises'
import type { Sql } from 'postgres'
import { withBackoff } from '#libs/journal/backoff.ts'
import type { OutcomeRecord, Position } from '#libs/journal/outcome.ts'
import type { JournalReader } from '#libs/journal/reader.ts'
import { meters } from '#libs/telemetry/instruments.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import { isPoison, isTransient, PositionConflict, PositionInvalid, redacted } from './errors.ts'
import { inTurn } from './in-turn.ts'
import type { Manager, Progress, Task } from './manager.ts'
import { recordFromJson } from './parked-record.ts'
import { parkRecords } from './parking.ts'
import { enterPositions, isOrigin, movePositions, type Place, readPosition } from './positions.ts'
import { createReadings } from './readings.ts'
import type { OpenReader, Share } from './share.ts'
import { createWindow, type Window } from './window.ts'

export type ManagerRunOptions = {
  readonly manager: Manager
  readonly sql: Sql
  readonly openReader: OpenReader
  readonly share: Share
  readonly logger: Logger
  /** Tasks under way in one partition, at most. */
  readonly inFlight?: number
  /** Least time between two moves of the positions. */
  readonly saveEveryMs?: number
}

export type ManagerRun = {
  /** Resolves once closed; rejects with what the reader or the manager failed with. */
  readonly ended: Promise<void>
  readonly lag: JournalReader['lag']
  readonly close: () => Promise<void>
}

/** Where a manager's positions and parked records are kept. */
export const managerReader = (manager: Pick<Manager, 'name'>): string => `manager/${manager.name}`

type Reading = Place & { saved: Position; readonly window: Window }

/**
 * Runs a process manager from where it stands. Many tasks are under way at once; a position moves only over records
 * whose tasks are done (I7), so after a crash some are done again, which changes nothing.
 *
 * A record that cannot be acted on is parked, with what follows for its key, and acted on again at the next start.
 */
export const runManager = async (options: ManagerRunOptions): Promise<ManagerRun> => {
  const { manager, sql, logger, inFlight = 200, saveEveryMs = 500 } = options
  const name = managerReader(manager)
  const end = Promise.withResolvers<void>()
  end.promise.catch(() => {})
  const abort = new AbortController()
  const { signal } = abort
  const queue = inTurn()
  const parkedKeys = new Set<string>()

  const fail = (error: unknown): void => {
    if (signal.aborted) return
    abort.abort()
    end.reject(error)
  }

  const persistently = <Result>(attempt: () => Promise<Result>): Promise<Result> =>
    withBackoff(attempt, {
      retryable: isTransient,
      onRetry: (error, delayMs) => logger.warn({ manager: name, error: redacted(error), delayMs }, 'waiting'),
      signal,
    })

  const park = async (record: OutcomeRecord, error?: unknown, decided = 0): Promise<void> => {
    parkedKeys.add(record.key)
    await persistently(() => sql.begin((tx) => parkRecords(tx, name, [record], error, decided)))
    if (error === undefined) return
    meters().parked.add(1, { projection: name })
    meters().alarms.add(1, { code: 'readmodel.parked' })
    const { partition, n, commandId } = record
    logger.error({ manager: name, partition, n, commandId, error: redacted(error) }, 'record parked')
  }

  /** Tasks of a run; a record at fault is found by going through them one by one, and parked. */
  const prepare = async (outcomes: readonly OutcomeRecord[]): Promise<readonly Task[]> => {
    try {
      return await persistently(() => manager.prepare(outcomes))
    } catch (error) {
      if (signal.aborted || !isPoison(error)) throw error
      const [only, ...others] = outcomes
      if (!only) return []
      if (others.length > 0) {
        const tasks: Task[] = []
        for (const outcome of outcomes) tasks.push(...(await prepare([outcome])))
        return tasks
      }
      return [{ record: only, keys: [only.key], run: () => Promise.reject(error) }]
    }
  }

  const act = async (task: Task): Promise<void> => {
    if (parkedKeys.has(task.record.key)) return park(task.record)
    const progress: Progress = { decided: 0, parked: false }
    try {
      await persistently(() => task.run(signal, progress))
    } catch (error) {
      if (signal.aborted || !isPoison(error)) throw error
      await park(task.record, error, progress.decided)
    }
  }

  const readings = createReadings<Reading>({
    find: async (place) => {
      await persistently(() => enterPositions(sql, name, [place]))
      return { ...place, saved: await persistently(() => readPosition(sql, name, place)), window: createWindow() }
    },
    read: ({ family, partition, saved }) => reader.read(family, partition, isOrigin(saved) ? 'beginning' : saved),
    stop: ({ family, partition }) => reader.stop(family, partition),
    fail,
  })

  const save = async (): Promise<void> => {
    const moved = readings.all().flatMap((reading) => {
      const to = reading.window.advance()
      return to ? [{ reading, to }] : []
    })
    if (moved.length === 0) return
    const moves = moved.map(({ reading: { family, partition, saved: from }, to }) => ({ family, partition, from, to }))
    try {
      await persistently(() => sql.begin((tx) => movePositions(tx, name, moves)))
      for (const { reading, to } of moved) reading.saved = to
    } catch (error) {
      if (!(error instanceof PositionConflict)) throw error
      logger.warn({ manager: name }, 'positions were moved by somebody else; reading again from them')
      await readings.again(moves)
    }
  }

  /** What was parked before is acted on again, in order, key by key; what fails again stays. */
  const retryParked = async (): Promise<void> => {
    const rows = await persistently(
      () => sql<{ readonly id: string; readonly record: unknown; readonly decided: number }[]>`
        select id, record, decided from readmodel.parked where reader = ${name} order by partition, n`,
    )
    const stuck = new Set<string>()
    for (const { id, decided, ...row } of rows) {
      const record = recordFromJson(row.record)
      if (stuck.has(record.key)) continue
      const progress: Progress = { decided, parked: true }
      try {
        for (const task of await persistently(() => manager.prepare([record])))
          await persistently(() => task.run(signal, progress))
        await persistently(() => sql`delete from readmodel.parked where id = ${id}`)
      } catch (error) {
        if (signal.aborted || !isPoison(error)) throw error
        const { code, at } = redacted(error)
        await persistently(
          () => sql`
            update readmodel.parked
            set code = ${code}, at_code = ${at}, attempts = attempts + 1, decided = ${progress.decided} where id = ${id}`,
        )
        stuck.add(record.key)
      }
    }
    for (const key of stuck) parkedKeys.add(key)
  }

  const reader = await options.openReader({
    families: [manager.family],
    gatherMs: manager.gatherMs,
    onOutcomes: async (family, partition, outcomes, to) => {
      const reading = readings.get({ family, partition })
      if (!reading) return
      for (const task of await prepare(outcomes)) {
        await reading.window.below(inFlight)
        const { offset, claim, n } = task.record
        const done = reading.window.enter({ ...to, offset, claim, n })
        queue([...task.keys, `from ${task.record.key}`], () => act(task)).then(done, fail)
      }
      reading.window.enter(to)()
    },
    onPositionInvalid: (family, partition, position) => {
      meters().alarms.add(1, { code: 'readmodel.position_invalid' })
      logger.error(
        { manager: name, family, partition, position },
        'the journal does not hold the record at this position',
      )
      fail(new PositionInvalid(`${name} stands at a record that ${family}.${partition} does not hold`))
    },
    onError: fail,
  })

  const saving = (async () => {
    while (!signal.aborted) {
      await save()
      await sleep(saveEveryMs, undefined, { signal }).catch(() => {})
    }
  })().catch(fail)

  // What was parked goes first, and nobody has to wait for it who wants to close this run.
  const joined = retryParked().then(() => options.share(readings.assign))
  joined.catch(fail)

  const closing = async (): Promise<void> => {
    abort.abort()
    const membership = await joined.catch(() => undefined)
    await membership?.leave()
    await saving
    await reader.close()
    end.resolve()
  }
  let closed: Promise<void> | undefined

  return {
    ended: end.promise,
    lag: reader.lag,
    close: () => {
      closed ??= closing()
      return closed
    },
  }
}
