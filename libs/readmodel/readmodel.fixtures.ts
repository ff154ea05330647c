import type { TestContext } from 'node:test'
import { pino } from 'pino'
import postgres, { type Sql } from 'postgres'
import { testDatabase } from '#libs/testing/engines.ts'
import { inReverse } from '#libs/testing/in-reverse.ts'
import { type Build, ensureBuild } from './builds.ts'
import { connectTo } from './connect.ts'
import { type JournalFixture, journalFixture } from './journal.fixtures.ts'
import type { Projection } from './projection.ts'
import { type ProjectionRun, type RunOptions, runProjection } from './runner.ts'
import { createReadModelSchema } from './schema.ts'
import { shareAlone } from './share.ts'

export const quiet = pino({ level: 'silent' })

/** A journal in memory, a database of its own, and a way to run projections from the one to the other. */
export const readModelFixture = async (outer: TestContext, given?: JournalFixture) => {
  const t = inReverse(outer)
  const databaseUrl = await testDatabase(t)
  const journal = given ?? (await journalFixture())
  const sql: Sql = postgres(databaseUrl, { max: 4, fetch_types: false, onnotice: () => {} })
  t.after(() => sql.end({ timeout: 1 }))
  await createReadModelSchema(sql)
  const connect = connectTo(databaseUrl)

  const run = async (
    projection: Projection,
    options: Partial<RunOptions> & { readonly into?: Build } = {},
  ): Promise<ProjectionRun & { readonly build: Build }> => {
    const build = options.into ?? (await ensureBuild(sql, projection, journal.places))
    if (!build) throw new Error(`a newer version of ${projection.name} is live`)
    const pool = connect(build.build, 3)
    const running = await runProjection({
      projection,
      build,
      sql: pool,
      openReader: journal.openReader,
      share: shareAlone(journal.places),
      logger: quiet,
      paceMs: 0,
      ...options,
    })
    const close = async () => {
      await running.close()
      await pool.end({ timeout: 1 })
    }
    t.after(close)
    return { ...running, build, close }
  }

  return { databaseUrl, journal, sql, connect, run, closing: t.after }
}
