import type { Sql, TransactionSql } from 'postgres'
import type { Family } from '#libs/journal/families.ts'
import type { Connect } from './connect.ts'
import { isPoison, redacted, UnknownProjection } from './errors.ts'
import { recordFromJson } from './parked-record.ts'
import type { Projection } from './projection.ts'

/** A record that could not be applied, and how many of the same key stand behind it. */
export type Parked = {
  readonly id: string
  readonly reader: string
  readonly family: Family
  readonly partition: number
  readonly key: string
  readonly n: number
  readonly commandId: string
  readonly commandType: string
  /** The error's code, and where it arose; its message may quote personal text and is not kept. */
  readonly code: string
  readonly at: string
  readonly attempts: number
  readonly parked: Date
  readonly behind: number
}

/** What is parked, oldest first: one entry for each key that stands still. */
export const parkedList = async (sql: Sql): Promise<readonly Parked[]> => [
  ...(await sql<Parked[]>`
    select distinct on (reader, family, key)
      id::text, reader, family, partition, key, n::float8 as n, record->>'commandId' as "commandId",
      record->>'commandType' as "commandType", coalesce(code, '') as code, coalesce(at_code, '') as at, attempts, parked,
      (count(*) over (partition by reader, family, key) - 1)::integer as behind
    from readmodel.parked order by reader, family, key, n`),
]

export type Retried = {
  readonly id: string
  /** Records applied now. */
  readonly applied: number
  /** Records still parked for the key. */
  readonly left: number
  /** Why the first of those still cannot be applied. */
  readonly code?: string
}

export type RetryOptions = {
  readonly sql: Sql
  readonly connect: Connect
  readonly projections: readonly Projection[]
}

type Row = { readonly id: string; readonly record: unknown }

const replay = async (tx: TransactionSql, projection: Projection, head: Parked): Promise<Retried> => {
  const { id, reader, family, partition, key } = head
  // Held, so that no turn of the projector puts something behind these records while they are replayed.
  await tx`
    select 1 from readmodel.positions where reader = ${reader} and family = ${family} and partition = ${partition}
    for update`
  const rows = await tx<Row[]>`
    select id, record from readmodel.parked where reader = ${reader} and family = ${family} and key = ${key} order by n`
  for (const [applied, row] of rows.entries())
    try {
      await tx.savepoint((inner) => projection.apply(inner, family, [recordFromJson(row.record)]))
      await tx`delete from readmodel.parked where id = ${row.id}`
    } catch (error) {
      if (!isPoison(error)) throw error
      const { code, at } = redacted(error)
      await tx`
        update readmodel.parked set code = ${code}, at_code = ${at}, attempts = attempts + 1 where id = ${row.id}`
      return { id, applied, left: rows.length - applied, code }
    }
  return { id, applied: rows.length, left: 0 }
}

/** Tells running managers to act again on what they have parked; they tell of it in their log. */
export const RETRY_CHANNEL = 'readmodel_retry'

const isManager = ({ reader }: Parked): boolean => reader.startsWith('manager/')

/**
 * Replays what projections have parked, in order, up to the first record of each key that still fails, and tells managers
 * to do the same with theirs. Safe beside running projectors.
 * @param which of the list; all of them by default
 * @throws UnknownProjection where this release does not have the projection that parked it
 */
export const parkedRetry = async (
  options: RetryOptions,
  which: (head: Parked) => boolean = () => true,
): Promise<readonly Retried[]> => {
  const heads = (await parkedList(options.sql)).filter(which)
  for (const manager of new Set(heads.filter(isManager).map(({ reader }) => reader)))
    await options.sql.notify(RETRY_CHANNEL, manager)
  const results: Retried[] = []
  for (const head of heads.filter((each) => !isManager(each))) {
    const projection = options.projections.find(({ name, version }) =>
      new RegExp(`^${name}_v${version}(_\\d+)?$`).test(head.reader),
    )
    if (!projection) throw new UnknownProjection(`there is no projection for ${head.reader} in this release`)
    const sql = options.connect(head.reader, 1)
    try {
      results.push((await sql.begin((tx) => replay(tx, projection, head))) as Retried)
    } finally {
      await sql.end({ timeout: 5 })
    }
  }
  return results
}
