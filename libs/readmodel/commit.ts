import type { Sql, TransactionSql } from 'postgres'
import { type Family, families } from '#libs/journal/families.ts'
import { type OutcomeRecord, positionToken } from '#libs/journal/outcome.ts'
import { isPoison } from './errors.ts'
import { applyOrPark, type OnParked, parkedKeys } from './parking.ts'
import { type Move, movePositions } from './positions.ts'
import type { Projection } from './projection.ts'

/** The channel on which queries are told how far a live build has come: `<projection> <token> <token> …`. */
export const POSITIONS_CHANNEL = 'readmodel_positions'

/** A run of one partition, and the move that it means. */
export type Step = Move & { readonly outcomes: readonly OutcomeRecord[] }

const announce = (tx: TransactionSql, projection: Projection, build: string, steps: readonly Step[]) => {
  const tokens = steps.map(({ family, partition, to }) => positionToken({ family, partition, n: to.n }))
  return tx`
    select pg_notify(${POSITIONS_CHANNEL}, ${[projection.name, ...tokens].join(' ')})
    from readmodel.builds where build = ${build} and state = 'live'`
}

const byFamily = (steps: readonly Step[]): readonly (readonly [Family, readonly OutcomeRecord[]])[] =>
  families
    .map(
      (family) => [family, steps.filter((step) => step.family === family).flatMap(({ outcomes }) => outcomes)] as const,
    )
    .filter(([, outcomes]) => outcomes.length > 0)

/**
 * Rows and positions of some runs, in one transaction: all of it or none. Where a record cannot be applied, or stands
 * behind one that could not, the runs are gone through again and it is parked.
 * @throws PositionConflict, and what Postgres or the projection throws that is no record's fault
 */
export const commitSteps = async (
  sql: Sql,
  projection: Projection,
  build: string,
  steps: readonly Step[],
  onParked: OnParked,
): Promise<void> => {
  const attempt = async (careful: boolean): Promise<void> => {
    const found: Parameters<OnParked>[] = []
    await sql.begin(async (tx) => {
      // Sent together, and answered in this order.
      const [, parked] = await Promise.all([movePositions(tx, build, steps), parkedKeys(tx, build, steps)])
      // A savepoint for each turn would cost more than this one look at what is parked.
      for (const [family, outcomes] of byFamily(steps))
        if (careful || parked.size > 0)
          await applyOrPark(tx, projection, build, family, outcomes, parked, (...record) => found.push(record))
        else await projection.apply(tx, family, outcomes)
      await announce(tx, projection, build, steps)
    })
    for (const record of found) onParked(...record)
  }
  try {
    await attempt(false)
  } catch (error) {
    if (!isPoison(error)) throw error
    await attempt(true)
  }
}
