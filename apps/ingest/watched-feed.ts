import { parseAvcConfig } from '#libs/media/avc.ts'
import { parseVideoTag } from '#libs/media/flv/tags.ts'
import type { MediaError } from '#libs/media/media-error.ts'
import { meters } from '#libs/telemetry/instruments.ts'
import { createHealthMeter, type Measured } from './health-meter.ts'
import { createBitrateLimit, holdSize, type MediaLimits } from './limits.ts'
import type { StreamFeed } from './live-stream.ts'
import type { Intake } from './rtmp/publisher.ts'

export type WatchOptions = {
  readonly limits: MediaLimits
  readonly onHealth: (measured: Measured) => void
  readonly everyMs?: number
}

/** A feed whose encoder is measured, and held to limits: what it throws then the encoder is told. */
export type WatchedFeed = StreamFeed & {
  readonly metadata: Intake['metadata']
  /** The encoder has gone, or another has taken over: nothing more is taken in. */
  readonly stop: () => void
}

const EVERY_MS = 2_000

export const watchFeed = (feed: StreamFeed, { limits, onHealth, everyMs = EVERY_MS }: WatchOptions): WatchedFeed => {
  const meter = createHealthMeter(performance.now())
  const tooMuch = createBitrateLimit(limits)
  let wrong: MediaError | undefined
  let uncounted = 0
  let isStopped = false

  /** A counter looks its attributes up for each call, which for each message would cost more than the message. */
  const tellBytes = (): void => {
    meters().ingestBytes.add(uncounted)
    uncounted = 0
  }

  const ticking = setInterval(() => {
    tellBytes()
    const measured = meter.read(performance.now())
    wrong = tooMuch(measured.kilobitsPerSecond)
    onHealth(measured)
  }, everyMs)

  const count = (payload: Buffer): void => {
    if (wrong) throw wrong
    uncounted += payload.length
  }

  const look = (payload: Buffer, timeMs: number): void => {
    const tag = parseVideoTag(payload)
    if (tag.type === 'frame') meter.video(payload.length, timeMs, tag.isKey)
    if (tag.type !== 'config') return
    const config = parseAvcConfig(tag.record)
    holdSize(config, limits)
    meter.size(config)
  }

  return {
    metadata: meter.metadata,
    audio: (payload, timeMs) => {
      if (isStopped) return
      count(payload)
      meter.audio(payload.length, timeMs)
      feed.audio(payload, timeMs)
    },
    video: (payload, timeMs) => {
      if (isStopped) return
      count(payload)
      look(payload, timeMs)
      feed.video(payload, timeMs)
    },
    stop: () => {
      if (isStopped) return
      isStopped = true
      tellBytes()
      clearInterval(ticking)
    },
  }
}
