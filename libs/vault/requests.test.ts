import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { uuidv7 } from '#libs/journal/ids.ts'
import { openPostgres } from '#libs/postgres/open.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { masterKeyOf } from './master-key.ts'
import { openVault } from './open.ts'
import { createRequests, type KeptRequest } from './requests.ts'
import { openWrapping } from './wrapping-keys.ts'

const DAY_MS = 24 * 3_600_000

const request = (accountId: string, kept: unknown = {}): KeptRequest => ({ accountId, fingerprint: 'print', kept })

/** Two processes on one vault. */
const setUp = async (t: TestContext) => {
  const databaseUrl = await testDatabase(t)
  const masterKey = randomBytes(32).toString('base64')
  const vault = await openVault({ databaseUrl, masterKey })
  const sql = openPostgres(databaseUrl, { max: 2 })
  t.after(() => Promise.all([vault.close(), sql.end()]))
  let now = Date.now()
  const pass = (ms: number) => {
    now += ms
  }
  const wrapping = await openWrapping(sql, masterKeyOf(masterKey))
  return { here: vault.requests, there: createRequests(sql, wrapping, () => now), pass, sql }
}

test('of two processes the first one is what both keep, and neither shows it in clear', async (t) => {
  const { here, there, sql } = await setUp(t)
  const id = uuidv7()
  const [one, other] = await Promise.all([
    here.keep(id, request('1', { email: 'ada@example.org' })),
    there.keep(id, request('1', { email: 'bob@example.org' })),
  ])
  assert.deepEqual(one, other)
  assert.deepEqual(await there.find(id), one)
  assert.equal(await there.find(uuidv7()), undefined)
  const [row] = await sql<{ wrapped_kept: Buffer }[]>`select wrapped_kept from vault.requests`
  assert.ok(!row?.wrapped_kept.includes('example.org'))
})

test('it is begun anew once it is forgotten, and goes with the account, and after a day', async (t) => {
  const { here, there, pass } = await setUp(t)
  const [first, second, third] = [uuidv7(), uuidv7(), uuidv7()]
  await here.keep(first, request('1', 'a'))
  await there.forget(first)
  assert.equal((await there.keep(first, request('1', 'b'))).kept, 'b')
  await there.keep(second, request('2'))
  await there.drop('1')
  assert.equal(await here.find(first), undefined)
  pass(DAY_MS)
  await there.keep(third, request('3'))
  assert.ok(await here.find(second))
  pass(60_001)
  await there.keep(uuidv7(), request('4'))
  assert.deepEqual([await here.find(second), (await here.find(third))?.accountId], [undefined, '3'])
})
