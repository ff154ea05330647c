import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createBuild, ensureBuild, listBuilds, markCaughtUp, markInvalid, switchWhenCaughtUp } from './builds.ts'
import { counts, records, totals } from './counts.fixtures.ts'
import { BuildRetired, RebuildUnderWay, UnknownProjection } from './errors.ts'
import { dropLeftovers, whileRebuilding } from './leftovers.ts'
import { quiet, readModelFixture } from './readmodel.fixtures.ts'
import { type RebuildProgress, rebuild } from './rebuild.ts'

const setUp = async (t: TestContext) => {
  const fixture = await readModelFixture(t)
  const { sql, connect, journal } = fixture
  const states = async () => (await listBuilds(sql, 'counts')).map(({ build, state }) => `${build} ${state}`)
  const options = { ...journal, sql, connect, logger: quiet }
  return { ...fixture, states, options }
}

test('a rebuild beside a projector that goes on has the same hash, is switched to, and loses nothing', async (t) => {
  const { journal, sql, run, states, options } = await setUp(t)
  await journal.write('channel', 0, records('a', 300))
  await journal.write('channel', 1, records('b', 200))
  const live = await run(counts())
  await live.caughtUp()
  let writing = true
  const more = (async () => {
    let written = 0
    for (; writing; written++) {
      await journal.write('channel', 1, records('c', 1))
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    return written
  })()
  const stages: RebuildProgress[] = []
  const rebuilt = await rebuild({ ...options, projection: counts(), onProgress: (each) => stages.push(each) })
  writing = false
  const written = await more
  assert.equal(rebuilt.hashEqual, true)
  assert.ok(rebuilt.records >= 500)
  assert.deepEqual([...new Set(stages.map(({ stage }) => stage))], ['reading', 'comparing', 'switching'])
  await journal.write('channel', 0, records('d', 1))
  await assert.rejects(live.ended, BuildRetired)
  assert.deepEqual(await states(), ['counts_v1 retired', 'counts_v1_2 live'])
  await (await run(counts())).caughtUp()
  assert.deepEqual(await totals(sql), { a: 300, b: 200, c: written, d: 1 })
  assert.deepEqual(await dropLeftovers(sql, 'counts'), ['counts_v1'])
  assert.deepEqual(await states(), ['counts_v1_2 live'])
})

test('a row that was changed by hand shows as another hash, and is gone after the rebuild', async (t) => {
  const { journal, sql, run, options } = await setUp(t)
  await journal.write('channel', 0, records('a', 3))
  await (await run(counts())).caughtUp()
  await sql`update readmodel.counts set total = 4`
  const rebuilt = await rebuild({ ...options, projection: counts() })
  assert.equal(rebuilt.hashEqual, false)
  assert.deepEqual(await totals(sql), { a: 3 })
})

test('a rebuild that fails leaves the live build as it is, and nothing of itself', async (t) => {
  const { journal, sql, run, states, options } = await setUp(t)
  await journal.write('channel', 0, records('a', 3))
  await (await run(counts())).caughtUp()
  const broken = { ...counts(), hashed: [{ table: 'nowhere', key: ['key'] }] }
  await assert.rejects(rebuild({ ...options, projection: broken }), { code: '42P01' })
  assert.deepEqual(await states(), ['counts_v1 live'])
  assert.deepEqual(await totals(sql), { a: 3 })
})

test('what is not live cannot be rebuilt', async (t) => {
  const { options } = await setUp(t)
  await assert.rejects(rebuild({ ...options, projection: counts() }), UnknownProjection)
})

test('a new version is filled beside the old one, which is read until it has caught up', async (t) => {
  const { journal, sql, run, states } = await setUp(t)
  await journal.write('channel', 0, records('a', 3))
  const old = await run(counts())
  await old.caughtUp()
  const second = counts({ version: 2, factor: 10 })
  const next = await run(second)
  const places = await next.caughtUp()
  assert.deepEqual(await totals(sql), { a: 3 })
  assert.equal(await switchWhenCaughtUp(sql, second, next.build.build), false)
  await markCaughtUp(sql, next.build.build, places)
  assert.equal(await switchWhenCaughtUp(sql, second, next.build.build), true)
  assert.deepEqual(await totals(sql), { a: 30 })
  assert.deepEqual(await states(), ['counts_v1 retired', 'counts_v2 live'])
  assert.equal(await ensureBuild(sql, counts(), journal.places), undefined)
})

test('a build that cannot be gone on with is replaced by a new one; queries see the old rows meanwhile', async (t) => {
  const { journal, sql, run, states } = await setUp(t)
  await journal.write('channel', 0, records('a', 3))
  const first = await run(counts())
  await first.caughtUp()
  await first.close()
  await markInvalid(sql, first.build.build)
  const second = await run(counts())
  assert.equal(second.build.build, 'counts_v1_2')
  assert.deepEqual(await totals(sql), { a: 3 })
  await second.caughtUp()
  await markCaughtUp(sql, second.build.build, journal.places)
  assert.equal(await switchWhenCaughtUp(sql, counts(), second.build.build), true)
  assert.deepEqual(await states(), ['counts_v1 retired', 'counts_v1_2 live'])
})

test('what a rebuild left behind that did not come to its end is dropped, but not under a rebuild that goes on', async (t) => {
  const { journal, sql, run, states, options } = await setUp(t)
  await run(counts())
  await createBuild(sql, counts(), journal.places)
  assert.deepEqual(await states(), ['counts_v1 live', 'counts_v1_2 building'])
  await whileRebuilding(sql, 'counts', async () => {
    assert.deepEqual(await dropLeftovers(sql, 'counts'), [])
    await assert.rejects(rebuild({ ...options, projection: counts() }), RebuildUnderWay)
  })
  assert.deepEqual(await dropLeftovers(sql, 'counts'), ['counts_v1_2'])
  assert.deepEqual(await states(), ['counts_v1 live'])
})
