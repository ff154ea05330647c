import { type AacConfig, parseAacConfig, samplesPerFrame } from './aac.ts'
import { type AvcConfig, parseAvcConfig } from './avc.ts'
import type { AudioTag, VideoTag } from './flv/tags.ts'
import { fragment, type Sample } from './mp4/fragment.ts'
import { audioTrackId, initSegment, type Tracks, videoTimescale, videoTrackId } from './mp4/init.ts'
import type { InitSegment, Part, Segment } from './rendition.ts'

export type PackagerOptions = {
  /** A part never lasts longer. */
  readonly partSeconds: number
  /** Segments are cut at the first keyframe from here on. */
  readonly segmentSeconds: number
  /** A segment never lasts longer, keyframe or not, since its rounded length must not pass the target. */
  readonly longestSegmentSeconds: number
  readonly firstSequence?: number
  /** Told of each segment the moment that it begins, before anything of it is there. */
  readonly onOpen?: (segment: Pick<Segment, 'sequence' | 'capturedAtMs'>) => void
  /**
   * Of a rendition that follows another one: the number of the segment that a time of the source belongs to there. Segments
   * are cut where that changes, and nowhere else, and have its numbers; undefined: it is not known yet.
   */
  readonly sequenceAt?: (timeMs: number) => number | undefined
  /** When time 0 of the source was, in milliseconds since 1970. */
  readonly epochMs: number
}

/** What came of what was put in. */
export type PackagerEvent =
  | { readonly type: 'init'; readonly init: InitSegment }
  | { readonly type: 'part'; readonly segment: Segment; readonly part: Part }
  | { readonly type: 'segment'; readonly segment: Segment }

/** Takes tags in order. Their bytes are kept until they are cut, and are not to change. */
export type Packager = {
  readonly video: (tag: VideoTag, timeMs: number) => readonly PackagerEvent[]
  readonly audio: (tag: AudioTag, timeMs: number) => readonly PackagerEvent[]
  /** What is open is closed; whatever comes next follows on a discontinuity. */
  readonly flush: () => readonly PackagerEvent[]
}

type VideoFrame = {
  readonly timeMs: number
  readonly isKey: boolean
  readonly compositionMs: number
  readonly data: Buffer
}

/** How far sound may stray from its stamps before its clock is set by them anew. */
const AUDIO_DRIFT_MS = 150
/** A step of the source's clock beyond which time is taken to have jumped. */
const JUMP_MS = 3000
/** Sound so far from the picture that came last belongs to no picture that anybody is shown with it. */
const FAR_MS = 10_000
/** Frames of sound that wait for a picture, some ten seconds: what comes beyond is not kept, since nobody could be shown it. */
const MOST_WAITING_SOUND = 500
const TICKS_PER_MS = videoTimescale / 1000
/** A frame whose follower never came, as at the end. */
const LAST_FRAME_MS = 33

/**
 * Cuts one rendition into CMAF parts and segments as its samples come (RFC 8216bis; ISO/IEC 23000-19). A frame of video
 * waits for the one behind it, which tells how long it lasts. The clock of the sound counts its own samples, so that
 * stamps rounded to milliseconds leave no gaps. Jumps of the source's time and new parameters begin a discontinuity.
 */
export const createPackager = (options: PackagerOptions): Packager => {
  let avc: AvcConfig | undefined
  let aac: AacConfig | undefined
  let inits = 0
  let tracksChanged = true
  let discontinuity = false
  let begun = false
  let sequence = options.firstSequence ?? 0
  let fragments = 0

  let waiting: VideoFrame | undefined
  let videoSamples: Sample[] = []
  let videoTime: number | undefined
  let audioSamples: Sample[] = []
  let audioTime: number | undefined
  let nextAudio: number | undefined
  let partMs = 0
  let lastKeyMs: number | undefined
  let keyIntervalMs = 0
  let shiftMs = 0
  let segment: { -readonly [Key in keyof Segment]: Segment[Key] } | undefined

  const tracks = (): Tracks => ({ ...(avc ? { video: avc } : {}), ...(aac ? { audio: aac } : {}) })

  const open = (timeMs: number): readonly PackagerEvent[] => {
    const events: PackagerEvent[] = []
    if (tracksChanged) {
      events.push({ type: 'init', init: { bytes: initSegment(tracks()), tracks: tracks() } })
      inits++
      tracksChanged = false
    }
    sequence = Math.max(sequence, options.sequenceAt?.(timeMs) ?? sequence)
    segment = {
      sequence: sequence++,
      init: inits - 1,
      startsAfterDiscontinuity: discontinuity && begun,
      capturedAtMs: options.epochMs + timeMs,
      parts: [],
      seconds: 0,
      isComplete: false,
    }
    begun = true
    discontinuity = false
    options.onOpen?.(segment)
    return events
  }

  const cutPart = (): readonly PackagerEvent[] => {
    if (!segment || (videoSamples.length === 0 && audioSamples.length === 0)) return []
    const bytes = fragment(fragments++, [
      { trackId: videoTrackId, decodeTime: videoTime ?? 0, samples: videoSamples },
      { trackId: audioTrackId, decodeTime: audioTime ?? 0, samples: audioSamples },
    ])
    const part: Part = {
      bytes,
      seconds: partMs / 1000,
      isIndependent: avc ? videoSamples[0]?.isSync === true : true,
    }
    segment = { ...segment, parts: [...segment.parts, part], seconds: segment.seconds + part.seconds }
    videoSamples = []
    audioSamples = []
    videoTime = undefined
    audioTime = undefined
    partMs = 0
    return [{ type: 'part', segment, part }]
  }

  const cutSegment = (): readonly PackagerEvent[] => {
    const events = [...cutPart()]
    if (segment) events.push({ type: 'segment', segment: { ...segment, isComplete: true } })
    segment = undefined
    return events
  }

  const openMs = (): number => (segment?.seconds ?? 0) * 1000 + partMs

  const mustEndBefore = ({ isKey, timeMs }: VideoFrame, durationMs: number): boolean => {
    if (!segment) return false
    if (options.sequenceAt) return (options.sequenceAt(timeMs) ?? segment.sequence) > segment.sequence
    const longest = options.longestSegmentSeconds * 1000
    if (openMs() + durationMs > longest) return true
    return isKey && (openMs() >= options.segmentSeconds * 1000 || openMs() + keyIntervalMs > longest)
  }

  const mustCutBefore = (durationMs: number): boolean => partMs > 0 && partMs + durationMs > options.partSeconds * 1000

  const takeVideo = (frame: VideoFrame, durationMs: number): readonly PackagerEvent[] => {
    const events: PackagerEvent[] = []
    if (mustEndBefore(frame, durationMs)) events.push(...cutSegment())
    else if (mustCutBefore(durationMs)) events.push(...cutPart())
    if (!segment) events.push(...open(frame.timeMs))
    videoTime ??= Math.round(frame.timeMs * TICKS_PER_MS)
    videoSamples.push({
      data: frame.data,
      duration: Math.round(durationMs * TICKS_PER_MS),
      isSync: frame.isKey,
      compositionOffset: Math.round(frame.compositionMs * TICKS_PER_MS),
    })
    partMs += durationMs
    return events
  }

  const release = (nextMs: number | undefined): readonly PackagerEvent[] => {
    if (!waiting) return []
    const frame = waiting
    waiting = undefined
    return takeVideo(frame, nextMs === undefined ? LAST_FRAME_MS : Math.max(1, nextMs - frame.timeMs))
  }

  const flush = (): readonly PackagerEvent[] => {
    const events = [...release(undefined), ...cutSegment()]
    nextAudio = undefined
    lastKeyMs = undefined
    discontinuity = true
    return events
  }

  const change = (apply: () => void): readonly PackagerEvent[] => {
    const events = flush()
    apply()
    tracksChanged = true
    return events
  }

  const videoFrame = (frame: VideoFrame): readonly PackagerEvent[] => {
    const stepMs = waiting ? frame.timeMs - waiting.timeMs : 0
    const jumped = stepMs < 0 || stepMs > JUMP_MS ? flush() : []
    // Pictures before the first keyframe could not be shown.
    if (!waiting && !frame.isKey && lastKeyMs === undefined) return jumped
    if (frame.isKey) {
      keyIntervalMs = lastKeyMs === undefined ? 0 : frame.timeMs - lastKeyMs
      lastKeyMs = frame.timeMs
    }
    const events = [...jumped, ...release(frame.timeMs)]
    waiting = frame
    return events
  }

  /** Sound alone is no part of what has pictures. */
  const forgetSound = (): void => {
    audioSamples = []
    audioTime = undefined
  }

  const audioFrame = (data: Buffer, timeMs: number, { samplesPerSecond }: AacConfig): readonly PackagerEvent[] => {
    if (avc && audioSamples.length >= MOST_WAITING_SOUND) return []
    if (waiting && Math.abs(timeMs - waiting.timeMs) > FAR_MS) return []
    const stamped = Math.round((timeMs * samplesPerSecond) / 1000)
    const strayMs = nextAudio === undefined ? 0 : ((stamped - nextAudio) * 1000) / samplesPerSecond
    const events: PackagerEvent[] = []
    if (!avc && (strayMs < 0 ? strayMs < -AUDIO_DRIFT_MS : strayMs > JUMP_MS)) events.push(...flush())
    if (nextAudio === undefined || Math.abs(strayMs) > AUDIO_DRIFT_MS) {
      // A run has one beginning: samples from elsewhere in time need one of their own.
      if (avc && videoSamples.length === 0) forgetSound()
      else if (audioSamples.length > 0) events.push(...cutPart())
      nextAudio = stamped
    }
    const durationMs = (samplesPerFrame * 1000) / samplesPerSecond
    if (!avc) {
      if (segment && openMs() + durationMs > options.segmentSeconds * 1000) events.push(...cutSegment())
      else if (mustCutBefore(durationMs)) events.push(...cutPart())
      if (!segment) events.push(...open(timeMs))
      partMs += durationMs
    } else if (!segment && !waiting) {
      return events
    }
    audioTime ??= nextAudio
    audioSamples.push({ data, duration: samplesPerFrame, isSync: true, compositionOffset: 0 })
    nextAudio += samplesPerFrame
    return events
  }

  /** Boxes have no times below 0: a source that steps back behind its beginning begins anew. */
  const shifted = (timeMs: number, take: (timeMs: number) => readonly PackagerEvent[]): readonly PackagerEvent[] => {
    if (timeMs + shiftMs >= 0) return take(timeMs + shiftMs)
    const events = flush()
    shiftMs = -timeMs
    return [...events, ...take(0)]
  }

  const takeAudio = (data: Buffer, timeMs: number): readonly PackagerEvent[] => {
    const config = aac
    return config ? shifted(timeMs, (at) => audioFrame(data, at, config)) : []
  }

  return {
    video: (tag, timeMs) => {
      switch (tag.type) {
        case 'config': {
          if (avc?.record.equals(tag.record)) return []
          const config = parseAvcConfig(tag.record)
          return change(() => {
            avc = config
          })
        }
        case 'frame':
          return avc ? shifted(timeMs, (at) => videoFrame({ ...tag, timeMs: at })) : []
        default:
          return []
      }
    },
    audio: (tag, timeMs) => {
      switch (tag.type) {
        case 'config': {
          if (aac?.record.equals(tag.record)) return []
          const config = parseAacConfig(tag.record)
          return change(() => {
            aac = config
          })
        }
        case 'frame':
          return takeAudio(tag.data, timeMs)
        default:
          return []
      }
    },
    flush,
  }
}
