import type { Sql, TransactionSql } from 'postgres'
import { enterPositions, type Place } from './positions.ts'
import type { Projection } from './projection.ts'

/**
 * One filling of a projection's tables, in a schema of its own: `messages_v1`, and `messages_v1_2` where the same
 * version was built again. Of a projection one build is live: the views lead there.
 */
export type Build = {
  readonly build: string
  readonly projection: string
  readonly version: number
  readonly state: 'building' | 'live' | 'retired'
  /** It stands at a record that its journal does not hold, so nobody goes on with it; queries see it till it is replaced. */
  readonly invalid: boolean
}

type SqlLike = Sql | TransactionSql

/** All builds that have not been dropped, oldest first. */
export const listBuilds = (sql: SqlLike, projection: string): Promise<readonly Build[]> =>
  sql<Build[]>`
    select build, projection, version, state, invalid from readmodel.builds where projection = ${projection}
    order by created, build`

export const liveBuild = async (sql: SqlLike, projection: string): Promise<Build | undefined> =>
  (await listBuilds(sql, projection)).find(({ state }) => state === 'live')

/** Held to the end of the transaction by whoever creates, switches or drops builds of a projection. */
export const lockBuilds = (tx: TransactionSql, projection: string) =>
  tx`select pg_advisory_xact_lock(hashtextextended(${`readmodel ${projection}`}, 0))`

const pointViews = async (tx: TransactionSql, projection: Projection, build: string): Promise<void> => {
  for (const view of projection.views) {
    await tx.unsafe(`drop view if exists readmodel.${view}`)
    await tx.unsafe(`create view readmodel.${view} as select * from ${build}.${view}`)
  }
}

const nextName = ({ name, version }: Projection, builds: readonly Build[]): string => {
  const plain = `${name}_v${version}`
  const taken = new Set(builds.map(({ build }) => build))
  if (!taken.has(plain)) return plain
  let number = 2
  while (taken.has(`${plain}_${number}`)) number++
  return `${plain}_${number}`
}

const makeBuild = async (
  tx: TransactionSql,
  projection: Projection,
  places: readonly Place[],
  builds: readonly Build[],
): Promise<Build> => {
  const { name, version } = projection
  const build = nextName(projection, builds)
  const state = builds.some((other) => other.state === 'live') ? 'building' : 'live'
  await tx.unsafe(`create schema ${build}; set local search_path to ${build}; ${projection.tables}`)
  await tx`insert into readmodel.builds (build, projection, version, state) values (${build}, ${name}, ${version}, ${state})`
  await enterPositions(
    tx,
    build,
    places.filter(({ family }) => projection.families.includes(family)),
  )
  if (state === 'live') await pointViews(tx, projection, build)
  return { build, projection: name, version, state, invalid: false }
}

/** A new, empty build, standing at the beginning of all places; live at once where the projection has none. */
export const createBuild = (sql: Sql, projection: Projection, places: readonly Place[]): Promise<Build> =>
  sql.begin(async (tx) => {
    await lockBuilds(tx, projection.name)
    return makeBuild(tx, projection, places, await listBuilds(tx, projection.name))
  }) as Promise<Build>

/**
 * The build that a process with this release of the projection should fill: the live one where it is of this version,
 * else one of this version that is being built, made where there is none. Undefined where a newer version is live.
 */
export const ensureBuild = (sql: Sql, projection: Projection, places: readonly Place[]): Promise<Build | undefined> =>
  sql.begin(async (tx) => {
    await lockBuilds(tx, projection.name)
    const builds = await listBuilds(tx, projection.name)
    const live = builds.find(({ state }) => state === 'live')
    if (live && live.version > projection.version) return undefined
    if (live?.version === projection.version && !live.invalid) return live
    const building = builds.findLast(
      ({ state, version, invalid }) => state === 'building' && version === projection.version && !invalid,
    )
    return building ?? (await makeBuild(tx, projection, places, builds))
  }) as Promise<Build | undefined>

/** Has a build replaced by a new one: `ensureBuild` does not answer with it any more. */
export const markInvalid = async (sql: Sql, build: string): Promise<void> => {
  await sql`update readmodel.builds set invalid = true where build = ${build}`
}

/** Notes that these partitions of a build have been read to their end. */
export const markCaughtUp = async (sql: Sql, build: string, places: readonly Place[]): Promise<void> => {
  await sql`
    update readmodel.positions as position set caught_up = true
    from jsonb_to_recordset(${sql.json([...places])}) as place (family text, partition integer)
    where position.reader = ${build} and position.family = place.family and position.partition = place.partition`
}

/** Takes a build away from its readers; its schema stays until `dropLeftovers`. */
const retire = async (tx: TransactionSql, build: string): Promise<void> => {
  await tx`delete from readmodel.positions where reader = ${build}`
  await tx`delete from readmodel.parked where reader = ${build}`
  await tx`update readmodel.builds set state = 'retired' where build = ${build}`
}

/**
 * Leads the views to another build, inside a transaction of the caller's. Whoever still writes the old one finds its
 * positions gone, and stops.
 */
export const switchViews = async (tx: TransactionSql, projection: Projection, to: string): Promise<void> => {
  await lockBuilds(tx, projection.name)
  const live = await liveBuild(tx, projection.name)
  if (live?.build === to) return
  if (live) await retire(tx, live.build)
  await tx`update readmodel.builds set state = 'live' where build = ${to}`
  await pointViews(tx, projection, to)
}

/** Switches to a build once every partition of it has been read to the end. @returns whether it is live now. */
export const switchWhenCaughtUp = (sql: Sql, projection: Projection, build: string): Promise<boolean> =>
  sql.begin(async (tx) => {
    await lockBuilds(tx, projection.name)
    const [standing] = await tx<{ readonly behind: boolean }[]>`
      select not coalesce(bool_and(caught_up), false) as behind from readmodel.positions where reader = ${build}`
    if (!standing || standing.behind) return false
    await switchViews(tx, projection, build)
    return true
  }) as Promise<boolean>

/** Gives a build up that was never live, and drops it. */
export const abandonBuild = (sql: Sql, { build, projection }: Build): Promise<void> =>
  sql.begin(async (tx) => {
    await lockBuilds(tx, projection)
    await retire(tx, build)
    await tx`delete from readmodel.builds where build = ${build}`
    await tx.unsafe(`drop schema if exists ${build} cascade`)
  })
