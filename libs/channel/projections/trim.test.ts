import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import postgres from 'postgres'
import { liveBuild } from '#libs/readmodel/builds.ts'
import { stateHash } from '#libs/readmodel/hash.ts'
import { created, peopleFixture, posted } from '#libs/readmodel/people.fixtures.ts'
import { quiet, readModelFixture } from '#libs/readmodel/readmodel.fixtures.ts'
import { rebuild } from '#libs/readmodel/rebuild.ts'
import { until } from '#libs/testing/until.ts'
import { historyReads } from '../reads/search.ts'
import { channelsProjection } from './channels.ts'
import { messagesProjection } from './messages.ts'
import { searchProjection } from './search.ts'
import { trimmedAtOnce } from './trim.ts'

const ann = '1001'
const big = '1001'
const quietOne = '1017'

/** More than go at once, and a few that stay. */
const old = trimmedAtOnce + 300
const kept = 3

const setUp = async (t: TestContext) => {
  const fixture = await readModelFixture(t)
  const people = await peopleFixture(fixture.databaseUrl, [ann])
  fixture.closing(people.vault.close)
  const keys = { ...people.vault.keys, forget: () => {} }
  const projections = [messagesProjection(keys), searchProjection(keys)]
  const channels = channelsProjection(keys)
  const running = await Promise.all([...projections, channels].map((projection) => fixture.run(projection)))
  const caughtUp = () => Promise.all(running.map((each) => each.caughtUp()))
  const left = async (table: string) => {
    const [row] = await fixture.sql<{ count: number }[]>`
      select count(*)::integer as count from ${fixture.sql(`readmodel.${table}`)} where channel_id = ${big}`
    return row?.count
  }
  return { ...fixture, ...people, projections, caughtUp, left, reads: historyReads(fixture.sql) }
}

test('a first big deletion goes in steps, while what is said in other channels of its partition is shown', async (t) => {
  const { databaseUrl, journal, sql, connect, channelRecord, projections, caughtUp, left, reads } = await setUp(t)
  const said = (seq: number) => channelRecord(big, [posted(seq, ann, `text ${seq}`)])
  await journal.write('channel', 0, [
    channelRecord(big, [created(big, ann)]),
    ...Array.from({ length: old + kept - 1 }, (_, index) => said(index + 2)),
  ])
  await caughtUp()
  const [first] = await sql<{ at: string }[]>`
    select at from readmodel.lane_events where channel_id = ${big} and seq = ${old + 1}`

  await sql`
    insert into channels_v8.moderation_log (channel_id, moderation_seq, at, command_id, actor, action, text)
    select ${big}, number, 1, number::text, ${ann}, 'hold_message', 'words'
    from generate_series(1, ${old}) as held (number)`
  const words = async () => {
    const [row] = await sql`select count(*)::int as left from readmodel.moderation_log where text is not null`
    return row?.left
  }

  // Somebody holds a row that is to go by a later step: whoever waited for that step would wait for them.
  const holder = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  t.after(() => holder.end({ timeout: 1 }))
  const release = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  const holding = holder.begin(async (tx) => {
    for (const table of ['lane_events', 'message_search'])
      await tx`select 1 from ${tx(`readmodel.${table}`)} where channel_id = ${big} and seq = ${old - 5} for update`
    await tx`select 1 from channels_v8.moderation_log where channel_id = ${big} and moderation_seq = ${old - 5} for update`
    held.resolve()
    await release.promise
  })
  await held.promise

  await journal.write('channel', 0, [
    channelRecord(big, [{ type: 'HistoryTrimmed', before: Number(first?.at) }]),
    channelRecord(quietOne, [created(quietOne, ann)]),
    channelRecord(quietOne, [posted(2, ann, 'heard nevertheless')]),
  ])
  await caughtUp()
  assert.deepEqual(
    (await reads.search(quietOne, { has: [], all: false, limit: 5 })).map(({ text }) => text),
    ['heard nevertheless'],
  )
  assert.equal(await reads.trimmedBefore(big), Number(first?.at))
  assert.equal(await left('lane_events'), old + kept - trimmedAtOnce)
  assert.equal(await words(), old - trimmedAtOnce, 'words of messages that were held go in steps as well')

  const hashes = () =>
    Promise.all(
      projections.map(async (projection) => {
        const build = await liveBuild(sql, projection.name)
        return sql.begin('isolation level repeatable read', (tx) => stateHash(tx, String(build?.build), projection))
      }),
    )
  const before = await hashes()
  release.resolve()
  await holding
  await until(async () => (await left('lane_events')) === kept && (await left('message_search')) === kept)
  await until(async () => (await words()) === 0)
  assert.deepEqual(await hashes(), before, 'rows that wait to be swept count for nothing')
  for (const projection of projections) {
    const { hashEqual } = await rebuild({ ...journal, sql, connect, projection, logger: quiet })
    assert.ok(hashEqual, projection.name)
  }
})
