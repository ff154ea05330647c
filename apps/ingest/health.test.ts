import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MediaError } from '#libs/media/media-error.ts'
import { createHealthMeter } from './health-meter.ts'
import { createBitrateLimit, holdSize } from './limits.ts'

/** Two seconds of 25 frames a second, each of 10,000 bytes, with a keyframe every second; sound is ahead by so much. */
const feed = (meter: ReturnType<typeof createHealthMeter>, { without = [] as readonly number[], aheadMs = 0 } = {}) => {
  for (let frame = 0; frame < 50; frame++) {
    if (without.includes(frame)) continue
    meter.video(10_000, frame * 40, frame % 25 === 0)
    meter.audio(0, frame * 40 + aheadMs)
  }
}

test('an encoder is measured: bitrate, frames, keyframes, drift', () => {
  const meter = createHealthMeter(0)
  meter.size({ width: 1280, height: 720 })
  feed(meter, { aheadMs: 12 })
  assert.deepEqual(meter.read(2_000), {
    kilobitsPerSecond: 2_000,
    framesPerSecond: 25,
    keyframeIntervalMs: 1_000,
    driftMs: 12,
    droppedFrames: 0,
    width: 1280,
    height: 720,
  })
  assert.equal(meter.read(4_000).kilobitsPerSecond, 0)
})

test('frames that are missing are counted by the source’s own rate, told or learned', () => {
  const learned = createHealthMeter(0)
  feed(learned, { without: [10, 30, 31, 32] })
  assert.equal(learned.read(2_000).droppedFrames, 4)
  const told = createHealthMeter(0)
  told.metadata({ framerate: 50 })
  feed(told)
  assert.equal(told.read(2_000).droppedFrames, 49)
})

const limits = { kilobitsPerSecond: 1_000, lines: 1080 }

test('pictures beyond the limit are refused in words, by their shorter side', () => {
  holdSize({ width: 1920, height: 1080 }, limits)
  holdSize({ width: 1080, height: 1920 }, limits)
  assert.throws(
    () => holdSize({ width: 2560, height: 1440 }, limits),
    (error) =>
      error instanceof MediaError && /2560 × 1440 are not taken: set the encoder to 1080 lines/.test(error.message),
  )
})

test('a bitrate beyond the limit is refused once it has lasted for ten seconds', () => {
  const wrong = createBitrateLimit(limits)
  assert.deepEqual([900, 5_000, 900, 900].map(wrong), [undefined, undefined, undefined, undefined])
  assert.match(wrong(900)?.message ?? '', /1720 kbit\/s are too much: set the encoder to 1000 kbit\/s or less/)
  assert.equal([900, 900, 900, 900].map(wrong).at(-1), undefined)
})
