import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, test } from 'node:test'
import HLS from 'hls-parser'
import { ffmpegForTests } from '#libs/testing/ffmpeg.ts'
import { createFlvReader, type FlvTag } from '../flv/stream.ts'
import { parseVideoTag } from '../flv/tags.ts'
import { keyframeOf, picturesIn } from '../mp4/keyframe.ts'
import { createPackager } from '../packager.ts'
import { initFile, type Piece, pieceFile } from '../recording/piece.ts'
import { recordingPlaylist } from '../recording/playlist.ts'
import { placed } from '../recording/timeline.ts'
import { type Segment, segmentBytes } from '../rendition.ts'
import { iFramePlaylist } from './i-frame-playlist.ts'
import { type MediaPlaylist, mediaPlaylist } from './media-playlist.ts'
import { multivariantPlaylist } from './multivariant-playlist.ts'

HLS.setOptions({ strictMode: true })

const epochMs = Date.UTC(2026, 0, 1)
const [partSeconds, targetSeconds, partsOf] = [0.334, 2, 6]
const addresses = {
  init: (init: number) => `init-${init}.mp4`,
  keyframe: (sequence: number) => `key-${sequence}.mp4`,
  segment: (sequence: number) => `${sequence}.m4s`,
  part: (sequence: number, part: number) => `${sequence}.${part}.m4s`,
}

/** Fourteen segments of two seconds, the last with two parts so far; from the eighth on an encoder that came back. */
const segments: readonly Segment[] = Array.from({ length: 14 }, (_, index) => {
  const count = index === 13 ? 2 : partsOf
  const parts = Array.from({ length: count }, (_, part) => ({
    bytes: Buffer.alloc(1),
    seconds: 2 / partsOf,
    isIndependent: part === 0,
  }))
  return {
    sequence: 100 + index,
    init: index < 7 ? 0 : 1,
    startsAfterDiscontinuity: index === 7,
    capturedAtMs: epochMs + index * 2000,
    parts,
    seconds: parts.reduce((sum, { seconds }) => sum + seconds, 0),
    isComplete: index < 13,
  }
})

const live: MediaPlaylist = {
  segments,
  discontinuitySequence: 3,
  targetSeconds,
  partSeconds,
  hasEnded: false,
  reports: [{ uri: '../720p/source.m3u8', lastSequence: 113, lastPart: 1 }],
}
const whole = segments.filter(({ isComplete }) => isComplete)

const playlists = {
  live: mediaPlaylist(live, addresses),
  delta: mediaPlaylist(live, addresses, true),
  ended: mediaPlaylist({ ...live, segments: whole, hasEnded: true }, addresses),
  keyframes: iFramePlaylist({ ...live, segments: whole }, addresses),
} as const

const run = '0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b'
const piece = (index: number, changes: Partial<Piece> = {}): Piece => ({
  take: run,
  sequence: 100 + index,
  init: 0,
  capturedAtMs: epochMs + index * 2000,
  durationMs: 2000,
  bytes: 1,
  startsAfterDiscontinuity: false,
  ...changes,
})

/** An encoder that came back with other parameters, then another run of an ingest app, with a longer segment. */
const sessions = placed([
  piece(0),
  piece(1),
  piece(40, { startsAfterDiscontinuity: true, init: 1 }),
  piece(41, { init: 1 }),
  piece(0, { take: run.replace('0199', '0200'), durationMs: 2480, capturedAtMs: epochMs + 200_000 }),
])

const recorded = (isFinished: boolean): string =>
  recordingPlaylist({
    pieces: sessions,
    isFinished,
    address: (file) => file,
    initOf: ({ take, init }) => initFile(take, init),
    fileOf: pieceFile,
  })
const recordings = { finished: recorded(true), growing: recorded(false) } as const

const lines = (text: string, tag: string): readonly string[] => text.split('\n').filter((line) => line.startsWith(tag))
const numbers = (text: string, pattern: RegExp): readonly number[] =>
  [...text.matchAll(pattern)].map(([, n]) => Number(n))
const attribute = (text: string, name: string): number => Number(new RegExp(`${name}=([0-9.]+)`).exec(text)?.[1])

/** What Apple's specifications ask of playlists: where it stands, and how it is seen. */
const rules: readonly (readonly [string, (text: typeof playlists) => boolean])[] = [
  ['4.4.1.1: EXTM3U is the first line', (of) => Object.values(of).every((text) => text.startsWith('#EXTM3U\n'))],
  [
    '4.4.1.2: a version that knows of skips',
    ({ live, delta }) => [live, delta].every((text) => text.includes('#EXT-X-VERSION:9\n')),
  ],
  [
    '4.4.3.1: no segment is longer than the target, rounded',
    (of) =>
      Object.values(of).every((text) =>
        numbers(text, /#EXTINF:([0-9.]+)/g).every((n) => Math.round(n) <= targetSeconds),
      ),
  ],
  [
    '4.4.3.2: the number of the first segment',
    (of) => Object.values(of).every((text) => text.includes('#EXT-X-MEDIA-SEQUENCE:100\n')),
  ],
  [
    '4.4.3.3: discontinuities that were let go are counted',
    (of) => Object.values(of).every((text) => text.includes('#EXT-X-DISCONTINUITY-SEQUENCE:3\n')),
  ],
  ['4.4.3.7: PART-INF where there are parts', ({ live }) => lines(live, '#EXT-X-PART-INF:').length === 1],
  ['4.4.3.8: blocking reload', ({ live }) => live.includes('CAN-BLOCK-RELOAD=YES')],
  ['4.4.3.8: HOLD-BACK is three targets or more', ({ live }) => attribute(live, '[^-]HOLD-BACK') >= 3 * targetSeconds],
  [
    '4.4.3.8: PART-HOLD-BACK is three part targets or more',
    ({ live }) => attribute(live, 'PART-HOLD-BACK') >= 3 * partSeconds,
  ],
  [
    '4.4.3.8: the skip boundary is six targets or more',
    ({ live }) => attribute(live, 'CAN-SKIP-UNTIL') >= 6 * targetSeconds,
  ],
  [
    '4.4.4.3: a discontinuity before the encoder that came back',
    ({ live }) => /\n#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="init-1\.mp4"\n(?:#.*\n)*107\.m4s/.test(live),
  ],
  [
    '4.4.4.5: an init segment before the first segment',
    ({ live }) => live.indexOf('#EXT-X-MAP:URI="init-0.mp4"') < live.indexOf('100.m4s'),
  ],
  [
    '4.4.4.6: a time of day for every segment, to the millisecond',
    ({ live }) => lines(live, '#EXT-X-PROGRAM-DATE-TIME:').length === 14 && /TIME:2026-01-01T00:00:02\.000Z/.test(live),
  ],
  [
    '4.4.4.9: no part is longer than the part target',
    ({ live }) => numbers(live, /PART:DURATION=([0-9.]+)/g).every((n) => n <= partSeconds),
  ],
  [
    '4.4.4.9: parts but the last of a segment are 85 % of the target or more',
    ({ live }) => numbers(live, /PART:DURATION=([0-9.]+)/g).every((n) => n >= 0.85 * partSeconds),
  ],
  [
    '4.4.4.9: parts are listed for three target durations and no more',
    ({ live }) => lines(live, '#EXT-X-PART:').length === 2 * partsOf + 2,
  ],
  [
    '4.4.4.9: what can be begun with is marked',
    ({ live }) => lines(live, '#EXT-X-PART:').filter((line) => line.endsWith('INDEPENDENT=YES')).length === 3,
  ],
  [
    '4.4.5.2: a delta leaves out what is older than the boundary',
    ({ delta }) =>
      lines(delta, '#EXT-X-SKIP:SKIPPED-SEGMENTS=7').length === 1 &&
      !delta.includes('106.m4s') &&
      delta.includes('107.m4s'),
  ],
  [
    '4.4.5.3: the part that comes next is hinted at',
    ({ live }) => live.includes('#EXT-X-PRELOAD-HINT:TYPE=PART,URI="113.2.m4s"\n'),
  ],
  [
    '4.4.5.4: a report of every other rendition',
    ({ live }) => live.includes('#EXT-X-RENDITION-REPORT:URI="../720p/source.m3u8",LAST-MSN=113,LAST-PART=1\n'),
  ],
  [
    '4.4.3.4: what has ended says so, and hints at nothing',
    ({ ended }) => ended.endsWith('#EXT-X-ENDLIST\n') && !/PRELOAD-HINT|RENDITION-REPORT|#EXT-X-PART:/.test(ended),
  ],
  [
    '4.4.3.6: keyframes alone, by the numbers of their segments',
    ({ keyframes }) => keyframes.includes('#EXT-X-I-FRAMES-ONLY\n') && lines(keyframes, 'key-').length === 13,
  ],
]

/** As above, of recordings. */
const recordingRules: readonly (readonly [string, (text: typeof recordings) => boolean])[] = [
  ['4.4.1.1: EXTM3U is the first line', (of) => Object.values(of).every((text) => text.startsWith('#EXTM3U\n'))],
  [
    '4.4.1.2: a version that knows of init segments, 6 or more',
    (of) => Object.values(of).every((text) => Number(/#EXT-X-VERSION:(\d+)/.exec(text)?.[1]) >= 6),
  ],
  [
    '4.4.3.1: no segment is longer than the target, rounded',
    (of) =>
      Object.values(of).every((text) => {
        const target = Number(/#EXT-X-TARGETDURATION:(\d+)\n/.exec(text)?.[1])
        return numbers(text, /#EXTINF:([0-9.]+)/g).every((n) => Math.round(n) <= target)
      }),
  ],
  ['4.4.3.2: what never loses a segment begins at 0', ({ growing }) => growing.includes('#EXT-X-MEDIA-SEQUENCE:0\n')],
  ['4.4.3.3: and so counts no discontinuities before it', ({ growing }) => !growing.includes('DISCONTINUITY-SEQUENCE')],
  [
    '4.4.3.4: what has ended says so, what grows does not',
    ({ finished, growing }) => finished.endsWith('#EXT-X-ENDLIST\n') && !growing.includes('ENDLIST'),
  ],
  [
    '4.4.3.5: VOD is never changed, EVENT is only added to',
    ({ finished, growing }) =>
      finished.includes('#EXT-X-PLAYLIST-TYPE:VOD\n') &&
      growing.includes('#EXT-X-PLAYLIST-TYPE:EVENT\n') &&
      finished.replace('TYPE:VOD', 'TYPE:EVENT').startsWith(growing),
  ],
  [
    '4.4.4.3: a discontinuity where parameters or clocks change, and nowhere else',
    ({ finished }) => lines(finished, '#EXT-X-DISCONTINUITY').length === 2,
  ],
  [
    '4.4.4.5: each session has its init segment, named before its first segment',
    ({ finished }) =>
      lines(finished, '#EXT-X-MAP:').length === 3 &&
      /#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI=".*init-1\.mp4"/.test(finished),
  ],
  [
    '4.4.4.6: the time of day behind every discontinuity',
    ({ finished }) =>
      lines(finished, '#EXT-X-PROGRAM-DATE-TIME:').length === 3 && finished.includes('TIME:2026-01-01T00:03:20.000Z\n'),
  ],
  [
    '4.4.4.9, 4.4.5.3: no parts and no hints in what is not live',
    (of) => Object.values(of).every((text) => !/EXT-X-PART|PRELOAD-HINT|SERVER-CONTROL/.test(text)),
  ],
]

describe('playlists of recordings hold to the rules of HLS (RFC 8216bis)', () => {
  for (const [rule, holds] of recordingRules) test(rule, () => assert.ok(holds(recordings)))

  test('and a parser that is strict takes them, with every session', () => {
    for (const text of Object.values(recordings)) {
      const parsed = HLS.parse(text)
      assert.ok(!parsed.isMasterPlaylist)
      assert.deepEqual(
        parsed.segments.map(({ discontinuity }) => discontinuity ?? false),
        [false, false, true, false, true],
      )
    }
  })
})

describe('playlists hold to the rules of HLS (RFC 8216bis)', () => {
  for (const [rule, holds] of rules) test(rule, () => assert.ok(holds(playlists)))

  test('and a parser that is strict takes all of them', () => {
    for (const text of Object.values(playlists)) assert.ok(HLS.parse(text))
  })

  test('a segment that had to begin without a keyframe is a gap among keyframes, and keeps its number', () => {
    const [first, second] = whole
    assert.ok(first && second)
    const without = { ...second, parts: second.parts.map((part) => ({ ...part, isIndependent: false })) }
    const text = iFramePlaylist({ ...live, segments: [first, without] }, addresses)
    assert.match(text, /key-100\.mp4\n.*\n#EXT-X-GAP\n#EXTINF:2\.00000,\nkey-101\.mp4\n/)
  })
})

test('a multivariant playlist tells of each variant what players choose by, and of its keyframes', () => {
  const video = { codec: 'avc1.64001f', width: 1280, height: 720, record: Buffer.alloc(0) }
  const audio = { codec: 'mp4a.40.2', samplesPerSecond: 48_000, channels: 2, record: Buffer.alloc(0) }
  const text = multivariantPlaylist([
    {
      uri: 'source.m3u8',
      tracks: { video, audio },
      peakBitsPerSecond: 3_200_000,
      averageBitsPerSecond: 3_000_000,
      framesPerSecond: 30,
      keyframes: { uri: 'keyframes.m3u8', bitsPerSecond: 250_000 },
    },
  ])
  const parsed = HLS.parse(text)
  assert.ok(parsed.isMasterPlaylist)
  const [variant, keyframes] = parsed.variants
  assert.deepEqual(
    [variant?.bandwidth, variant?.averageBandwidth, variant?.codecs, variant?.frameRate, variant?.resolution],
    [3_200_000, 3_000_000, 'avc1.64001f,mp4a.40.2', 30, { width: 1280, height: 720 }],
  )
  assert.deepEqual([keyframes?.uri, keyframes?.isIFrameOnly, keyframes?.bandwidth], ['keyframes.m3u8', true, 250_000])
})

test('a keyframe alone is one picture that a decoder reads without a complaint', async () => {
  const ffmpeg = await ffmpegForTests()
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=30:duration=1', '-c:v', 'libx264', '-bf', '2']
  const encoder = spawn(ffmpeg, ['-v', 'error', '-nostdin', ...source, '-f', 'flv', 'pipe:1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const reader = createFlvReader()
  const tags: FlvTag[] = []
  encoder.stdout.on('data', (bytes: Buffer) => {
    for (const tag of reader.push(bytes)) tags.push({ ...tag, payload: Buffer.from(tag.payload) })
  })
  await once(encoder, 'close')
  const packager = createPackager({ partSeconds, segmentSeconds: 2, longestSegmentSeconds: 2.49, epochMs })
  const events = [
    ...tags.flatMap(({ payload, timestamp }) => packager.video(parseVideoTag(payload), timestamp)),
    ...packager.flush(),
  ]
  const [init] = events.flatMap((event) => (event.type === 'init' ? [event.init.bytes] : []))
  const [segment] = events.flatMap((event) => (event.type === 'segment' ? [event.segment] : []))
  const [first, second] = segment?.parts ?? []
  assert.ok(init && segment && first && second)
  assert.equal(picturesIn(segmentBytes(segment)), 30)
  assert.equal(keyframeOf(second.bytes), undefined)
  const keyframe = keyframeOf(first.bytes)
  assert.ok(keyframe && keyframe.length < first.bytes.length)
  const decoder = execFile(ffmpeg, ['-v', 'warning', '-i', 'pipe:0', '-f', 'null', '-progress', 'pipe:1', '-'])
  let [out, complaints] = ['', '']
  decoder.stdout?.on('data', (text) => {
    out += text
  })
  decoder.stderr?.on('data', (text) => {
    complaints += text
  })
  decoder.stdin?.end(Buffer.concat([init, keyframe]))
  await once(decoder, 'close')
  assert.deepEqual([/frame=\s*(\d+)/.exec(out)?.[1], complaints], ['1', ''])
})
