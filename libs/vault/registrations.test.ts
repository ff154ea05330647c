import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { uuidv7 } from '#libs/journal/ids.ts'
import { openPostgres } from '#libs/postgres/open.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { openVault } from './open.ts'
import { createRegistrations, type Invitation, type Registration } from './registrations.ts'

const DAY_MS = 24 * 3_600_000

const registration = (accountId: string, invitation?: Invitation): Registration => ({
  accountId,
  fingerprint: 'print',
  invitation,
})

/** Two processes on one vault. */
const setUp = async (t: TestContext) => {
  const databaseUrl = await testDatabase(t)
  const vault = await openVault({ databaseUrl, masterKey: randomBytes(32).toString('base64') })
  const sql = openPostgres(databaseUrl, { max: 2 })
  t.after(() => Promise.all([vault.close(), sql.end()]))
  let now = Date.now()
  const pass = (ms: number) => {
    now += ms
  }
  return { here: vault.registrations, there: createRegistrations(sql, () => now), pass }
}

test('of two processes one begins a registration, and the other finds whose it is', async (t) => {
  const { here, there } = await setUp(t)
  const id = uuidv7()
  const begun = await Promise.all([here.begin(id, registration('1')), there.begin(id, registration('2'))])
  assert.deepEqual(begun.toSorted(), [false, true])
  assert.deepEqual(await there.find(id), registration(begun[0] ? '1' : '2'))
  assert.equal(await there.find(uuidv7()), undefined)
})

test('it is forgotten once all who took part have failed, and not before', async (t) => {
  const { here, there } = await setUp(t)
  const id = uuidv7()
  const used = { hash: randomBytes(32), purpose: 'invitation', accountId: '7', group: uuidv7(), expiresAt: 1 } as const
  await here.begin(id, registration('1', used))
  assert.equal(await there.join(id), true)
  assert.equal(await here.leave(id), undefined)
  assert.deepEqual(await there.leave(id), registration('1', used))
  assert.equal(await there.find(id), undefined)
  assert.equal(await here.join(id), false)
  assert.equal(await here.leave(id), undefined)

  const done = uuidv7()
  await here.begin(done, registration('2'))
  await there.join(done)
  assert.equal(await there.leave(done), undefined, 'the first was done: who asks again and fails takes nothing from it')
  assert.ok(await here.find(done))
})

test('it goes with the account, and after a day', async (t) => {
  const { there, pass } = await setUp(t)
  const [first, second, third] = [uuidv7(), uuidv7(), uuidv7()]
  await there.begin(first, registration('1'))
  await there.begin(second, registration('2'))
  await there.drop('1')
  assert.equal(await there.find(first), undefined)
  pass(DAY_MS)
  await there.begin(third, registration('3'))
  assert.ok(await there.find(second))
  pass(60_001)
  await there.begin(uuidv7(), registration('4'))
  assert.equal(await there.find(second), undefined)
  assert.ok(await there.find(third))
})
