import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { listBuilds } from '#libs/readmodel/builds.ts'
import { counts, records, totals } from '#libs/readmodel/counts.fixtures.ts'
import type { Projection } from '#libs/readmodel/projection.ts'
import { quiet, readModelFixture } from '#libs/readmodel/readmodel.fixtures.ts'
import { rebuild } from '#libs/readmodel/rebuild.ts'
import { until } from '#libs/testing/until.ts'
import { type Kept, keepRunning } from './keep-running.ts'
import { mountProjection } from './mount-projection.ts'
import type { ReadSide } from './read-side.ts'

const setUp = async (t: TestContext) => {
  const fixture = await readModelFixture(t)
  const { sql, connect, journal } = fixture
  const side = { ...journal, sql, connect } as unknown as ReadSide
  const mount = (projection: Projection): Kept => {
    const kept = keepRunning(projection.name, () => mountProjection(side, projection, quiet), quiet)
    fixture.closing(kept.close)
    return kept
  }
  const states = async () => (await listBuilds(sql, 'counts')).map(({ build, state }) => `${build} ${state}`)
  const seen = (a: number) => until(async () => (await totals(sql).catch(() => ({ a: 0 }))).a === a)
  return { ...fixture, mount, states, seen }
}

test('a release with a new version fills it beside the old one and switches by itself; the old release stands by', async (t) => {
  const { journal, sql, mount, states, seen } = await setUp(t)
  const before = mount(counts())
  await journal.write('channel', 0, records('a', 3))
  await seen(3)
  mount(counts({ version: 2, factor: 10 }))
  await seen(30)
  await journal.write('channel', 0, records('a', 1))
  await seen(40)
  await until(async () => (await states()).join() === 'counts_v2 live')
  await until(before.up)
  assert.deepEqual(await totals(sql), { a: 40 })
})

test('rows that stand at a record which the journal does not hold are built anew, and replaced when that has caught up', async (t) => {
  const { journal, sql, mount, states, seen } = await setUp(t)
  const kept = mount(counts())
  await journal.write('channel', 0, records('a', 3))
  await seen(3)
  await kept.close()
  await sql`update readmodel.positions set claim = 77 where n > 0`
  await sql`update readmodel.counts set total = 99`
  mount(counts())
  await seen(3)
  await until(async () => (await states()).join() === 'counts_v1_2 live')
})

test('a projector goes on with what an operator has rebuilt', async (t) => {
  const { journal, sql, connect, mount, states, seen } = await setUp(t)
  mount(counts())
  await journal.write('channel', 0, records('a', 3))
  await seen(3)
  const rebuilt = await rebuild({ ...journal, sql, connect, projection: counts(), logger: quiet })
  assert.equal(rebuilt.hashEqual, true)
  await journal.write('channel', 0, records('a', 2))
  await seen(5)
  await until(async () => (await states()).join() === 'counts_v1_2 live')
})
