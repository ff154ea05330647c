import { parseAudioTag, parseVideoTag } from '#libs/media/flv/tags.ts'
import { createLiveWindow, type LiveWindow } from '#libs/media/live-window.ts'
import { createPackager, type PackagerEvent } from '#libs/media/packager.ts'

/** How media is cut: parts of a third of a second, segments of two at the keyframes that are nearest. */
export const cut = { partSeconds: 0.334, segmentSeconds: 2, longestSegmentSeconds: 2.49, targetSeconds: 2 } as const

const KEPT_SECONDS = 30
/** Requests that wait for parts to come, in one stream. */
const MOST_WAITERS = 2_000
/** Keyframes further apart make everybody wait. */
const KEYFRAMES_WITHIN_MS = 2_000
/** An encoder's clock that rounds is not warned of. */
const KEYFRAME_TOLERANCE_MS = 100

/** The media of one broadcast, over all of the encoders' connections that it is fed by. */
export type LiveStream = {
  readonly broadcastId: string
  readonly window: LiveWindow
  readonly firstSequence: number
  /** Takes in another connection's media, on a discontinuity where it is not the first. */
  readonly feed: (warn: (keyframesApartMs: number | null) => void) => StreamFeed
  /** Nothing more will come. */
  readonly end: () => void
}

/** Throws {@link MediaError} for what is not taken. Times are the connection's own. */
export type StreamFeed = {
  readonly audio: (payload: Buffer, timeMs: number) => void
  readonly video: (payload: Buffer, timeMs: number) => void
}

/**
 * @param nowMs the time of day, read once for each connection
 * @param sink is handed what was finished, too
 */
export const createLiveStream = (
  broadcastId: string,
  nowMs: () => number,
  sink: (events: readonly PackagerEvent[]) => void = () => {},
): LiveStream => {
  const epochMs = nowMs()
  // Numbers go on where an ingest app that was killed may have been.
  const firstSequence = Math.floor(epochMs / 1000 / cut.segmentSeconds)
  const packager = createPackager({ ...cut, firstSequence, epochMs })
  const window = createLiveWindow({ seconds: KEPT_SECONDS, waiters: MOST_WAITERS })
  const add = (events: readonly PackagerEvent[]): void => {
    window.add(events)
    sink(events)
  }

  let isWarned = false

  const feed: LiveStream['feed'] = (warn) => {
    add(packager.flush())
    let shiftMs: number | undefined
    let lastKeyMs: number | undefined
    /** A connection begins at the time of day, whatever its own clock says. */
    const shifted = (timeMs: number): number => {
      shiftMs ??= nowMs() - epochMs - timeMs
      return timeMs + shiftMs
    }
    const watchKeyframes = (timeMs: number): void => {
      const apartMs = lastKeyMs === undefined ? undefined : timeMs - lastKeyMs
      lastKeyMs = timeMs
      if (apartMs === undefined) return
      const isFar = apartMs > KEYFRAMES_WITHIN_MS + KEYFRAME_TOLERANCE_MS
      if (isFar === isWarned) return
      isWarned = isFar
      warn(isFar ? apartMs : null)
    }
    return {
      audio: (payload, timeMs) => add(packager.audio(parseAudioTag(payload), shifted(timeMs))),
      video: (payload, timeMs) => {
        const tag = parseVideoTag(payload)
        if (tag.type === 'frame' && tag.isKey) watchKeyframes(timeMs)
        add(packager.video(tag, shifted(timeMs)))
      },
    }
  }

  return {
    broadcastId,
    window,
    firstSequence,
    feed,
    end: () => {
      add(packager.flush())
      window.end()
    },
  }
}
