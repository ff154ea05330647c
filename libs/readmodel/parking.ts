import type { TransactionSql } from 'postgres'
import type { Family } from '#libs/journal/families.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { isPoison, redacted, TooMuchParked } from './errors.ts'
import { recordToJson } from './parked-record.ts'
import type { Place } from './positions.ts'
import type { Projection } from './projection.ts'

/** Beyond so many parked records of one reader it is the projection that is broken, not the records. */
export const PARKED_LIMIT = 10_000

/** Keys of one reader that have something parked, as `<family> <key>`. */
export type ParkedKeys = Set<string>

const keyId = ({ family, key }: Pick<OutcomeRecord, 'family' | 'key'>): string => `${family} ${key}`

/** Read in the transaction that holds the positions, so that no retry can change them meanwhile. */
export const parkedKeys = async (
  sql: TransactionSql,
  reader: string,
  places: readonly Place[],
): Promise<ParkedKeys> => {
  const partitions = [...new Set(places.map(({ partition }) => partition))]
  const rows = await sql<{ readonly family: Family; readonly key: string }[]>`
    select distinct family, key from readmodel.parked
    where reader = ${reader} and partition in (select jsonb_array_elements(${sql.json(partitions)})::integer)`
  return new Set(rows.map(keyId))
}

/**
 * Keeps records with the error of the first attempt, or without one where they stand behind another.
 * @param decided of a manager's record: how many of its commands have their outcome
 */
export const parkRecords = async (
  sql: TransactionSql,
  reader: string,
  records: readonly OutcomeRecord[],
  error?: unknown,
  decided = 0,
): Promise<void> => {
  const { code, at } = error === undefined ? { code: null, at: null } : redacted(error)
  const rows = records.map((record) => ({
    family: record.family,
    partition: record.partition,
    key: record.key,
    n: record.n,
    record: recordToJson(record),
  }))
  await sql`
    insert into readmodel.parked (reader, family, partition, key, n, code, at_code, record, attempts, decided)
    select ${reader}, family, partition, key, n, ${code}, ${at}, record, ${error === undefined ? 0 : 1},
      ${decided}
    from jsonb_to_recordset(${sql.json(rows)})
      as parked (family text, partition integer, key text, n bigint, record jsonb)
    order by family, partition, n
    on conflict do nothing`
  const [row] = await sql<{ readonly count: number }[]>`
    select count(*)::integer as count from readmodel.parked where reader = ${reader}`
  if (row && row.count > PARKED_LIMIT) throw new TooMuchParked(`${reader} has ${row.count} records parked`)
}

/** Told of each record that is parked for its own sake, not for standing behind another. */
export type OnParked = (record: OutcomeRecord, error: unknown) => void

/**
 * Applies what can be applied, and parks the rest with what follows for its key behind it. Halves a run that fails until
 * the records at fault are found, each attempt in a savepoint of its own.
 */
export const applyOrPark = async (
  sql: TransactionSql,
  projection: Projection,
  reader: string,
  family: Family,
  outcomes: readonly OutcomeRecord[],
  parked: ParkedKeys,
  onParked: OnParked,
): Promise<void> => {
  const free = outcomes.filter((outcome) => !parked.has(keyId(outcome)))
  if (free.length < outcomes.length)
    await parkRecords(
      sql,
      reader,
      outcomes.filter((outcome) => parked.has(keyId(outcome))),
    )
  if (free.length === 0) return
  try {
    await sql.savepoint((inner) => projection.apply(inner, family, free))
  } catch (error) {
    if (!isPoison(error)) throw error
    const [only, ...others] = free
    if (only && others.length === 0) {
      await parkRecords(sql, reader, [only], error)
      parked.add(keyId(only))
      onParked(only, error)
      return
    }
    const middle = free.length >> 1
    for (const half of [free.slice(0, middle), free.slice(middle)])
      await applyOrPark(sql, projection, reader, family, half, parked, onParked)
  }
}
