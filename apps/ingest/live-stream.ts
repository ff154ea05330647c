import { isUuidv7, uuidv7Time } from '#libs/journal/ids.ts'
import { cut } from '#libs/media/cut.ts'
import { plainAudio, plainVideo } from '#libs/media/flv/plain.ts'
import type { FlvTag } from '#libs/media/flv/stream.ts'
import { parseAudioTag, parseVideoTag } from '#libs/media/flv/tags.ts'
import { createLiveWindow, type LiveWindow } from '#libs/media/live-window.ts'
import { createPackager, type PackagerEvent } from '#libs/media/packager.ts'
import type { Segment } from '#libs/media/rendition.ts'
import type { OpenLadder, Rendition } from './ladder/ladder.ts'

/** Of segments, the latest: encoders are never as far behind. */
const MOST_STARTS = 60
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
  /** Smaller ones of the same, where there is an encoder for them. */
  readonly renditions: () => readonly Rendition[]
  /** Has them made from here on; undefined ends that. */
  readonly setLadder: (open: OpenLadder | undefined) => void
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
 * Time 0 of a broadcast's media is when its id was minted, whichever ingest app takes it in: the times of one that goes on
 * where another was killed do not step back, over which some demuxers lose pictures.
 */
const epochOf = (broadcastId: string, nowMs: number): number =>
  isUuidv7(broadcastId) ? Math.min(uuidv7Time(broadcastId), nowMs) : nowMs

export type LiveStreamOptions = {
  readonly broadcastId: string
  /** The time of day, read once for each connection. */
  readonly nowMs: () => number
  /** How much of it stays in memory. */
  readonly keptSeconds: number
  /** Is handed what was finished, too. */
  readonly sink?: ((events: readonly PackagerEvent[]) => void) | undefined
}

export const createLiveStream = ({
  broadcastId,
  nowMs,
  keptSeconds,
  sink = () => {},
}: LiveStreamOptions): LiveStream => {
  const openedMs = nowMs()
  const epochMs = epochOf(broadcastId, openedMs)
  // Numbers go on where an ingest app that was killed may have been.
  const firstSequence = Math.floor(openedMs / 1000 / cut.segmentSeconds)
  const starts: Pick<Segment, 'sequence' | 'capturedAtMs'>[] = []
  const packager = createPackager({
    ...cut,
    firstSequence,
    epochMs,
    onOpen: ({ sequence, capturedAtMs }) => {
      starts.push({ sequence, capturedAtMs })
      if (starts.length > MOST_STARTS) starts.shift()
    },
  })
  const window = createLiveWindow({ seconds: keptSeconds, waiters: MOST_WAITERS })
  const add = (events: readonly PackagerEvent[]): void => {
    window.add(events)
    sink(events)
  }

  let isWarned = false
  let ladder: ReturnType<OpenLadder> | undefined
  /** What encoders have to know first, whenever they begin. */
  const configs = new Map<FlvTag['type'], FlvTag>()

  /** Not every encoder reads the extended forms that others write. */
  const encode = (tag: FlvTag, isConfig: boolean): void => {
    if (isConfig) configs.set(tag.type, { ...tag, payload: Buffer.from(tag.payload) })
    ladder?.take(tag)
  }

  const feed: LiveStream['feed'] = (warn) => {
    add(packager.flush())
    ladder?.restart()
    configs.clear()
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
      audio: (payload, timeMs) => {
        const tag = parseAudioTag(payload)
        const timestamp = shifted(timeMs)
        add(packager.audio(tag, timestamp))
        encode({ type: 'audio', timestamp, payload: plainAudio(payload, tag) }, tag.type === 'config')
      },
      video: (payload, timeMs) => {
        const tag = parseVideoTag(payload)
        if (tag.type === 'frame' && tag.isKey) watchKeyframes(timeMs)
        const timestamp = shifted(timeMs)
        add(packager.video(tag, timestamp))
        encode({ type: 'video', timestamp, payload: plainVideo(payload, tag) }, tag.type === 'config')
      },
    }
  }

  return {
    broadcastId,
    window,
    firstSequence,
    feed,
    renditions: () => ladder?.renditions() ?? [],
    setLadder: (open) => {
      ladder?.end()
      ladder = open?.({ epochMs, seconds: keptSeconds, waiters: MOST_WAITERS, starts: () => starts })
      for (const config of configs.values()) ladder?.take(config)
    },
    end: () => {
      add(packager.flush())
      window.end()
      ladder?.end()
    },
  }
}
