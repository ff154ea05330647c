import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import HLS from 'hls-parser'
import { decode } from '#libs/testing/decoded.ts'
import { encode } from '#libs/testing/encoded.ts'
import { ffmpegForTests } from '#libs/testing/ffmpeg.ts'
import { type ProgressiveFile, progressiveFile, type SourceSegment } from '../mp4/progressive/file.ts'
import { fileRange } from '../mp4/progressive/range.ts'
import { fragmentsOf } from '../mp4/read.ts'
import { type Segment, segmentBytes } from '../rendition.ts'
import { initFile, type Piece, pieceFile, pieceOf, piecesAmong } from './piece.ts'
import { recordingPlaylist } from './playlist.ts'
import { capturedAt, placed, playedAt } from './timeline.ts'
import { trimSegment } from './trim.ts'

const take = '0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b'
const t0 = 1_800_000_000_000

const piece = (sequence: number, changes: Partial<Piece> = {}): Piece => ({
  take,
  sequence,
  init: 0,
  capturedAtMs: t0 + sequence * 2_000,
  durationMs: 2_000,
  bytes: 1_000,
  startsAfterDiscontinuity: false,
  ...changes,
})

/** Three segments, a gap of a minute, two more. */
const session = placed([
  piece(1),
  piece(2),
  piece(3),
  piece(33, { startsAfterDiscontinuity: true, init: 1 }),
  piece(34, { init: 1 }),
])

test('the name of a piece says all of it', () => {
  fc.assert(
    fc.property(
      fc.record({
        take: fc.uuid(),
        sequence: fc.nat(),
        init: fc.nat(1_000),
        capturedAtMs: fc.nat(2_000_000_000_000),
        durationMs: fc.nat(20_000),
        bytes: fc.nat(),
        startsAfterDiscontinuity: fc.boolean(),
      }),
      (any) => assert.deepEqual(pieceOf(pieceFile(any)), { ...any }),
    ),
  )
  assert.equal(pieceOf(initFile(take, 0)), undefined)
})

test('pieces are in the order in which they are played, whatever else lies there', () => {
  const folder = 'media/1/vods/b/'
  const later = 'ffffffff-c3d4-7e5f-8a9b-0c1d2e3f4a5b'
  const pieces = [piece(9), piece(100), piece(1, { take: later })]
  const names = pieces.map((each) => folder + pieceFile(each))
  assert.deepEqual(piecesAmong(folder, [...names.toReversed(), `${folder}index`, 'media/1/vods/c/x']), pieces)
})

test('seconds of the video and times of the day are found from each other, around what was lost', () => {
  assert.equal(capturedAt(session, 0), t0 + 2_000)
  assert.equal(capturedAt(session, 5.5), t0 + 7_500)
  assert.equal(capturedAt(session, 6.5), t0 + 66_500)
  assert.equal(capturedAt(session, 99), t0 + 70_000)
  assert.equal(playedAt(session, t0 + 7_500), 5.5)
  assert.equal(playedAt(session, t0 + 40_000), 6, 'what happened in the gap stands where it goes on')
  assert.equal(playedAt(session, t0 + 66_500), 6.5)
  assert.equal(playedAt(session, 0), 0)
  assert.equal(capturedAt([], 1), undefined)
})

test('the playlist of a recording has its breaks, its init segments, and an end once there is one', () => {
  const text = (isFinished: boolean) =>
    recordingPlaylist({
      pieces: session,
      isFinished,
      address: (file) => `x/${file}`,
      initOf: ({ take: of, init }) => initFile(of, init),
      fileOf: pieceFile,
    })
  const parsed = HLS.parse(text(true))
  assert.ok(!parsed.isMasterPlaylist)
  assert.equal(parsed.playlistType, 'VOD')
  assert.equal(parsed.endlist, true)
  assert.deepEqual(
    parsed.segments.map(({ discontinuity, duration }) => [discontinuity ?? false, duration]),
    [false, false, false, true, false].map((isBreak) => [isBreak, 2]),
  )
  assert.deepEqual(
    parsed.segments.map(({ map }) => map?.uri),
    [0, 0, 0, 1, 1].map((init) => `x/${take}/init-${init}.mp4`),
  )
  assert.equal(parsed.segments[3]?.programDateTime?.getTime(), t0 + 66_000)
  assert.match(text(false), /PLAYLIST-TYPE:EVENT/)
  assert.doesNotMatch(text(false), /ENDLIST/)
})

let ffmpeg: string
before(async () => {
  ffmpeg = await ffmpegForTests()
})

/** What a real encoder makes of so many seconds, packaged. */
const record = async (seconds: number, size: string): Promise<{ init: Buffer; segments: readonly Segment[] }> => {
  const events = await encode({ ffmpeg, seconds, size, betweenFrames: 2, epochMs: t0 })
  const init = events.flatMap((event) => (event.type === 'init' ? [event.init.bytes] : [])).at(-1)
  assert.ok(init)
  return { init, segments: events.flatMap((event) => (event.type === 'segment' ? [event.segment] : [])) }
}

const sourceOf = (initName: string, init: Buffer, segment: Buffer, isBreak: boolean): SourceSegment => ({
  initName,
  init: async () => init,
  bytes: async () => segment,
  isBreak,
})

const bytesOf = (file: ProgressiveFile, segments: readonly Buffer[], from: number, to: number): Buffer => {
  const { head, reads } = fileRange(file, from, to)
  const read = reads.flatMap(({ segment, from: first, to: last, slices }) => {
    const bytes = segments[segment]?.subarray(first, last) ?? Buffer.alloc(0)
    return slices.map((slice) => bytes.subarray(slice.from - first, slice.to - first))
  })
  return Buffer.concat([head, ...read])
}

test('segments become one MP4 file that plays while it loads, without a frame lost', async () => {
  const { init, segments } = await record(5, '320x180')
  const file = await progressiveFile(segments.map((each) => sourceOf('a', init, segmentBytes(each), false)))
  assert.ok(file)
  const parts = segments.map(segmentBytes)
  const bytes = bytesOf(file, parts, 0, file.bytes)
  assert.equal(bytes.length, file.bytes)
  assert.ok(bytes.indexOf('moov') < bytes.indexOf('mdat'))
  const { frames, seconds, complaints } = await decode(ffmpeg, bytes)
  assert.equal(complaints, '')
  assert.equal(frames, 150)
  assert.ok(Math.abs(seconds - 5) < 0.2, `${seconds} s`)
})

test('sessions of other parameters follow each other in the file, and what lies between takes no time', async () => {
  const [one, other] = [await record(2, '320x180'), await record(2, '320x180')]
  const sources = [
    ...one.segments.map((each) => sourceOf('a', one.init, segmentBytes(each), false)),
    ...other.segments.map((each, index) => sourceOf('b', other.init, segmentBytes(each), index === 0)),
  ]
  const file = await progressiveFile(sources)
  assert.ok(file)
  const parts = [...one.segments, ...other.segments].map(segmentBytes)
  const { frames, seconds, complaints } = await decode(ffmpeg, bytesOf(file, parts, 0, file.bytes))
  assert.equal(complaints, '')
  assert.equal(frames, 120)
  assert.ok(Math.abs(seconds - 4) < 0.2, `${seconds} s`)
})

test('any range of the file is read from the segments that it lies in, and from no others', async () => {
  const { init, segments } = await record(5, '320x180')
  const parts = segments.map(segmentBytes)
  const file = await progressiveFile(parts.map((each) => sourceOf('a', init, each, false)))
  assert.ok(file)
  const whole = bytesOf(file, parts, 0, file.bytes)
  fc.assert(
    fc.property(fc.nat(file.bytes), fc.nat(file.bytes), (one, other) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)]
      assert.ok(bytesOf(file, parts, from, to).equals(whole.subarray(from, to)), `${from} to ${to}`)
    }),
  )
  const { reads } = fileRange(file, file.bytes - 10, file.bytes)
  assert.deepEqual(
    reads.map(({ segment, from, to }) => [segment, to - from]),
    [[segments.length - 1, 10]],
  )
})

test('of nothing there is no file', async () => {
  assert.equal(await progressiveFile([]), undefined)
})

test('a segment is cut at the keyframe before the moment that is asked for', async () => {
  const { segments } = await record(4, '320x180')
  const [first] = segments
  assert.ok(first)
  const bytes = segmentBytes(first)
  const whole = trimSegment(bytes, first.seconds * 1000, 0, 10_000)
  assert.deepEqual(whole.bytes, bytes)
  const late = trimSegment(bytes, first.seconds * 1000, 1_500, 10_000)
  assert.equal(late.skippedMs, 1_000, 'keyframes are a second apart')
  assert.equal(late.durationMs, 1_000)
  assert.equal(fragmentsOf(late.bytes)[0]?.runs[0]?.isSync[0], true)
  const early = trimSegment(bytes, first.seconds * 1000, 0, 500)
  assert.ok(early.durationMs >= 500 && early.durationMs < 900, `${early.durationMs} ms`)
  assert.equal(early.skippedMs, 0)
})
