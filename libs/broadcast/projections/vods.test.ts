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
import { vodReads } from '../recordings/reads.ts'
import { vodsProjection } from './vods.ts'

const ann = '1001'
const bob = '1002'

type Draft = Clear<BroadcastEvent>

const called = (actor: string, broadcastId: string | null, title: string): Draft => ({
  type: 'BroadcastInfoChanged',
  ...broadcastAbsent.BroadcastInfoChanged,
  actor,
  broadcastId,
  title,
})

const recording = (broadcastId: string): Draft => ({
  type: 'RecordingStarted',
  broadcastId,
  visibility: 'public',
  audience: 'everybody',
  quotaBytes: null,
  retentionDays: null,
  clipRetentionDays: null,
})

const reported = (broadcastId: string, take: string, segments: number): Draft => ({
  type: 'RecordingReported',
  broadcastId,
  take,
  segments,
  bytes: segments * 100,
  durationMs: segments * 2_000,
  lostMs: 0,
})

const requested = (clipId: string, vodId: string, actor: string): Draft => ({
  type: 'ClipRequested',
  clipId,
  vodId,
  actor,
  fromMs: 1,
  toMs: 2,
  title: 'Look',
})

const setUp = async (t: TestContext) => {
  const fixture = await readModelFixture(t)
  const people = await peopleFixture(fixture.databaseUrl, [ann, bob])
  fixture.closing(people.vault.close)
  const record = (key: string, drafts: readonly Draft[]) => {
    const commandId = uuidv7()
    const { seal } = people.vault.keys
    const events = drafts.map((draft, index) =>
      codecs.broadcast.encodeEvent(codecs.broadcast.sealEvent(draft, eventId(commandId, index), seal)),
    )
    return { key, commandId, events }
  }
  // A reader whose cache still holds the key when the erasure comes: the rows must not depend on its being dropped.
  const projection = vodsProjection({ ...people.vault.keys, forget: () => {} })
  const sayIn = (channel: string, ...drafts: readonly Draft[]) =>
    fixture.journal.write('broadcast', 0, [record(channel, drafts)])
  return { ...fixture, ...people, projection, sayIn, reads: vodReads(fixture.sql) }
}

test('a recording has the sums of its runs, what it was called meanwhile, and whom it is for', async (t) => {
  const { projection, run, sayIn, reads } = await setUp(t)
  const [vodId, clipId] = [uuidv7(), uuidv7()]
  await sayIn(ann, called(ann, null, 'Tea'), recording(vodId), reported(vodId, 't1', 1), reported(vodId, 't1', 3))
  await sayIn(ann, reported(vodId, 't2', 2), called(ann, vodId, 'Coffee'))
  await sayIn(ann, requested(clipId, vodId, bob), { type: 'ClipMade', clipId, bytes: 70, durationMs: 1_000 })
  const running = await run(projection)
  await running.caughtUp()
  const vod = await reads.vod(vodId)
  assert.deepEqual(
    [vod?.title, vod?.bytes, vod?.durationMs, vod?.endedAt, vod?.isFinished],
    ['Coffee', 500, 10_000, null, false],
  )
  const chapters = await reads.chapters(vodId)
  assert.deepEqual(chapters.at(-1)?.title, 'Coffee')
  assert.equal((await reads.clip(clipId))?.state, 'made')
  const unset = { isOn: true, retentionDays: 0, clipRetentionDays: 0, quotaBytes: null, usedBytes: 570 }
  assert.deepEqual(await reads.settings(ann), unset)
  const settings = { isOn: false, retentionDays: 30, clipRetentionDays: 7, quotaBytes: 1_000 }
  await sayIn(ann, { type: 'RecordingsChanged', actor: ann, ...settings })
  await until(async () => !(await reads.settings(ann)).isOn)
  assert.deepEqual(await reads.settings(ann), { ...settings, usedBytes: 570 })

  const change = { type: 'VodChanged', vodId, actor: ann, title: 'Mine', visibility: 'unlisted' } as const
  await sayIn(ann, { ...change, audience: 'subscribers' })
  await until(async () => (await reads.vod(vodId))?.title === 'Mine')
  assert.deepEqual(await reads.vods({ channelId: ann, all: false, limit: 9 }), [], 'what is unlisted is in no list')
  assert.equal((await reads.vods({ channelId: ann, all: true, limit: 9 })).length, 1)
  assert.equal((await reads.clip(clipId))?.audience, 'subscribers')

  await sayIn(ann, { type: 'VodDeleted', vodId, actor: ann, reason: 'asked' })
  await until(async () => (await reads.vod(vodId)) === undefined)
  assert.equal((await reads.clip(clipId))?.audience, 'subscribers', 'a clip stays for those whom it was for')
})

test('of an erased person recordings go, and what they wrote elsewhere; a model built anew has none of it', async (t) => {
  const { projection, run, sayIn, reads, journal, accountRecord, sql, connect } = await setUp(t)
  const [own, other, clipId] = [uuidv7(), uuidv7(), uuidv7()]
  await sayIn(ann, called(ann, null, 'Tea'), recording(own), reported(own, 't1', 1), requested(uuidv7(), own, bob))
  await sayIn(bob, recording(other), called(ann, other, 'By Ann'), requested(clipId, other, ann))
  const running = await run(projection)
  await running.caughtUp()
  await journal.write('account', 0, [accountRecord(ann, [erased(ann)])])
  await until(async () => (await reads.vod(own)) === undefined)
  assert.deepEqual(await reads.clips({ channelId: ann, limit: 9 }), [])
  assert.equal((await reads.vod(other))?.title, null)
  assert.equal((await reads.clip(clipId))?.title, null)
  const late = uuidv7()
  await sayIn(ann, recording(late), reported(late, 't1', 1))
  await sayIn(bob, called(ann, other, 'Late'), { type: 'RecordingFinished', broadcastId: other, cause: 'whole' })
  await until(async () => (await reads.vod(other))?.isFinished === true)
  assert.equal(await reads.vod(late), undefined)
  assert.equal((await reads.vod(other))?.title, null)
  assert.equal((await rebuild({ ...journal, sql, connect, projection, logger: quiet })).hashEqual, true)
})
