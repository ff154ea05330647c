import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { counts, records, totals } from './counts.fixtures.ts'
import { MalformedToken, ReadModelBehind } from './errors.ts'
import { livePositions } from './positions.ts'
import { readModelFixture } from './readmodel.fixtures.ts'
import { createPositionWaiter } from './wait.ts'

const setUp = async (t: TestContext, options?: Parameters<typeof createPositionWaiter>[1]) => {
  const fixture = await readModelFixture(t)
  const waiter = await createPositionWaiter(fixture.sql, options)
  fixture.closing(waiter.close)
  return { ...fixture, waiter }
}

test('who waits for the position of their command reads what it wrote', async (t) => {
  const { journal, sql, run, waiter } = await setUp(t)
  await run(counts())
  for (let round = 1; round <= 10; round++) {
    await waiter.wait('counts', await journal.write('channel', 0, records('a', 1)))
    assert.deepEqual(await totals(sql), { a: round })
  }
})

test('a position that was reached before anybody listened is found', async (t) => {
  const { journal, sql, run } = await setUp(t)
  const token = await journal.write('channel', 1, records('a', 1))
  await (await run(counts())).caughtUp()
  const late = await createPositionWaiter(sql, { lookEveryMs: 3_600_000 })
  t.after(late.close)
  await late.wait('counts', token, 1_000)
})

test('a projector that lags is told of as being behind, with a time to come again', async (t) => {
  const { waiter } = await setUp(t)
  await assert.rejects(waiter.wait('counts', 'channel.0.1', 20), (error) => {
    assert.ok(error instanceof ReadModelBehind)
    assert.deepEqual([error.code, error.retryAfterSeconds], ['platform.behind', 1])
    return true
  })
})

test('a projection that reads nothing of the family has nothing to wait for', async (t) => {
  const { run, waiter } = await setUp(t)
  await run(counts())
  await waiter.wait('counts', 'account.0.7', 5_000)
})

test('those who wait are bounded', async (t) => {
  const { waiter } = await setUp(t, { maxWaiters: 1 })
  const waiting = waiter.wait('counts', 'channel.0.1', 200)
  await assert.rejects(waiter.wait('counts', 'channel.0.1', 5_000), /too many/)
  await assert.rejects(waiting, ReadModelBehind)
})

test('a token that is none is refused', async (t) => {
  const { waiter } = await setUp(t)
  await assert.rejects(waiter.wait('counts', 'channel.0'), MalformedToken)
})

test('a position read in one transaction with rows is that of the rows', async (t) => {
  const { journal, sql, run } = await setUp(t)
  const running = await run(counts(), { batchSize: 1 })
  await journal.write('channel', 0, records('a', 100))
  for (let look = 0; look < 20; look++) {
    const [n, total] = (await sql.begin('isolation level repeatable read', async (tx) => {
      const [standing] = (await livePositions(tx, 'counts')).filter(({ family }) => family === 'channel')
      await new Promise(setImmediate)
      const [row] = await tx`select total from readmodel.counts`
      return [standing?.position.n, row?.total ?? 0]
    })) as [number, number]
    assert.equal(n, total)
  }
  await running.caughtUp()
})
