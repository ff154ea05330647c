import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Sealed } from '#libs/contracts/sealed.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { createMemoryObjects } from '#libs/journal/objects/memory.ts'
import type { PackagerEvent } from '#libs/media/packager.ts'
import { initFile, pieceFile } from '#libs/media/recording/piece.ts'
import { lengthMs, placed } from '#libs/media/recording/timeline.ts'
import { decode } from '#libs/testing/decoded.ts'
import { encode } from '#libs/testing/encoded.ts'
import { ffmpegForTests } from '#libs/testing/ffmpeg.ts'
import { storeRecorded } from '#libs/testing/recorded.ts'
import { makeClip } from './clipper.ts'
import { joinBy } from './joiner.ts'
import { keeping } from './keeper.fixtures.ts'
import { readPieces } from './shelf.ts'

const t0 = 1_800_000_000_000
const [from, to] = ['media/1/vods/v/', 'media/1/clips/c/']
const never = new AbortController().signal
const [first, second] = [uuidv7(t0), uuidv7(t0 + 60_000)]

let ffmpeg: string
let sessions: readonly (readonly PackagerEvent[])[]
before(async () => {
  ffmpeg = await ffmpegForTests()
  // An encoder that came back after a minute, with smaller pictures and without sound.
  sessions = await Promise.all([
    encode({ ffmpeg, seconds: 6, epochMs: t0 }),
    encode({ ffmpeg, seconds: 6, size: '160x120', isSilent: true, epochMs: t0 + 60_000 }),
  ])
})

const recorded = async () => {
  const objects = createMemoryObjects()
  for (const [index, take] of [first, second].entries()) await storeRecorded(objects, from, sessions[index] ?? [], take)
  /** All of the clip, as a player would have it. */
  const clip = async () => {
    const pieces = await readPieces(objects, to)
    const files = [...new Set(pieces.flatMap((piece) => [initFile(piece.take, piece.init), pieceFile(piece)]))]
    const bytes = await Promise.all(files.map((file) => objects.get(to + file)))
    return { pieces, bytes: Buffer.concat(bytes.map((each) => each ?? assert.fail('it is there'))) }
  }
  return { objects, clip }
}

/** The last two seconds of the first session, and the first three of the other. */
const across = { from, to, fromMs: t0 + 4_100, toMs: t0 + 63_000 }

test('a clip within a session is a copy', async () => {
  const { objects, clip } = await recorded()
  const made = await makeClip(objects, { ...across, toMs: t0 + 6_000 }, undefined)
  const { pieces, bytes } = await clip()
  assert.deepEqual(made, { bytes: pieces[0]?.bytes, durationMs: lengthMs(pieces), problem: null })
  const original = await objects.list(from)
  for (const name of (await objects.list(to)).filter((each) => each.endsWith('.mp4')))
    assert.ok(original.includes(from + name.slice(to.length)))
  assert.equal((await decode(ffmpeg, bytes)).complaints, '')
})

test('a clip of two sessions is encoded anew as one, without a break', async () => {
  const { objects, clip } = await recorded()
  const { problem, durationMs } = await makeClip(objects, across, joinBy(ffmpeg, never))
  assert.equal(problem, null)
  const { pieces, bytes } = await clip()
  assert.ok(placed(pieces).every(({ isBreak }) => !isBreak))
  assert.equal(new Set(pieces.map((piece) => initFile(piece.take, piece.init))).size, 1)
  const { frames, seconds, complaints } = await decode(ffmpeg, bytes)
  assert.equal(complaints, '')
  // Both are cut at keyframes, which are a second apart.
  assert.ok(frames >= 5 * 30 && frames <= 7 * 30, `${frames} pictures`)
  assert.ok(Math.abs(durationMs / 1000 - frames / 30) < 0.2 && Math.abs(seconds - frames / 30) < 0.3)
  // Where the second session begins, its own time goes on.
  assert.ok((pieces[0]?.capturedAtMs ?? 0) < t0 + 10_000 && (pieces.at(-1)?.capturedAtMs ?? 0) > t0 + 60_000)
})

test('run again, it tells what it has made', async () => {
  const { objects } = await recorded()
  const made = await makeClip(objects, across, joinBy(ffmpeg, never))
  const names = await objects.list(to)
  assert.deepEqual(await makeClip(objects, across, undefined), made)
  assert.deepEqual(await objects.list(to), names)
})

test('what a run that was cut short has left is not in the clip', async () => {
  const { objects, clip } = await recorded()
  await storeRecorded(objects, to, sessions[1] ?? [], uuidv7())
  await makeClip(objects, { ...across, toMs: t0 + 6_000 }, undefined)
  assert.equal((await clip()).pieces.length, 1)
})

test('without an ffmpeg, or with one that fails, a clip of two sessions has its reason, and nothing is kept of it', async () => {
  const { objects } = await recorded()
  const nothing = { bytes: 0, durationMs: 0 }
  assert.deepEqual(await makeClip(objects, across, undefined), { ...nothing, problem: 'ffmpeg_missing' })
  const broken = await makeClip(objects, across, joinBy('/bin/false', never))
  assert.deepEqual(broken, { ...nothing, problem: 'ffmpeg_failed' })
  assert.deepEqual(await objects.list(to), [])
})

test('of a time of which nothing was recorded there is no clip', async () => {
  const { objects } = await recorded()
  const nothing = { bytes: 0, durationMs: 0, problem: 'nothing_recorded' }
  assert.deepEqual(await makeClip(objects, { ...across, fromMs: t0 + 20_000, toMs: t0 + 40_000 }, undefined), nothing)
})

test('the keeper tells what came of a clip, and its reason where there is none', async () => {
  const { objects } = await recorded()
  const keeper = keeping({ objects }, '1')
  const clip = { type: 'ClipRequested', clipId: 'c', vodId: 'v', actor: '1', title: Buffer.alloc(0) as Sealed } as const
  await keeper.after({ ...clip, fromMs: across.fromMs, toMs: across.toMs })
  await keeper.after({ ...clip, fromMs: t0, toMs: t0 + 2_000 })
  assert.deepEqual(
    keeper.sent.map((command) => command.type === 'FinishClip' && command.problem),
    ['ffmpeg_missing', null],
  )
})
