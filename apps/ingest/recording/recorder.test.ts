import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryObjects } from '#libs/journal/objects/memory.ts'
import { ObjectStoreError } from '#libs/journal/objects.ts'
import type { PackagerEvent } from '#libs/media/packager.ts'
import { pieceOf, piecesAmong } from '#libs/media/recording/piece.ts'
import { placed } from '#libs/media/recording/timeline.ts'
import { until } from '#libs/testing/until.ts'
import { createRecorder, type Recorded } from './recorder.ts'

const folder = 'media/1/vods/b/'
const take = '0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b'
const init: PackagerEvent = { type: 'init', init: { bytes: Buffer.from('init'), tracks: {} } }

const segment = (sequence: number, bytes = 10): PackagerEvent => ({
  type: 'segment',
  segment: {
    sequence,
    init: 0,
    startsAfterDiscontinuity: false,
    capturedAtMs: 1_800_000_000_000 + sequence * 2_000,
    parts: [{ bytes: Buffer.alloc(bytes, sequence), seconds: 2, isIndependent: true }],
    seconds: 2,
    isComplete: true,
  },
})

/** A store that can be away, and counts who tries. */
const store = () => {
  const objects = createMemoryObjects()
  const state = { isAway: false, tries: 0 }
  const put = async (name: string, bytes: Buffer): Promise<void> => {
    state.tries++
    if (state.isAway) throw new ObjectStoreError('object.store_away', 'away')
    await objects.put(name, bytes)
  }
  return { objects, state, put }
}

const recording = (mostWaitingBytes = 1_000) => {
  const { objects, state, put } = store()
  const reports: Recorded[] = []
  const away: unknown[] = []
  const recorder = createRecorder({
    objects: { put },
    folder,
    take,
    mostWaitingBytes,
    report: async (recorded) => void reports.push(recorded),
    onAway: (error) => away.push(error),
  })
  const kept = async () => piecesAmong(folder, await objects.list(folder)).map(({ sequence }) => sequence)
  return { objects, state, recorder, reports, away, kept }
}

test('segments are stored under names that a listing of the store is read by', async () => {
  const { objects, recorder, reports, kept } = recording()
  recorder.add([init, segment(7), segment(8)])
  await recorder.finish(1_000)
  assert.deepEqual(await kept(), [7, 8])
  const [name = ''] = (await objects.list(folder)).filter((each) => each.endsWith('.m4s'))
  assert.deepEqual(pieceOf(name.slice(folder.length)), {
    take,
    sequence: 7,
    init: 0,
    capturedAtMs: 1_800_000_014_000,
    durationMs: 2_000,
    bytes: 10,
    startsAfterDiscontinuity: false,
  })
  assert.deepEqual(await objects.get(`${folder}${take}/init-0.mp4`), Buffer.from('init'))
  assert.deepEqual(reports.at(-1), { take, segments: 2, bytes: 20, durationMs: 4_000, lostMs: 0 })
})

test('object store away: what memory holds is stored once it is back, the rest is told as lost', async () => {
  const { state, recorder, reports, away, kept } = recording(30)
  state.isAway = true
  recorder.add([init, segment(1), segment(2)])
  await until(() => state.tries > 1)
  assert.equal(away.length, 1, 'told once')
  recorder.add([segment(3), segment(4), segment(5)])
  await until(() => reports.at(-1)?.lostMs === 4_000)
  state.isAway = false
  await recorder.finish(5_000)
  assert.deepEqual(await kept(), [3, 4, 5])
  assert.deepEqual(reports.at(-1), { take, segments: 3, bytes: 30, durationMs: 6_000, lostMs: 4_000 })
  assert.deepEqual(
    recorder.pieces().map(({ sequence }) => sequence),
    [3, 4, 5],
  )
})

test('a store that does not come back is not waited for beyond the bound', async () => {
  const { state, recorder, reports } = recording()
  state.isAway = true
  recorder.add([init, segment(1)])
  await recorder.finish(150)
  assert.deepEqual(reports.at(-1), { take, segments: 0, bytes: 0, durationMs: 0, lostMs: 2_000 })
})

test('what comes after it was stopped is not stored, what came before is', async () => {
  const { recorder, kept } = recording()
  recorder.add([init, segment(1)])
  recorder.stop()
  recorder.add([segment(2)])
  await recorder.finish(1_000)
  assert.deepEqual(await kept(), [1])
})

test('a gap between segments is a break in the recording, and takes no time', async () => {
  const { objects, recorder } = recording()
  recorder.add([init, segment(1), segment(4)])
  await recorder.finish(1_000)
  const places = placed(piecesAmong(folder, await objects.list(folder)))
  assert.deepEqual(
    places.map(({ atSeconds, isBreak }) => [atSeconds, isBreak]),
    [
      [0, false],
      [2, true],
    ],
  )
})
