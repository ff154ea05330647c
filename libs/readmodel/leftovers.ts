import type { Sql } from 'postgres'
import { abandonBuild, listBuilds } from './builds.ts'
import { RebuildUnderWay } from './errors.ts'

/** Held by the session that rebuilds a projection, so that its unfinished build is not taken for a leftover. */
const lockName = (projection: string): string => `rebuild ${projection}`

/** Runs a rebuild, one of a projection at a time. @throws RebuildUnderWay */
export const whileRebuilding = async <Result>(
  sql: Sql,
  projection: string,
  work: () => Promise<Result>,
): Promise<Result> => {
  const session = await sql.reserve()
  try {
    const [row] = await session<{ readonly locked: boolean }[]>`
      select pg_try_advisory_lock(hashtextextended(${lockName(projection)}, 0)) as locked`
    if (!row?.locked) throw new RebuildUnderWay(`${projection} is being rebuilt already`)
    try {
      return await work()
    } finally {
      await session`select pg_advisory_unlock(hashtextextended(${lockName(projection)}, 0))`
    }
  } finally {
    session.release()
  }
}

/**
 * Drops the schemas that views lead to no more, and those of rebuilds that did not come to their end. They are not kept:
 * nobody scrubs them any more, so texts of people erased later would stay in them.
 * @returns their names
 */
export const dropLeftovers = async (sql: Sql, projection: string): Promise<readonly string[]> => {
  const builds = await listBuilds(sql, projection)
  const live = builds.find(({ state }) => state === 'live')
  const retired = builds.filter(({ state }) => state === 'retired')
  // A build beside a live one of the same version that is in order is a rebuild's, and one of another version a release's.
  const unfinished = builds.filter(
    ({ state, version }) => state === 'building' && live && !live.invalid && version === live.version,
  )
  for (const build of retired) await abandonBuild(sql, build)
  if (unfinished.length === 0) return retired.map(({ build }) => build)
  const orphans = await whileRebuilding(sql, projection, async () => {
    for (const build of unfinished) await abandonBuild(sql, build)
    return unfinished
  }).catch((error) => {
    if (error instanceof RebuildUnderWay) return []
    throw error
  })
  return [...retired, ...orphans].map(({ build }) => build)
}
