import type { Sql, TransactionSql } from 'postgres'
import type { Family } from '#libs/journal/families.ts'
import type { Position } from '#libs/journal/outcome.ts'
import { BuildRetired, PositionConflict } from './errors.ts'

/** A partition of a family's journal. */
export type Place = { readonly family: Family; readonly partition: number }

/** Where a reader stands in a partition. */
export type Standing = Place & { readonly position: Position }

/** A reader goes from one position to the next, if it still stands where it thinks. */
export type Move = Place & { readonly from: Position; readonly to: Position }

export const placeId = ({ family, partition }: Place): string => `${family}.${partition}`

/** Before the first record of any log. */
export const origin: Position = { logId: '', offset: -1, claim: -1, n: 0 }

export const isOrigin = (position: Position): boolean => position.offset === -1

type Row = {
  readonly family: Family
  readonly partition: number
  readonly log_id: string
  readonly offset: string
  readonly claim: string
  readonly n: string
}

const standingOf = (row: Row): Standing => ({
  family: row.family,
  partition: row.partition,
  position: { logId: row.log_id, offset: Number(row.offset), claim: Number(row.claim), n: Number(row.n) },
})

/** Enters a reader at the beginning of each place where it does not stand yet. */
export const enterPositions = async (sql: Sql | TransactionSql, reader: string, places: readonly Place[]) => {
  await sql`
    insert into readmodel.positions (reader, family, partition, log_id, "offset", claim, n)
    select ${reader}, family, partition, ${origin.logId}, ${origin.offset}, ${origin.claim}, ${origin.n}
    from jsonb_to_recordset(${sql.json([...places])}) as place (family text, partition integer)
    on conflict do nothing`
}

/** Where a reader stands, everywhere. */
export const readPositions = async (sql: Sql | TransactionSql, reader: string): Promise<readonly Standing[]> => {
  const rows = await sql<Row[]>`
    select family, partition, log_id, "offset", claim, n from readmodel.positions where reader = ${reader}
    order by family, partition`
  return rows.map(standingOf)
}

/**
 * Where the live build of a projection stands. Read in one repeatable-read transaction with rows of its views, it is
 * the position from which a tail misses nothing.
 */
export const livePositions = async (sql: Sql | TransactionSql, projection: string): Promise<readonly Standing[]> => {
  const rows = await sql<Row[]>`
    select family, partition, log_id, "offset", claim, n
    from readmodel.positions join readmodel.builds on build = reader
    where projection = ${projection} and state = 'live' order by family, partition`
  return rows.map(standingOf)
}

/** Where a reader stands in one place. @throws BuildRetired where it has been taken away. */
export const readPosition = async (sql: Sql, reader: string, place: Place): Promise<Position> => {
  const found = (await readPositions(sql, reader)).find(
    ({ family, partition }) => family === place.family && partition === place.partition,
  )
  if (!found) throw new BuildRetired(`${reader} stands nowhere in ${placeId(place)} any more`)
  return found.position
}

/**
 * Moves a reader in all places or in none, if it stands where each move begins. The rows stay locked until the
 * transaction ends, so a late writer waits here and then fails.
 * @throws PositionConflict
 */
export const movePositions = async (sql: TransactionSql, reader: string, moves: readonly Move[]): Promise<void> => {
  const rows = moves.map(({ family, partition, from, to }) => ({
    family,
    partition,
    from_log: from.logId,
    from_offset: from.offset,
    from_n: from.n,
    log_id: to.logId,
    to_offset: to.offset,
    claim: to.claim,
    n: to.n,
  }))
  const { count } = await sql`
    update readmodel.positions as position
    set log_id = move.log_id, "offset" = move.to_offset, claim = move.claim, n = move.n, updated = now()
    from jsonb_to_recordset(${sql.json(rows)}) as move (
      family text, partition integer, from_log text, from_offset bigint, from_n bigint,
      log_id text, to_offset bigint, claim bigint, n bigint)
    where position.reader = ${reader} and position.family = move.family and position.partition = move.partition
      and position.log_id = move.from_log and position."offset" = move.from_offset and position.n = move.from_n`
  if (count !== moves.length) throw new PositionConflict(`${reader} does not stand where this process thinks it does`)
}

/** Sets a reader back to the beginning of everything. */
export const forgetPositions = async (sql: Sql, reader: string): Promise<void> => {
  await sql`delete from readmodel.positions where reader = ${reader}`
}
