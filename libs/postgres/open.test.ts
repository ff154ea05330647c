import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { testEngines } from '#libs/testing/engines.ts'
import { postgresProxy } from '#libs/testing/postgres-proxy.ts'
import { until } from '#libs/testing/until.ts'
import { openPostgres } from './open.ts'

/** A way to Postgres that can be cut. */
const cuttable = async (t: TestContext) => {
  const { databaseUrl } = await testEngines()
  const proxy = await postgresProxy(databaseUrl)
  t.after(proxy.close)
  return proxy
}

test('a connection that is lost within a transaction rejects it, and the pool goes on', async (t) => {
  const { databaseUrl, cut, restore } = await cuttable(t)
  const sql = openPostgres(databaseUrl, { max: 1 })
  t.after(() => sql.end({ timeout: 1 }))
  const uncaught: unknown[] = []
  const onUncaught = (error: unknown) => uncaught.push(error)
  process.on('uncaughtException', onUncaught)
  t.after(() => process.off('uncaughtException', onUncaught))

  const lost = sql.begin(async (transaction) => {
    await transaction`select 1`
    cut()
    await transaction`select pg_sleep(10)`
  })
  await assert.rejects(lost, { code: 'CONNECTION_CLOSED' })
  restore()
  const [row] = await sql`select 2 as answer`
  assert.equal(row?.answer, 2)
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(uncaught, [])
})

test('a server that was away for a while is found as soon as it is back', async (t) => {
  const { databaseUrl, cut, restore, refused } = await cuttable(t)
  const sql = openPostgres(databaseUrl, { max: 10 })
  t.after(() => sql.end({ timeout: 1 }))
  cut()
  const ask = () => Array.from({ length: 10 }, () => sql`select 1`)
  await Promise.allSettled(ask())
  assert.equal(refused(), 10)
  restore()
  let answered = 0
  for (const each of ask()) each.then(() => answered++)
  await until(() => answered === 10, { timeoutMs: 5_000 })
})

test('work that fails by itself rolls back, and the caller gets its error', async (t) => {
  const { databaseUrl } = await testEngines()
  const sql = openPostgres(databaseUrl, { max: 1 })
  t.after(() => sql.end({ timeout: 1 }))
  const failed = sql.begin('isolation level repeatable read', async (transaction) => {
    await transaction`create temporary table gone (id int)`
    throw new Error('no')
  })
  await assert.rejects(failed, /no/)
  await assert.rejects(Promise.resolve(sql`select * from gone`), { code: '42P01' })
})
