import type { Health } from '#libs/broadcast/health.ts'
import type { AvcConfig } from '#libs/media/avc.ts'
import type { AmfObject } from '#libs/protocols/rtmp/amf-value.ts'

/** What is measured of an encoder's media; whose it is, is not its business. */
export type Measured = Omit<Health, 'broadcastId' | 'isTest' | 'at'>

/** Measures an encoder. Times are the connection's own, in milliseconds. */
export type HealthMeter = {
  readonly metadata: (values: AmfObject) => void
  readonly size: (size: Pick<AvcConfig, 'width' | 'height'>) => void
  readonly audio: (bytes: number, timeMs: number) => void
  readonly video: (bytes: number, timeMs: number, isKey: boolean) => void
  /** Since it was read last. */
  readonly read: (nowMs: number) => Measured
}

/** A step so much longer than a frame lasts has frames missing. */
const GAP = 1.6
/** How fast the usual step of the source's clock is learned where the encoder does not tell it. */
const LEARNED = 0.1
/** A step beyond is a jump of the clock, and no loss. */
const JUMP_MS = 3_000

export const createHealthMeter = (startedMs: number): HealthMeter => {
  let readAtMs = startedMs
  let bytes = 0
  let frames = 0
  let dropped = 0
  let told: number | undefined
  let usualMs: number | undefined
  let lastVideoMs: number | undefined
  let lastAudioMs: number | undefined
  let lastKeyMs: number | undefined
  let keyframeIntervalMs: number | null = null
  let picture: Pick<AvcConfig, 'width' | 'height'> | undefined

  const step = (ms: number): void => {
    const frameMs = told ?? usualMs
    if (frameMs !== undefined && ms > frameMs * GAP && ms < JUMP_MS) dropped += Math.round(ms / frameMs) - 1
    else if (ms > 0 && ms < JUMP_MS) usualMs = usualMs === undefined ? ms : usualMs + (ms - usualMs) * LEARNED
  }

  const drift = (): number | null =>
    lastAudioMs === undefined || lastVideoMs === undefined ? null : Math.round(lastAudioMs - lastVideoMs)

  return {
    metadata: ({ framerate }) => {
      told = typeof framerate === 'number' && framerate >= 1 && framerate <= 240 ? 1000 / framerate : undefined
    },
    size: (size) => {
      picture = size
    },
    audio: (length, timeMs) => {
      bytes += length
      lastAudioMs = timeMs
    },
    video: (length, timeMs, isKey) => {
      bytes += length
      frames++
      if (lastVideoMs !== undefined) step(timeMs - lastVideoMs)
      lastVideoMs = timeMs
      if (!isKey) return
      if (lastKeyMs !== undefined) keyframeIntervalMs = Math.max(0, Math.round(timeMs - lastKeyMs))
      lastKeyMs = timeMs
    },
    read: (nowMs) => {
      const seconds = Math.max(0.001, (nowMs - readAtMs) / 1000)
      const measured: Measured = {
        kilobitsPerSecond: Math.round((bytes * 8) / 1000 / seconds),
        framesPerSecond: Math.round((frames / seconds) * 10) / 10,
        keyframeIntervalMs,
        driftMs: drift(),
        droppedFrames: dropped,
        width: picture?.width ?? null,
        height: picture?.height ?? null,
      }
      readAtMs = nowMs
      bytes = 0
      frames = 0
      dropped = 0
      return measured
    },
  }
}
