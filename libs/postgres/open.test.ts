import assert from 'node:assert/strict'
import { connect, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { testEngines } from '#libs/testing/engines.ts'
import { openPostgres } from './open.ts'

/** A way to Postgres that can be cut. */
const cuttable = async (t: TestContext) => {
  const { databaseUrl } = await testEngines()
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    const upstream = connect(Number(target.port), target.hostname)
    for (const end of [socket, upstream]) {
      sockets.add(end)
      end.on('error', () => {})
      end.once('close', () => sockets.delete(end))
    }
    socket.pipe(upstream).pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String(address.port)
  return {
    url: url.href,
    cut: () => {
      for (const socket of sockets) socket.destroy()
    },
  }
}

test('a connection that is lost within a transaction rejects it, and the pool goes on', async (t) => {
  const { url, cut } = await cuttable(t)
  const sql = openPostgres(url, { max: 1 })
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
  const [row] = await sql`select 2 as answer`
  assert.equal(row?.answer, 2)
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(uncaught, [])
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
