import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { before, describe, type TestContext, test } from 'node:test'
import HLS from 'hls-parser'
import { createFlvReader } from '#libs/media/flv/stream.ts'
import { ffmpegForTests } from '#libs/testing/ffmpeg.ts'
import { until } from '#libs/testing/until.ts'
import { answerHls } from '../hls/answer.ts'
import { askedOf } from '../hls/asked.ts'
import { createLiveStream, type LiveStream } from '../live-stream.ts'
import { createLadder, type Ladder } from './ladder.ts'
import { rungsBelow } from './rungs.ts'
import { createSlots } from './slots.ts'

let ffmpeg: string
before(async () => {
  ffmpeg = await ffmpegForTests()
})

/** A stream that is fed in real time by a real encoder, with a ladder. */
const streaming = async (t: TestContext, names: readonly string[]) => {
  const stream = createLiveStream({ broadcastId: 'b', nowMs: Date.now, keptSeconds: 30 })
  const gone: string[] = []
  let ladder: Ladder | undefined
  stream.setLadder((options) => {
    ladder = createLadder({ ...options, ffmpeg, names, onGone: (why) => gone.push(why) })
    return ladder
  })
  const feed = stream.feed(() => {})
  const child = spawn(
    ffmpeg,
    [
      ...['-v', 'error', '-nostdin', '-re', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=30'],
      ...['-re', '-f', 'lavfi', '-i', 'sine', '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency'],
      ...['-g', '30', '-c:a', 'aac', '-flush_packets', '1', '-f', 'flv', 'pipe:1'],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const reader = createFlvReader()
  child.stdout.on('data', (bytes: Buffer) => {
    for (const { type, timestamp, payload } of reader.push(bytes)) feed[type](payload, timestamp)
  })
  t.after(() => {
    child.kill('SIGKILL')
    stream.end()
  })
  return { stream, gone, pid: () => ladder?.pid() }
}

const text = async (stream: LiveStream, path: string): Promise<string> => {
  const asked = askedOf(path)
  assert.ok(asked)
  const none = { sequence: undefined, part: undefined, skips: false }
  const { status, body } = await answerHls(stream, asked, none, AbortSignal.timeout(10_000))
  assert.equal(status, 200, String(body))
  return String(body)
}

const playlist = async (stream: LiveStream, path: string) => {
  const parsed = HLS.parse(await text(stream, path))
  assert.ok(!parsed.isMasterPlaylist)
  return parsed.segments.filter(({ uri }) => uri)
}

const whole = (stream: LiveStream, name: string) =>
  (
    stream
      .renditions()
      .find((each) => each.name === name)
      ?.window.segments() ?? []
  ).filter((each) => each.isComplete)

describe('a ladder', () => {
  test('has its rungs below the source, cut where the source is, and listed with it', async (t) => {
    const { stream } = await streaming(t, ['720p', '240p', '160p'])
    await until(() => whole(stream, '160p').length >= 2 && whole(stream, '240p').length >= 2)
    const multivariant = HLS.parse(await text(stream, 'index.m3u8'))
    assert.ok(multivariant.isMasterPlaylist)
    assert.deepEqual(
      multivariant.variants
        .filter(({ isIFrameOnly }) => !isIFrameOnly)
        .map(({ uri, resolution }) => [uri, resolution?.height]),
      [
        ['source.m3u8', 360],
        ['240p/source.m3u8', 240],
        ['160p/source.m3u8', 160],
      ],
    )
    const source = new Map((await playlist(stream, 'source.m3u8')).map((each) => [each.mediaSequenceNumber, each]))
    for (const name of ['240p', '160p'])
      for (const each of await playlist(stream, `${name}/source.m3u8`)) {
        const same = source.get(each.mediaSequenceNumber)
        assert.ok(same, `segment ${each.mediaSequenceNumber} of ${name} has one of the source`)
        const apart = Number(each.programDateTime) - Number(same.programDateTime)
        assert.ok(Math.abs(apart) <= 2, `it begins ${apart} ms later`)
        assert.ok(Math.abs(each.duration - same.duration) < 0.05, `${each.duration} s instead of ${same.duration} s`)
      }
    assert.match(await text(stream, '240p/source.m3u8'), /RENDITION-REPORT:URI="\.\.\/source\.m3u8"/)
  })

  test('killed encoder: another one goes on after one discontinuity, and the source has none', async (t) => {
    const { stream, gone, pid } = await streaming(t, ['160p'])
    await until(() => whole(stream, '160p').length >= 1)
    const first = pid()
    assert.ok(first)
    process.kill(first, 'SIGKILL')
    await until(() => gone.length === 1)
    await until(() => pid() !== undefined && pid() !== first)
    const isBack = () => {
      const segments = stream.renditions()[0]?.window.segments() ?? []
      return segments.findLastIndex(({ startsAfterDiscontinuity }) => startsAfterDiscontinuity) > 0
    }
    await until(isBack)
    await until(() => whole(stream, '160p').at(-1)?.isGap !== true && whole(stream, '160p').length >= 3)
    const rendition = whole(stream, '160p')
    assert.equal(rendition.filter(({ startsAfterDiscontinuity }) => startsAfterDiscontinuity).length, 1)
    const numbers = rendition.map(({ sequence }) => sequence)
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => (numbers[0] ?? 0) + index),
      'numbers go on, over what was lost',
    )
    const source = stream.window.segments()
    assert.equal(source.filter(({ startsAfterDiscontinuity }) => startsAfterDiscontinuity).length, 0)
    const known = new Map(source.map(({ sequence, capturedAtMs }) => [sequence, capturedAtMs]))
    for (const { sequence, capturedAtMs, isGap } of rendition)
      if (!isGap) assert.ok(Math.abs(capturedAtMs - (known.get(sequence) ?? 0)) <= 2, `segment ${sequence}`)
  })
})

test('an encoder that ends again and again is started anew within a second each time', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let gone = Promise.withResolvers<void>()
  const ladder = createLadder({
    // It takes no such arguments, and ends at once.
    ffmpeg: process.execPath,
    names: ['240p'],
    epochMs: 0,
    seconds: 30,
    waiters: 1,
    starts: () => [],
    onGone: () => gone.resolve(),
  })
  t.after(ladder.end)
  const record = Buffer.from('0142001effe100096742001eda0280f64001000468ce3c80', 'hex')
  ladder.take({ type: 'video', timestamp: 0, payload: Buffer.concat([Buffer.of(0x17, 0, 0, 0, 0), record]) })
  ladder.take({ type: 'video', timestamp: 0, payload: Buffer.of(0x17, 1, 0, 0, 0, 9) })
  for (let end = 1; end <= 8; end++) {
    assert.ok(ladder.pid(), `it runs once more after ${end - 1} ends`)
    await gone.promise
    gone = Promise.withResolvers()
    assert.equal(ladder.pid(), undefined)
    t.mock.timers.tick(1_000)
  }
})

test('rungs are those that are wanted and below the source, the largest first', () => {
  const names = (lines: number, wanted: readonly string[]) => rungsBelow(lines, wanted).map(({ name }) => name)
  assert.deepEqual(names(1080, ['240p', '1080p', '720p']), ['720p', '240p'])
  assert.deepEqual(names(240, ['240p', '720p']), [])
})

test('slots go to those who go first, then to those who came first, and to who waits when one is given up', () => {
  const slots = createSlots(1, ['vip'])
  const told: string[] = []
  const want = (channel: string) =>
    slots.want(channel, {
      grant: () => told.push(`+${channel}`),
      refuse: () => told.push(`-${channel}`),
    })
  const releaseOne = want('one')
  const releaseTwo = want('two')
  const releaseVip = want('vip')
  assert.deepEqual(told.splice(0), ['+one', '-two', '-one', '+vip'])
  releaseTwo()
  releaseVip()
  assert.deepEqual(told.splice(0), ['+one'])
  releaseOne()
  want('two')
  assert.deepEqual(told, ['+two'])
})
