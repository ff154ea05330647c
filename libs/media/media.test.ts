import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import HLS from 'hls-parser'
import { ffmpegForTests } from '#libs/testing/ffmpeg.ts'
import { plainAudio, plainVideo } from './flv/plain.ts'
import { createFlvReader, encodeFlvTag, type FlvTag, flvHeader } from './flv/stream.ts'
import { parseAudioTag, parseVideoTag } from './flv/tags.ts'
import { type Addresses, type MediaPlaylist, mediaPlaylist } from './hls/media-playlist.ts'
import { multivariantPlaylist } from './hls/multivariant-playlist.ts'
import { createLiveWindow, type LiveWindow } from './live-window.ts'
import { MediaError } from './media-error.ts'
import { createPackager, type Packager, type PackagerEvent } from './packager.ts'
import { type Part, type Segment, segmentBytes } from './rendition.ts'

/** Whatever a playlist has that it should not is an error. */
HLS.setOptions({ strictMode: true })

const run = promisify(execFile)

const epochMs = Date.UTC(2026, 0, 1)
const cut = { partSeconds: 0.334, segmentSeconds: 2, longestSegmentSeconds: 2.49, epochMs }

const addresses: Addresses = {
  init: (init) => `init-${init}.mp4`,
  segment: (sequence) => `${sequence}.m4s`,
  part: (sequence, part) => `${sequence}.${part}.m4s`,
}

const feed = (packager: Packager, tags: readonly FlvTag[], shiftMs = 0): readonly PackagerEvent[] =>
  tags.flatMap(({ type, timestamp, payload }) =>
    type === 'video'
      ? packager.video(parseVideoTag(payload), timestamp + shiftMs)
      : packager.audio(parseAudioTag(payload), timestamp + shiftMs),
  )

const segmentsOf = (events: readonly PackagerEvent[]): readonly Segment[] =>
  events.flatMap((event) => (event.type === 'segment' ? [event.segment] : []))

const initsOf = (events: readonly PackagerEvent[]): readonly Buffer[] =>
  events.flatMap((event) => (event.type === 'init' ? [event.init.bytes] : []))

const playlistOf = (window: LiveWindow, changes: Partial<MediaPlaylist> = {}): MediaPlaylist => ({
  segments: window.segments(),
  discontinuitySequence: window.discontinuitySequence(),
  targetSeconds: 2,
  partSeconds: cut.partSeconds,
  hasEnded: window.hasEnded(),
  reports: [],
  ...changes,
})

describe('what a real encoder sends', () => {
  let ffmpeg: string

  const encode = async (args: readonly string[]): Promise<readonly FlvTag[]> => {
    const child = spawn(ffmpeg, ['-v', 'error', '-nostdin', ...args, '-f', 'flv', 'pipe:1'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const reader = createFlvReader()
    const tags: FlvTag[] = []
    child.stdout.on('data', (bytes: Buffer) =>
      tags.push(...reader.push(bytes).map((tag) => ({ ...tag, payload: Buffer.from(tag.payload) }))),
    )
    const [code] = await once(child, 'close')
    assert.equal(code, 0)
    return tags
  }

  const picture = (seconds: number, fps: number, keyEvery: number, size = '320x180') => [
    ...['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${fps}:duration=${seconds}`],
    ...['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=44100:duration=${seconds}`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', String(keyEvery), '-sc_threshold', '0', '-bf', '2'],
    ...['-c:a', 'aac', '-ac', '2'],
  ]

  /** Frames of video and of sound that a decoder finds in it, and what it complains of. */
  const decode = async (bytes: Buffer): Promise<{ video: number; complaints: string }> => {
    const args = ['-v', 'warning', '-nostdin', '-i', 'pipe:0', '-map', '0', '-f', 'null', '-progress', 'pipe:1', '-']
    const child = execFile(
      ffmpeg,
      args.filter((arg) => arg !== '-nostdin'),
    )
    let out = ''
    let complaints = ''
    child.stdout?.on('data', (text) => {
      out += text
    })
    child.stderr?.on('data', (text) => {
      complaints += text
    })
    child.stdin?.end(bytes)
    await once(child, 'close')
    return { video: Number([...out.matchAll(/frame=\s*(\d+)/g)].at(-1)?.[1] ?? 0), complaints }
  }

  before(async () => {
    ffmpeg = await ffmpegForTests()
    await run(ffmpeg, ['-version'])
  })

  test('is cut at keyframes into segments that a decoder reads whole, without a complaint', async () => {
    const tags = await encode(picture(7, 30, 30))
    const packager = createPackager(cut)
    const events = [...feed(packager, tags), ...packager.flush()]
    const segments = segmentsOf(events)
    assert.deepEqual(
      segments.map(({ seconds }) => Math.round(seconds)),
      [2, 2, 2, 1],
    )
    assert.ok(segments.every(({ parts }) => parts[0]?.isIndependent))
    const parts: readonly Part[] = segments.flatMap(({ parts }) => parts)
    assert.ok(parts.every(({ seconds }) => seconds <= cut.partSeconds))
    // All but the last of a segment fill the target to 85% (RFC 8216bis, section 4.4.4.9).
    const inner = segments.flatMap(({ parts }) => parts.slice(0, -1))
    assert.ok(inner.every(({ seconds }) => seconds >= 0.85 * cut.partSeconds))
    const decoded = await decode(Buffer.concat([...initsOf(events), ...segments.map(segmentBytes)]))
    assert.deepEqual(decoded, { video: 210, complaints: '' })
  })

  test('is cut between keyframes where they are too far apart, below the target that was told', async () => {
    const tags = await encode(picture(6, 25, 250))
    const packager = createPackager(cut)
    const segments = segmentsOf([...feed(packager, tags), ...packager.flush()])
    assert.ok(segments.every(({ seconds }) => seconds < 2.5))
    assert.deepEqual(
      segments.map(({ parts }) => parts[0]?.isIndependent),
      [true, false, false],
    )
  })

  test('is sound alone: every part can be begun with', async () => {
    const tags = await encode(['-f', 'lavfi', '-i', 'sine=duration=5:sample_rate=48000', '-c:a', 'aac'])
    const packager = createPackager(cut)
    const events = [...feed(packager, tags), ...packager.flush()]
    const segments = segmentsOf(events)
    assert.equal(segments.length, 3)
    assert.ok(segments.every(({ parts }) => parts.every(({ isIndependent }) => isIndependent)))
    const decoded = await decode(Buffer.concat([...initsOf(events), ...segments.map(segmentBytes)]))
    assert.equal(decoded.complaints, '')
  })

  test('changes its size: a discontinuity with an init segment of its own', async () => {
    const [small, large] = [await encode(picture(3, 30, 30)), await encode(picture(3, 30, 30, '640x360'))]
    const packager = createPackager(cut)
    const events = [...feed(packager, small), ...feed(packager, large, 3000), ...packager.flush()]
    const window = createLiveWindow({ seconds: 30, waiters: 10 })
    window.add(events)
    assert.deepEqual(
      [window.init(0), window.init(1)].map((init) => init?.tracks.video?.width),
      [320, 640],
    )
    const text = mediaPlaylist(playlistOf(window), addresses)
    const found = HLS.parse(text)
    assert.ok(!found.isMasterPlaylist)
    const second = found.segments.find(({ discontinuity }) => discontinuity)
    assert.equal(second?.map?.uri, 'init-1.mp4')
    assert.equal(found.segments.filter(({ discontinuity }) => discontinuity).length, 1)
  })

  test('jumps in time, forward and back: each a discontinuity, and nothing stalls', async () => {
    const tags = await encode(picture(3, 30, 30))
    for (const shift of [3000 + 60_000, -1000]) {
      const packager = createPackager(cut)
      const events = [...feed(packager, tags), ...feed(packager, tags, shift), ...packager.flush()]
      const segments = segmentsOf(events)
      assert.equal(segments.filter(({ startsAfterDiscontinuity }) => startsAfterDiscontinuity).length, 1)
      const frames = await Promise.all(
        [0, 1].map((half) => {
          const from = segments.findIndex(({ startsAfterDiscontinuity }) => startsAfterDiscontinuity)
          const some = half === 0 ? segments.slice(0, from) : segments.slice(from)
          return decode(Buffer.concat([...initsOf(events), ...some.map(segmentBytes)]))
        }),
      )
      assert.deepEqual(
        frames.map(({ video }) => video),
        [90, 90],
      )
    }
  })

  test('comes with stamps of sound that are rounded: its clock goes on by samples, without gap or overlap', async () => {
    const tags = await encode(picture(4, 30, 30))
    const packager = createPackager(cut)
    const events = [...feed(packager, tags), ...packager.flush()]
    const bytes = Buffer.concat(segmentsOf(events).map(segmentBytes))
    const times = audioTimes(bytes)
    for (const [index, { decodeTime, samples }] of times.entries())
      if (index + 1 < times.length) assert.equal(times[index + 1]?.decodeTime, decodeTime + samples * 1024)
    assert.ok(times.length > 8)
  })

  test('has pictures that stop while the sound goes on: no more is kept than a picture may follow', async () => {
    const tags = await encode(picture(1, 30, 30))
    const packager = createPackager(cut)
    const sound = tags.findLast(({ type }) => type === 'audio') ?? assert.fail('no sound')
    const before = feed(packager, tags)
    const alone = Array.from({ length: 20_000 }, (_, index) => ({ ...sound, timestamp: 1_000 + index * 23 }))
    assert.ok(feed(packager, alone).length <= 1)
    const bytes = [...before, ...packager.flush()].flatMap((event) => (event.type === 'part' ? [event.part.bytes] : []))
    assert.ok(bytes.reduce((sum, { length }) => sum + length, 0) < 600 * sound.payload.length + 200_000)
  })

  test('goes through FLV and back unchanged', async () => {
    const tags = await encode(picture(1, 30, 30))
    const bytes = Buffer.concat([flvHeader(), ...tags.map(encodeFlvTag)])
    const reader = createFlvReader()
    const read: FlvTag[] = []
    for (let at = 0; at < bytes.length; at += 777)
      read.push(
        ...reader.push(bytes.subarray(at, at + 777)).map((tag) => ({ ...tag, payload: Buffer.from(tag.payload) })),
      )
    assert.deepEqual(read, tags)
  })

  test('is listed as HLS has it: parts near the end, a hint, deltas, and its end', async () => {
    const tags = await encode(picture(20, 10, 10))
    const packager = createPackager(cut)
    const window = createLiveWindow({ seconds: 30, waiters: 10 })
    const end = tags.findLastIndex(({ timestamp }) => timestamp < 19_000)
    window.add(feed(packager, tags.slice(0, end)))
    const playlist = playlistOf(window, { reports: [{ uri: '../low/live.m3u8', lastSequence: 9, lastPart: 2 }] })
    const whole = HLS.parse(mediaPlaylist(playlist, addresses))
    assert.ok(!whole.isMasterPlaylist)
    assert.equal(whole.targetDuration, 2)
    assert.equal(whole.lowLatencyCompatibility?.canBlockReload, true)
    assert.equal(whole.mediaSequenceBase, 0)
    assert.ok(whole.segments.slice(0, -5).every(({ parts }) => parts.length === 0))
    assert.ok((whole.segments.at(-2)?.parts.length ?? 0) > 5)
    assert.equal(whole.renditionReports[0]?.lastMSN, 9)
    const delta = mediaPlaylist(playlist, addresses, true)
    const skipped = Number(/SKIPPED-SEGMENTS=(\d+)/.exec(delta)?.[1])
    assert.ok(skipped > 0)
    assert.ok(
      !delta.includes(`\n${addresses.segment(skipped - 1)}`) && delta.includes(`\n${addresses.segment(skipped)}`),
    )
    const open = window.segments().at(-1)
    assert.ok(open && !open.isComplete)
    assert.ok(delta.includes(`PRELOAD-HINT:TYPE=PART,URI="${open.sequence}.${open.parts.length}.m4s"`))
    window.add([...feed(packager, tags.slice(end)), ...packager.flush()])
    window.end()
    const ended = HLS.parse(mediaPlaylist(playlistOf(window), addresses))
    assert.ok(!ended.isMasterPlaylist && ended.endlist)
    const tracks = window.init(0)?.tracks ?? {}
    const master = HLS.parse(
      multivariantPlaylist([
        { uri: 'source.m3u8', tracks, peakBitsPerSecond: 900_000, averageBitsPerSecond: 800_000, framesPerSecond: 10 },
      ]),
    )
    assert.ok(master.isMasterPlaylist)
    assert.deepEqual(master.variants[0]?.resolution, { width: 320, height: 180 })
    assert.match(master.variants[0]?.codecs ?? '', /^avc1\.[0-9a-f]{6},mp4a\.40\.2$/)
  })

  test('sound of another time than the pictures is left out, and is there again once it comes with them', async () => {
    const tags = await encode(picture(6, 10, 10, '160x90'))
    const strayed = tags.map((tag) => {
      const isFar = tag.type === 'audio' && tag.timestamp > 2_000 && tag.timestamp < 4_000
      return isFar ? { ...tag, timestamp: tag.timestamp + 2 ** 31 } : tag
    })
    const packager = createPackager(cut)
    const segments = segmentsOf([...feed(packager, strayed), ...packager.flush()])
    const heard = segments.flatMap((segment) => audioTimes(segmentBytes(segment)))
    const seconds = heard.map(({ decodeTime }) => decodeTime / 44_100)
    assert.ok(seconds.every((at) => at < 7))
    assert.ok(seconds.some((at) => at > 4))
    const samples = heard.reduce((sum, each) => sum + each.samples, 0)
    assert.ok(Math.abs((samples * 1024) / 44_100 - 4) < 0.3, `${samples} frames`)
  })
})

/** First decode time and number of samples of each run of sound, read from the boxes. */
const audioTimes = (bytes: Buffer): { decodeTime: number; samples: number }[] => {
  const found: { decodeTime: number; samples: number }[] = []
  const children = (content: Buffer): { type: string; content: Buffer }[] => {
    const boxes: { type: string; content: Buffer }[] = []
    for (let at = 0; at < content.length; at += content.readUInt32BE(at))
      boxes.push({
        type: content.toString('latin1', at + 4, at + 8),
        content: content.subarray(at + 8, at + content.readUInt32BE(at)),
      })
    return boxes
  }
  for (const moof of children(bytes).filter(({ type }) => type === 'moof'))
    for (const traf of children(moof.content).filter(({ type }) => type === 'traf')) {
      const inside = new Map(children(traf.content).map(({ type, content }) => [type, content]))
      if (inside.get('tfhd')?.readUInt32BE(4) !== 2) continue
      found.push({
        decodeTime: Number(inside.get('tfdt')?.readBigUInt64BE(4)),
        samples: inside.get('trun')?.readUInt32BE(4) ?? 0,
      })
    }
  return found
}

test('of several tracks the first is taken, others are passed over, and many in one message are refused', () => {
  const sound = (tracks: number, track: number) =>
    Buffer.concat([Buffer.of(0x95, tracks), Buffer.from('mp4a'), Buffer.of(track, 7, 8)])
  assert.deepEqual(parseAudioTag(sound(0x01, 0)), { type: 'frame', data: Buffer.of(7, 8) })
  assert.deepEqual(parseAudioTag(sound(0x00, 0)), { type: 'config', record: Buffer.of(7, 8) })
  assert.deepEqual(parseAudioTag(sound(0x01, 1)), { type: 'other' })
  const picture = (tracks: number, track: number) =>
    Buffer.concat([Buffer.of(0x96, tracks), Buffer.from('avc1'), Buffer.of(track, 0, 0, 5, 9)])
  const frame = { type: 'frame', isKey: true, compositionMs: 5, data: Buffer.of(9) } as const
  assert.deepEqual(parseVideoTag(picture(0x01, 0)), frame)
  assert.deepEqual(parseVideoTag(picture(0x01, 2)), { type: 'other' })
  assert.throws(() => parseVideoTag(picture(0x11, 0)), { code: 'media.unsupported' })
  for (const nested of [() => parseVideoTag(picture(0x06, 0)), () => parseAudioTag(sound(0x05, 0))])
    assert.throws(nested, { code: 'media.malformed' })
})

test('modifiers of a message are passed over, however many and long', () => {
  const modified = (head: number, packet: number, fourCc: string, rest: readonly number[]) =>
    Buffer.concat([
      // A time in nanoseconds, and one of a kind and length that nobody has given a meaning yet.
      Buffer.of(head | 7, 2, 0x0f, 0x42, 0x3f, 0x07),
      Buffer.of(255, 0x01, 0x2b),
      Buffer.alloc(300, 7),
      Buffer.of(0x30 | packet),
      Buffer.from(fourCc),
      Buffer.from(rest),
    ])
  const frame = { type: 'frame', isKey: true, compositionMs: 5, data: Buffer.of(9) } as const
  assert.deepEqual(parseVideoTag(modified(0x90, 1, 'avc1', [0, 0, 5, 9])), frame)
  assert.deepEqual(parseAudioTag(modified(0x90, 1, 'mp4a', [7, 8])), { type: 'frame', data: Buffer.of(7, 8) })
  const one = Buffer.from([0x97, 0, 0, 0x06, 0x01, ...Buffer.from('avc1'), 0, 0, 0, 5, 9])
  assert.deepEqual(parseVideoTag(one), frame, 'a track of several')
  assert.deepEqual(parseVideoTag(Buffer.of(0xd1, 0)), { type: 'other' }, 'a command')
  assert.throws(() => parseVideoTag(modified(0x90, 1, 'hvc1', [0, 0, 5, 9])), { code: 'media.unsupported' })
  const whole = modified(0x90, 1, 'avc1', [0, 0, 5])
  for (let length = 1; length < whole.length; length++)
    assert.throws(() => parseVideoTag(whole.subarray(0, length)), { code: 'media.malformed' }, `${length} octets`)
  assert.throws(() => parseAudioTag(Buffer.alloc(1 << 20, 0x97)), { code: 'media.malformed' })
})

test('extended messages are made plain without a change in what they say, and plain ones are left alone', () => {
  const extended = [
    [0x90, 'avc1', 0, [1, 2, 3]],
    [0x90, 'avc1', 1, [0xff, 0xff, 0xfe, 9]],
    [0xa0, 'avc1', 3, [9]],
  ] as const
  for (const [head, fourCc, packet, rest] of extended) {
    const message = Buffer.concat([Buffer.of(head | packet), Buffer.from(fourCc), Buffer.from(rest)])
    const tag = parseVideoTag(message)
    const plain = plainVideo(message, tag)
    assert.equal(plain.readUInt8(0) & 0x8f, 7)
    assert.deepEqual(parseVideoTag(plain), tag)
    assert.equal(plainVideo(plain, tag), plain)
  }
  for (const packet of [0, 1]) {
    const message = Buffer.concat([Buffer.of(0x90 | packet), Buffer.from('mp4a'), Buffer.of(7, 8)])
    const tag = parseAudioTag(message)
    const plain = plainAudio(message, tag)
    assert.equal(plain.readUInt8(0) >> 4, 10)
    assert.deepEqual(parseAudioTag(plain), tag)
    assert.equal(plainAudio(plain, tag), plain)
  }
})

test('codecs that are not taken are named, with what to do', () => {
  const unsupported = (pattern: RegExp) => (error: unknown) =>
    error instanceof MediaError && error.code === 'media.unsupported' && pattern.test(error.message)
  assert.throws(() => parseVideoTag(Buffer.from('\x90hvc1', 'latin1')), unsupported(/HEVC.*H\.264/))
  assert.throws(() => parseVideoTag(Buffer.from('\x90av01', 'latin1')), unsupported(/AV1/))
  assert.throws(() => parseVideoTag(Buffer.of(0x1c, 0, 0, 0, 0)), unsupported(/HEVC/))
  assert.throws(() => parseAudioTag(Buffer.of(0x2f, 0)), unsupported(/MP3.*AAC/))
  assert.throws(() => parseAudioTag(Buffer.from('\x90Opus', 'latin1')), unsupported(/Opus/))
  assert.throws(() => parseVideoTag(Buffer.of(0x17, 1)), { code: 'media.malformed' })
})

test('who waits for a part is woken by it, and by the end, and waits no longer than they like', async () => {
  const window = createLiveWindow({ seconds: 10, waiters: 2 })
  const part: Part = { bytes: Buffer.alloc(1), seconds: 0.3, isIndependent: true }
  const segment = (sequence: number, parts: number, isComplete = false): Segment => ({
    sequence,
    init: 0,
    startsAfterDiscontinuity: false,
    capturedAtMs: 0,
    parts: Array.from({ length: parts }, () => part),
    seconds: 0.3 * parts,
    isComplete,
  })
  const signal = new AbortController().signal
  const first = window.reached(0, 1, signal)
  window.add([{ type: 'part', segment: segment(0, 1), part }])
  const gives = new AbortController()
  const impatient = window.reached(0, 5, gives.signal)
  assert.equal(await window.reached(0, 5, signal), false)
  gives.abort()
  assert.equal(await impatient, false)
  window.add([{ type: 'part', segment: segment(0, 2), part }])
  assert.equal(await first, true)
  const whole = window.reached(0, undefined, signal)
  window.add([{ type: 'segment', segment: segment(0, 2, true) }])
  assert.equal(await whole, true)
  const beyond = window.reached(1, 0, signal)
  window.end()
  assert.equal(await beyond, true)
})

test('what is older than the window is let go, with its discontinuities counted', () => {
  const window = createLiveWindow({ seconds: 5, waiters: 2 })
  const add = (sequence: number, init: number, startsAfterDiscontinuity: boolean) =>
    window.add([
      {
        type: 'segment',
        segment: { sequence, init, startsAfterDiscontinuity, capturedAtMs: 0, parts: [], seconds: 2, isComplete: true },
      },
    ])
  const init = { bytes: Buffer.alloc(0), tracks: {} }
  window.add([{ type: 'init', init }])
  add(0, 0, false)
  window.add([{ type: 'init', init }])
  for (const sequence of [1, 2, 3, 4, 5]) add(sequence, 1, sequence === 1)
  assert.deepEqual(
    window.segments().map(({ sequence }) => sequence),
    [3, 4, 5],
  )
  assert.equal(window.discontinuitySequence(), 1)
  assert.equal(window.init(0), undefined)
  assert.ok(window.init(1))
})
