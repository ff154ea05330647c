import { cut } from '#libs/media/cut.ts'
import type { FlvTag } from '#libs/media/flv/stream.ts'
import { parseAudioTag, parseVideoTag } from '#libs/media/flv/tags.ts'
import type { LiveWindow } from '#libs/media/live-window.ts'
import { createPackager, type PackagerEvent } from '#libs/media/packager.ts'
import type { Segment } from '#libs/media/rendition.ts'

/** Where a segment of the source begins. */
export type SegmentStart = Pick<Segment, 'sequence' | 'capturedAtMs'>

export type FollowerOptions = {
  readonly epochMs: number
  readonly window: Pick<LiveWindow, 'add' | 'segments'>
  /** Where segments of the source begin, oldest first, known once the source has the frame behind. */
  readonly starts: () => readonly SegmentStart[]
}

/** Packages what encoders make of a source, one after another, under the numbers of the source's segments. */
export type Follower = {
  readonly take: (tag: FlvTag) => void
  /** The encoder is gone: what comes next is another one's, on a discontinuity. */
  readonly restart: () => void
}

/** Times are rounded to milliseconds on their way. */
const TOLERANCE_MS = 2
/** Sound between two pictures; more is of a source whose pictures have ceased. */
const MOST_HELD = 200

export const createFollower = ({ epochMs, window, starts }: FollowerOptions): Follower => {
  /** Until a segment of the source begins, what comes fits in nowhere. */
  let hasBegun = false
  const held: FlvTag[] = []

  const at = (timeMs: number): SegmentStart | undefined =>
    starts().findLast(({ capturedAtMs }) => capturedAtMs <= epochMs + timeMs + TOLERANCE_MS)

  const packager = createPackager({
    ...cut,
    epochMs,
    sequenceAt: (timeMs) => at(timeMs)?.sequence,
  })

  /** What the source has had meanwhile stands as gaps, since numbers in a playlist are counted by its lines. */
  const gapsBefore = (sequence: number): readonly PackagerEvent[] => {
    const last = window.segments().at(-1)
    if (!last) return []
    const known = starts().filter((start) => start.sequence > last.sequence && start.sequence <= sequence)
    return known.slice(0, -1).map((start, index) => ({
      type: 'segment',
      segment: {
        ...start,
        init: last.init,
        startsAfterDiscontinuity: false,
        parts: [],
        seconds: ((known[index + 1]?.capturedAtMs ?? start.capturedAtMs) - start.capturedAtMs) / 1000,
        isComplete: true,
        isGap: true,
      },
    }))
  }

  const add = (events: readonly PackagerEvent[]): void => {
    for (const event of events) {
      if (event.type !== 'init') window.add(gapsBefore(event.segment.sequence))
      window.add([event])
    }
  }

  const begins = (timeMs: number): boolean => {
    const segment = at(timeMs)
    return segment !== undefined && Math.abs(segment.capturedAtMs - epochMs - timeMs) <= TOLERANCE_MS
  }

  const process = ({ type, timestamp, payload }: FlvTag): void => {
    if (type === 'audio') {
      const tag = parseAudioTag(payload)
      if (hasBegun || tag.type === 'config') add(packager.audio(tag, timestamp))
      return
    }
    const tag = parseVideoTag(payload)
    if (tag.type === 'frame' && !hasBegun) hasBegun = tag.isKey && begins(timestamp)
    if (hasBegun || tag.type === 'config') add(packager.video(tag, timestamp))
  }

  return {
    take: (tag) => {
      // An encoder has made the next frame once the source has had it, and so knows where this one belongs.
      if (tag.type === 'video') for (const each of held.splice(0)) process(each)
      held.push({ ...tag, payload: Buffer.from(tag.payload) })
      if (held.length > MOST_HELD) process(held.shift() ?? tag)
    },
    restart: () => {
      held.length = 0
      add(packager.flush())
      hasBegun = false
    },
  }
}
