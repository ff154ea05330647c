import type { Sql } from 'postgres'
import { livePositions, type Standing } from '#libs/readmodel/positions.ts'

/** A ban that stands. */
export type BannedRange = {
  /** Key of its aggregate. */
  readonly id: string
  readonly range: string
  readonly reason: string | null
  readonly actor: string
  readonly since: number
  /** Null for good. */
  readonly until: number | null
}

type Row = Omit<BannedRange, 'since' | 'until'> & { readonly since: string; readonly until: string | null }

/** Those whose time is not over, the latest first. */
export const addressBans = async (sql: Sql, at: number, limit: number): Promise<readonly BannedRange[]> => {
  const rows = await sql<Row[]>`
    select id, range, reason, actor, since, until from readmodel.address_bans
    where until is null or until > ${at} order by since desc, id limit ${limit}`
  return rows.map((row) => ({ ...row, since: Number(row.since), until: row.until === null ? null : Number(row.until) }))
}

/** As many as an edge holds. */
const MOST = 100_000

/** There is none before a projector of this release has made it (Postgres: undefined_table). */
const isMissing = (error: unknown): boolean => (error as { readonly code?: unknown } | null)?.code === '42P01'

/**
 * What an edge begins with: bans, and the places of the account journal from which it has to read on. Places are read
 * first: what rows have besides is read once more, and comes to the same.
 */
export const startingBans = async (
  sql: Sql,
  at: number,
): Promise<{ readonly bans: readonly BannedRange[]; readonly standings: readonly Standing[] }> => {
  const standings = await livePositions(sql, 'address_bans')
  const bans = await addressBans(sql, at, MOST).catch((error: unknown) => {
    if (isMissing(error)) return []
    throw error
  })
  return { bans, standings }
}

/** Of the places of both, the earlier one each; where one of them does not stand, none: it is read from the beginning. */
export const earlierStandings = (one: readonly Standing[], other: readonly Standing[]): readonly Standing[] =>
  one.flatMap((standing) => {
    if (standing.family !== 'account') return [standing]
    const beside = other.find(({ family, partition }) => family === 'account' && partition === standing.partition)
    if (!beside) return []
    return [beside.position.offset < standing.position.offset ? beside : standing]
  })
