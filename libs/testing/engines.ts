import { randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import postgres from 'postgres'
import { sharedEngines, type TestEngines } from './shared-engines.ts'

/** The environment variable by which the test runner hands its engines to the test files, as JSON. */
export const TEST_ENGINES = 'WHIPLY_TEST_ENGINES'

/** The environment variable that has a run's engines come from containers: `npm run test:containers` sets it to 1. */
export const TEST_CONTAINERS = 'WHIPLY_TEST_CONTAINERS'

export const inContainers = (): boolean => process.env[TEST_CONTAINERS] === '1'

let engines: Promise<TestEngines> | undefined

/** The run's engines: the runner's own, or for a single file a pair that is started once and stays for the next run. */
export const testEngines = (): Promise<TestEngines> => {
  const given = process.env[TEST_ENGINES]
  engines ??= given ? Promise.resolve(JSON.parse(given)) : sharedEngines()
  return engines
}

/** A name that no other test uses: `<prefix>_<random>`, fit for topics, groups, databases and schemas. */
export const uniqueName = (prefix: string): string => `${prefix}_${randomBytes(6).toString('hex')}`

const asAdmin = async (databaseUrl: string, statement: string): Promise<void> => {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  try {
    await sql.unsafe(statement)
  } finally {
    await sql.end()
  }
}

/**
 * A fresh, empty database for this test, dropped after it with whatever is still connected. It is copied as files, which
 * costs half of what the way by the log does. @returns its URL.
 */
export const testDatabase = async (t: Pick<TestContext, 'after'>): Promise<string> => {
  const { databaseUrl } = await testEngines()
  const name = uniqueName('test')
  await asAdmin(databaseUrl, `create database ${name} strategy file_copy`)
  t.after(() => asAdmin(databaseUrl, `drop database if exists ${name} with (force)`))
  const url = new URL(databaseUrl)
  url.pathname = `/${name}`
  return url.href
}
