import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import postgres from 'postgres'
import { uuidv7 } from '#libs/journal/ids.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { openVault } from './open.ts'

const setUp = async (t: TestContext) => {
  const databaseUrl = await testDatabase(t)
  const vault = await openVault({ databaseUrl, masterKey: randomBytes(32).toString('base64') })
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  t.after(() => Promise.all([vault.close(), sql.end()]))
  return { oneTime: vault.oneTime, sql }
}

const reset = { purpose: 'reset password', accountId: '1000', lifetimeMs: 60_000 } as const

test('of many who have a token one gets it, once, for its purpose alone', async (t) => {
  const { oneTime } = await setUp(t)
  const secret = await oneTime.issue({ ...reset, detail: { revision: 3 } })
  assert.equal(await oneTime.take('confirm email', secret), undefined)
  assert.equal(await oneTime.take('reset password', `${secret}x`), undefined)
  const taken = await Promise.all(Array.from({ length: 8 }, () => oneTime.take('reset password', secret)))
  const [token, ...others] = taken.filter((token) => token !== undefined)
  assert.deepEqual([token?.accountId, token?.detail, others], ['1000', { revision: 3 }, []])
  assert.ok(token)
  await oneTime.putBack(token)
  assert.equal((await oneTime.take('reset password', secret))?.accountId, '1000')
})

test('a command that comes again gets what it took, and nobody else does until it is put back', async (t) => {
  const { oneTime } = await setUp(t)
  const group = randomUUID()
  const secret = await oneTime.issue({ ...reset, group })
  const other = await oneTime.issue({ ...reset, group })
  const [own, another] = [uuidv7(), uuidv7()]
  const first = await oneTime.take('reset password', secret, own)
  assert.equal(first?.left, 1)
  assert.deepEqual(await oneTime.take('reset password', secret, own), first)
  assert.equal(await oneTime.take('reset password', secret, another), undefined)
  assert.equal(await oneTime.take('reset password', secret), undefined)
  assert.equal((await oneTime.take('reset password', other, another))?.left, 0, 'one that is taken is not left')
  assert.ok(first)
  await oneTime.putBack(first, another)
  assert.equal(await oneTime.take('reset password', secret, another), undefined)
  await oneTime.putBack(first, own)
  assert.ok(await oneTime.take('reset password', secret, another))
})

test('of a group that is taken at once one is the last', async (t) => {
  const { oneTime } = await setUp(t)
  for (let round = 0; round < 10; round++) {
    const group = randomUUID()
    const secrets = [await oneTime.issue({ ...reset, group }), await oneTime.issue({ ...reset, group })]
    const taken = await Promise.all(secrets.map((secret) => oneTime.take('reset password', secret)))
    assert.deepEqual(taken.map((token) => token?.left).toSorted(), [0, 1])
  }
})

test('an expired token is none, and goes; those of an account go together', async (t) => {
  const { oneTime, sql } = await setUp(t)
  const late = await oneTime.issue({ ...reset, lifetimeMs: 0 })
  assert.equal(await oneTime.take('reset password', late), undefined)
  const other = await oneTime.issue({ ...reset, accountId: '1001' })
  const own = await oneTime.issue(reset)
  assert.equal((await sql`select 1 from vault.one_time_tokens`).length, 2)
  await oneTime.drop('1000', 'confirm email')
  await oneTime.drop('1001')
  assert.equal(await oneTime.take('reset password', other), undefined)
  assert.ok(await oneTime.take('reset password', own))
})

test('neither the secret nor its detail can be read in the database', async (t) => {
  const { oneTime, sql } = await setUp(t)
  const secret = await oneTime.issue({ ...reset, detail: { email: 'ada@example.org' } })
  const [row] = await sql`select * from vault.one_time_tokens`
  const kept = Object.values(row ?? {}).map((value) =>
    Buffer.isBuffer(value) ? value.toString('latin1') : String(value),
  )
  assert.ok(kept.every((value) => !value.includes('ada@') && !value.includes(secret)))
})
