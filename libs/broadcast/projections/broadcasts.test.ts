import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { codecs } from '#libs/contracts/codecs.ts'
import { type BroadcastEvent, broadcastAbsent } from '#libs/contracts/generated/broadcast.ts'
import type { Clear } from '#libs/contracts/sealed.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { eventId } from '#libs/journal/outcome.ts'
import { erased, peopleFixture } from '#libs/readmodel/people.fixtures.ts'
import { quiet, readModelFixture } from '#libs/readmodel/readmodel.fixtures.ts'
import { rebuild } from '#libs/readmodel/rebuild.ts'
import { until } from '#libs/testing/until.ts'
import { broadcastReads } from '../queries.ts'
import { broadcastsProjection } from './broadcasts.ts'

const ann = '1001'
const bob = '1002'
const channel = '1001'

type Draft = Clear<BroadcastEvent>

const changed = (actor: string, change: Partial<Extract<Draft, { type: 'BroadcastInfoChanged' }>>): Draft => ({
  type: 'BroadcastInfoChanged',
  ...broadcastAbsent.BroadcastInfoChanged,
  actor,
  ...change,
})

const started = (broadcastId: string, keyId = 'k1'): Draft => ({
  type: 'BroadcastStarted',
  broadcastId,
  sessionId: 's1',
  keyId,
  origin: 'http://one',
  leaseUntil: 1,
  graceMs: 1,
})

const setUp = async (t: TestContext) => {
  const fixture = await readModelFixture(t)
  const people = await peopleFixture(fixture.databaseUrl, [ann, bob])
  fixture.closing(people.vault.close)
  const record = (key: string, drafts: readonly Draft[]) => {
    const commandId = uuidv7()
    const events = drafts.map((draft, index) =>
      codecs.broadcast.encodeEvent(
        codecs.broadcast.sealEvent(draft, eventId(commandId, index), people.vault.keys.seal),
      ),
    )
    return { key, commandId, events }
  }
  // A reader whose cache still holds the key when the erasure comes: the rows must not depend on its being dropped.
  const projection = broadcastsProjection({ ...people.vault.keys, forget: () => {} })
  const say = (...drafts: readonly Draft[]) => fixture.journal.write('broadcast', 0, [record(channel, drafts)])
  return { ...fixture, ...people, projection, say, record, reads: broadcastReads(fixture.sql) }
}

test('a broadcast is called what its channel says, and keeps what it was called at its end', async (t) => {
  const { projection, run, say, reads } = await setUp(t)
  const [first, second] = [uuidv7(), uuidv7()]
  await say(changed(ann, { title: 'Tea', tags: 'tea,talk', language: 'en' }))
  await say(started(first))
  await say(changed(ann, { broadcastId: first, title: 'Coffee', audience: 'subscribers' }))
  const running = await run(projection)
  await running.caughtUp()
  const open = await reads.open(channel)
  assert.deepEqual(
    [open?.broadcastId, open?.state, open?.title, open?.tags, open?.language, open?.audience],
    [first, 'live', 'Coffee', ['tea', 'talk'], 'en', 'subscribers'],
  )
  assert.deepEqual(await reads.source(channel), { broadcastId: first, origin: 'http://one', audience: 'subscribers' })
  await say({ type: 'WarningAppeared', broadcastId: first, warning: 'keyframe_interval', value: 4_000 })
  await until(async () => (await reads.open(channel))?.warnings.keyframe_interval === 4_000)
  await say(
    { type: 'BroadcastEnded', broadcastId: first, reason: 'unpublished', actor: null, restUntil: null },
    started(second, 'k2'),
    changed(ann, { broadcastId: second, title: '', visibility: 'unlisted' }),
  )
  await until(async () => (await reads.open(channel))?.broadcastId === second)
  const past = await reads.list({ live: false, limit: 10 })
  assert.deepEqual(
    past.map(({ broadcastId, title, endedReason, warnings }) => [broadcastId, title, endedReason, warnings]),
    [[first, 'Coffee', 'unpublished', {}]],
  )
  assert.deepEqual(await reads.list({ live: true, limit: 10 }), [], 'what is unlisted is not found')
  assert.equal((await reads.info(channel)).title, null)
})

test('what somebody wrote goes with them, wherever it stands; a model that is built anew has none of it', async (t) => {
  const { projection, run, say, reads, journal, accountRecord, sql, connect } = await setUp(t)
  const broadcastId = uuidv7()
  await say(changed(ann, { title: 'Tea', category: 'Cooking' }), started(broadcastId))
  await say(changed(bob, { broadcastId, category: 'Talk' }))
  const running = await run(projection)
  await running.caughtUp()
  await journal.write('account', 0, [accountRecord(ann, [erased(ann)])])
  await until(async () => (await reads.open(channel))?.title === null)
  for (const shown of [await reads.open(channel), await reads.info(channel)])
    assert.deepEqual([shown?.title, shown?.category], [null, 'Talk'])
  await say(changed(ann, { broadcastId, tags: 'late' }))
  await say({ type: 'BroadcastInterrupted', broadcastId, cause: 'closed', graceUntil: 1 })
  await until(async () => (await reads.open(channel))?.state === 'interrupted')
  assert.deepEqual((await reads.open(channel))?.tags, [])
  assert.equal((await rebuild({ ...journal, sql, connect, projection, logger: quiet })).hashEqual, true)
})

test('stream keys are listed while they are good, with when they were used', async (t) => {
  const { projection, run, say, reads } = await setUp(t)
  await say({
    type: 'StreamKeyIssued',
    actor: ann,
    keyId: 'k1',
    expiresAt: 5_000,
    label: 'The studio',
    purpose: 'live',
  })
  await say({ type: 'StreamKeyIssued', actor: ann, keyId: 'k2', expiresAt: null, label: null, purpose: 'test' })
  await say(started(uuidv7()))
  const running = await run(projection)
  await running.caughtUp()
  const [first, second] = await reads.streamKeys(channel)
  assert.deepEqual([first?.keyId, first?.issuedBy, first?.expiresAt, first?.usedAt !== null], ['k1', ann, 5_000, true])
  assert.deepEqual([second?.keyId, second?.usedAt], ['k2', null])
  assert.deepEqual([first?.label, first?.purpose, second?.label, second?.purpose], ['The studio', 'live', null, 'test'])
  const from = { ownerId: ann, addressHash: 'a', networkHash: 'n' }
  await say({ type: 'EncoderAdmitted', keyId: 'k2', sessionId: 's1', ...from })
  await until(async () => (await reads.streamKeys(channel))[1]?.usedAt !== null)
  await say({ type: 'StreamKeyRevoked', actor: ann, keyId: 'k1' })
  await until(async () => (await reads.streamKeys(channel)).length === 1)
})
