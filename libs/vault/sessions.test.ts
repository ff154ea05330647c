import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { openPostgres } from '#libs/postgres/open.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { openVault } from './open.ts'
import { createSessions, IDLE_MS, RENEWAL_GRACE_MS } from './sessions.ts'

const start = async (t: TestContext) => {
  const databaseUrl = await testDatabase(t)
  await (await openVault({ databaseUrl, masterKey: randomBytes(32).toString('base64') })).close()
  const sql = openPostgres(databaseUrl, { max: 4 })
  t.after(() => sql.end())
  const world = { now: Date.UTC(2026, 0, 1) }
  return { world, sessions: createSessions(sql, () => world.now) }
}

const renewed = async (renewing: ReturnType<Awaited<ReturnType<typeof start>>['sessions']['renew']>) => {
  const renewal = await renewing
  if (renewal?.kind !== 'renewed') throw new Error(`it was ${renewal?.kind}`)
  return renewal.secret
}

test('a secret is good once, and brings the next one', async (t) => {
  const { world, sessions } = await start(t)
  const { session, secret } = await sessions.open('1', 3_600_000, { device: 'a browser' })
  const next = await renewed(sessions.renew(secret))
  assert.notEqual(next, secret)
  world.now += RENEWAL_GRACE_MS + 1
  assert.deepEqual(await sessions.find(next), session)
  assert.equal(await sessions.find(secret), undefined)
  assert.deepEqual(await sessions.renew(secret), { kind: 'reused', session })
  assert.equal(await sessions.renew('nobody knows it'), undefined)
})

test('a session that is left unused is over before its time, one that is used goes on', async (t) => {
  const { world, sessions } = await start(t)
  const used = await sessions.open('1', 3 * IDLE_MS)
  const left = await sessions.open('1', 3 * IDLE_MS)
  world.now += IDLE_MS - 1
  const next = await renewed(sessions.renew(used.secret))
  assert.equal((await sessions.idsOf('1')).length, 2)
  world.now += 1
  assert.equal(await sessions.find(left.secret), undefined)
  assert.equal(await sessions.renew(left.secret), undefined)
  assert.deepEqual(await sessions.idsOf('1'), [used.session.sessionId])
  assert.deepEqual(
    (await sessions.listOf('1')).map(({ sessionId }) => sessionId),
    [used.session.sessionId],
  )
  await renewed(sessions.renew(next))
})

test('where the answer was lost the same secret is good once more', async (t) => {
  const { world, sessions } = await start(t)
  const { secret } = await sessions.open('1', 3_600_000)
  const lost = await renewed(sessions.renew(secret))
  world.now += RENEWAL_GRACE_MS
  const again = await renewed(sessions.renew(secret))
  assert.equal((await sessions.renew(secret))?.kind, 'reused', 'but not a third time')
  await renewed(sessions.renew(again))
  world.now += RENEWAL_GRACE_MS + 1
  assert.equal((await sessions.renew(lost))?.kind, 'reused')
})

test('two pages that renew at the same moment both go on', async (t) => {
  const { sessions } = await start(t)
  const { secret } = await sessions.open('1', 3_600_000)
  const both = await Promise.all([renewed(sessions.renew(secret)), renewed(sessions.renew(secret))])
  assert.notEqual(both[0], both[1])
  for (const one of both) assert.ok(await sessions.find(one))
})

test('whoever has a stolen secret: once the grace is over, the first of the two to come second is found out', async (t) => {
  const { world, sessions } = await start(t)
  const turn = fc.record({ thief: fc.boolean(), waitMs: fc.integer({ min: RENEWAL_GRACE_MS + 1, max: 3_600_000 }) })
  await fc.assert(
    fc.asyncProperty(fc.array(turn, { minLength: 2, maxLength: 12 }), async (order) => {
      const { secret } = await sessions.open('1', 3_600_000_000)
      const held = { thief: secret, owner: secret }
      let last: keyof typeof held | undefined
      for (const { thief, waitMs } of order) {
        world.now += waitMs
        const who = thief ? 'thief' : 'owner'
        const renewal = await sessions.renew(held[who])
        assert.equal(renewal?.kind, last === undefined || last === who ? 'renewed' : 'reused')
        if (renewal?.kind !== 'renewed') return
        last = who
        held[who] = renewal.secret
      }
    }),
    { numRuns: 20 },
  )
})

test('an owner sees each session with its device and its last use', async (t) => {
  const { world, sessions } = await start(t)
  const first = await sessions.open('1', 3_600_000, { device: 'a browser' })
  world.now += 1_000
  await sessions.open('1', 3_600_000)
  await sessions.open('2', 3_600_000, { device: 'x'.repeat(1_000) })
  world.now += 1_000
  await sessions.renew(first.secret)
  const shown = (await sessions.listOf('1')).map(({ device, lastUsedAt }) => [device, lastUsedAt - world.now])
  assert.deepEqual(shown, [
    ['a browser', 0],
    [null, -1_000],
  ])
  assert.equal((await sessions.listOf('2'))[0]?.device?.length, 200)
})

test('who shows once more who they are gets another secret, and the one before ends the session at once', async (t) => {
  const { sessions } = await start(t)
  const { session, secret } = await sessions.open('1', 3_600_000)
  const shown = await sessions.authenticate(session.sessionId, true, Date.now())
  assert.ok(shown && shown.secret !== secret)
  assert.equal((await sessions.renew(secret))?.kind, 'reused', 'within the grace of a renewal, too')
  const next = await renewed(sessions.renew(shown.secret))
  assert.equal((await sessions.find(next))?.secondFactor, true)
  // Where the answer to that renewal was lost, it is like any other.
  await renewed(sessions.renew(shown.secret))
})
