import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { until } from '#libs/testing/until.ts'
import { connectTo } from './connect.ts'
import { counts, records, totals } from './counts.fixtures.ts'
import { PositionInvalid } from './errors.ts'
import { parkedList, parkedRetry } from './parked.ts'
import { origin, readPositions } from './positions.ts'
import { quiet, readModelFixture } from './readmodel.fixtures.ts'
import { postgresRelay } from './relay.fixtures.ts'
import { shareByGroup } from './share.ts'

const setUp = async (t: TestContext) => {
  const fixture = await readModelFixture(t)
  return { ...fixture, totals: () => totals(fixture.sql) }
}

test('a projector that is stopped and started again applies every record once', async (t) => {
  const { journal, run, totals } = await setUp(t)
  await journal.write('channel', 0, records('a', 30))
  const first = await run(counts(), { batchSize: 7 })
  await journal.write('channel', 1, records('b', 10))
  await first.caughtUp()
  await first.close()
  await journal.write('channel', 0, records('a', 5))
  const second = await run(counts())
  await second.caughtUp()
  assert.deepEqual(await totals(), { a: 35, b: 10 })
})

test('two projectors on the same partitions do each other no harm: rows move with their position or not at all', async (t) => {
  const { journal, run, totals } = await setUp(t)
  const both = [await run(counts(), { batchSize: 3 }), await run(counts(), { batchSize: 5 })]
  for (let round = 0; round < 20; round++) {
    await journal.write('channel', 0, records('a', 3))
    await journal.write('channel', 1, records('b', 2))
  }
  await until(async () => (await totals()).a === 60 && (await totals()).b === 40)
  for (const run of both) await run.caughtUp()
  assert.deepEqual(await totals(), { a: 60, b: 40 })
})

test('connections to Postgres that break are waited out, and nothing is lost or doubled', async (t) => {
  const { journal, sql, run, totals } = await setUp(t)
  const running = await run(counts(), { batchSize: 5 })
  for (let round = 0; round < 10; round++) {
    await journal.write('channel', 0, records('a', 20))
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'whiply counts%'`
  }
  await running.caughtUp()
  assert.deepEqual(await totals(), { a: 200 })
})

test('a record that cannot be applied is parked with what follows for its key; other keys go on', async (t) => {
  const { journal, sql, run, totals } = await setUp(t)
  const running = await run(counts(), { batchSize: 50 })
  await journal.write('channel', 0, [
    ...records('a', 3),
    { key: 'bad', commandId: 'poison' },
    ...records('b', 2),
    ...records('bad', 2),
    ...records('a', 1),
  ])
  await running.caughtUp()
  await journal.write('channel', 0, [...records('bad', 1), ...records('c', 1)])
  await running.caughtUp()
  assert.deepEqual(await totals(), { a: 4, b: 2, c: 1 })
  const [head, ...others] = await parkedList(sql)
  assert.equal(others.length, 0)
  assert.deepEqual(
    { ...head, id: '', parked: undefined, at: '' },
    {
      id: '',
      reader: 'counts_v1',
      family: 'channel',
      partition: 0,
      key: 'bad',
      n: 4,
      commandId: 'poison',
      commandType: 'Test',
      code: 'TypeError',
      at: '',
      attempts: 1,
      parked: undefined,
      behind: 3,
    },
  )
  const [kept] = await sql`select count(*)::integer as count from readmodel.parked p where p::text like '%secret of%'`
  assert.equal(kept?.count, 0)
})

test('parked records are replayed in order once they can be applied, and the key goes on', async (t) => {
  const { journal, sql, connect, run } = await setUp(t)
  let poisonous = true
  const projection = counts({ poisonous: () => poisonous })
  const running = await run(projection)
  await journal.write('channel', 0, [{ key: 'bad', commandId: 'poison' }, ...records('bad', 2)])
  await running.caughtUp()
  const retry = { sql, connect, projections: [projection] }
  assert.deepEqual(
    (await parkedRetry(retry)).map(({ applied, left, code }) => ({ applied, left, code })),
    [{ applied: 0, left: 3, code: 'TypeError' }],
  )
  assert.equal((await parkedList(sql))[0]?.attempts, 2)
  poisonous = false
  const [head] = await parkedList(sql)
  assert.deepEqual(await parkedRetry(retry, ({ id }) => id === head?.id), [{ id: head?.id, applied: 3, left: 0 }])
  await journal.write('channel', 0, records('bad', 1))
  await running.caughtUp()
  const [row] = await sql`select total, history from readmodel.counts where key = 'bad'`
  assert.deepEqual({ ...row }, { total: 4, history: '1 2 3 4' })
  assert.deepEqual(await parkedList(sql), [])
})

test('a missing table stops the projection; it does not park the journal', async (t) => {
  const { journal, sql, run } = await setUp(t)
  const running = await run(counts())
  await sql.unsafe('drop table counts_v1.counts cascade')
  await journal.write('channel', 0, records('a', 3))
  await assert.rejects(running.ended, { code: '42P01' })
  assert.deepEqual(await parkedList(sql), [])
})

test('a position that the journal does not hold ends the run with an alarm', async (t) => {
  const { journal, sql, run } = await setUp(t)
  await journal.write('channel', 0, records('a', 3))
  const first = await run(counts())
  await first.caughtUp()
  await first.close()
  await sql`update readmodel.positions set claim = 77 where n > 0`
  const second = await run(counts())
  await assert.rejects(second.ended, PositionInvalid)
})

test('a build that lies in another log is not gone on with', async (t) => {
  const { journal, sql, run } = await setUp(t)
  await journal.write('channel', 0, records('a', 3))
  const first = await run(counts())
  await first.caughtUp()
  await first.close()
  await sql`update readmodel.positions set log_id = 'another' where n > 0`
  await assert.rejects((await run(counts())).ended, PositionInvalid)
})

test('void records and claims move nothing, and the position names the last record that counted', async (t) => {
  const { journal, sql, run } = await setUp(t)
  await journal.write('channel', 0, records('a', 2))
  const running = await run(counts())
  await running.caughtUp()
  const standings = await readPositions(sql, running.build.build)
  const logId = 'log-of-tests'
  assert.deepEqual(
    standings.filter(({ family }) => family === 'channel').map(({ position }) => position),
    [{ logId, offset: 2, claim: 0, n: 2 }, origin],
  )
})

test('projectors of one group share the partitions, and those that stay take over from one that goes', async (t) => {
  const { journal, run, totals } = await setUp(t)
  const share = shareByGroup(journal.log, 'whiply.projector.counts_v1', ['channel'])
  const first = await run(counts(), { share })
  const second = await run(counts(), { share })
  const shares = async () => (await Promise.all([first.caughtUp(), second.caughtUp()])).map(({ length }) => length)
  await until(async () => (await shares()).join() === '1,1')
  await journal.write('channel', 0, records('a', 5))
  await journal.write('channel', 1, records('b', 5))
  await until(async () => (await totals()).a === 5 && (await totals()).b === 5)
  await second.close()
  await journal.write('channel', 0, records('a', 1))
  await journal.write('channel', 1, records('b', 1))
  await until(async () => (await totals()).a === 6 && (await totals()).b === 6)
})

test('a partition that is taken and given back while its rows are being written has none of them twice', async (t) => {
  const { journal, run, totals } = await setUp(t)
  const applying = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  const plain = counts()
  const projection: typeof plain = {
    ...plain,
    apply: async (...given) => {
      await plain.apply(...given)
      applying.resolve()
      await gate.promise
    },
  }
  let assign: (places: typeof journal.places) => void = () => {}
  let begun = 0
  const running = await run(projection, {
    share: async (onAssignment) => {
      assign = onAssignment
      onAssignment(journal.places)
      return { leave: async () => {} }
    },
    openReader: async (options) => {
      const reader = await journal.openReader(options)
      return {
        ...reader,
        read: (...given) => {
          begun++
          reader.read(...given)
        },
      }
    },
  })
  await until(() => begun === 2)
  await journal.write('channel', 0, records('a', 3))
  await applying.promise
  assign([])
  assign(journal.places)
  await until(() => begun === 4)
  gate.resolve()
  await running.caughtUp()
  await journal.write('channel', 0, records('a', 1))
  await until(async () => ((await totals()).a ?? 0) >= 4)
  assert.deepEqual(await totals(), { a: 4 })
})

test('a projector waits while Postgres is away, and goes on from where it stood', async (t) => {
  const { databaseUrl, journal, run, totals, closing } = await setUp(t)
  const relay = await postgresRelay(databaseUrl)
  closing(relay.leave)
  const build = await run(counts())
  await build.caughtUp()
  await build.close()
  const sql = connectTo(relay.databaseUrl)(build.build.build, 3)
  closing(() => sql.end({ timeout: 1 }))
  const warned: unknown[] = []
  const logger = { ...quiet, warn: (fields: unknown) => warned.push(fields) } as unknown as typeof quiet
  const running = await run(counts(), { sql, logger })
  await journal.write('channel', 0, records('a', 3))
  await running.caughtUp()
  await relay.leave()
  await journal.write('channel', 0, records('a', 4))
  await until(() => warned.length > 2)
  assert.deepEqual(await totals(), { a: 3 })
  await relay.comeBack()
  await running.caughtUp()
  assert.deepEqual(await totals(), { a: 7 })
})
