import { videoTimescale, videoTrackId } from '../mp4/init.ts'
import { fragmentsOf, type ReadFragment } from '../mp4/read.ts'

const isIndependent = ({ runs }: ReadFragment): boolean => {
  const video = runs.find(({ trackId }) => trackId === videoTrackId)
  return video === undefined || video.isSync[0] === true
}

/** How long a fragment is shown; of one without pictures the caller knows. */
const videoMs = ({ runs }: ReadFragment): number | undefined => {
  const video = runs.find(({ trackId }) => trackId === videoTrackId)
  return video && (video.durations.reduce((sum, ticks) => sum + ticks, 0) * 1000) / videoTimescale
}

/** What is left of a segment, and how much of it was taken away before. */
export type Trimmed = { readonly bytes: Buffer; readonly skippedMs: number; readonly durationMs: number }

/**
 * The fragments of a segment between two moments (ms from its beginning), from the keyframe at or before the first one on.
 * Nothing is encoded, so what is asked for may be exceeded by the fragments at both ends.
 */
export const trimSegment = (bytes: Buffer, durationMs: number, fromMs: number, toMs: number): Trimmed => {
  const fragments = fragmentsOf(bytes)
  const shareMs = durationMs / Math.max(1, fragments.length)
  let atMs = 0
  const timed = fragments.map((fragment) => {
    const startMs = atMs
    atMs += videoMs(fragment) ?? shareMs
    return { fragment, startMs, endMs: atMs }
  })
  const first = timed.findLastIndex(
    ({ fragment, startMs }, index) => index === 0 || (startMs <= fromMs && isIndependent(fragment)),
  )
  const kept = timed.filter(({ startMs }, index) => index >= first && (index === first || startMs < toMs))
  const [start, end] = [kept[0], kept.at(-1)]
  if (!start || !end) return { bytes, skippedMs: 0, durationMs }
  return {
    bytes: bytes.subarray(start.fragment.at, end.fragment.end),
    skippedMs: Math.round(start.startMs),
    durationMs: Math.round(end.endMs - start.startMs),
  }
}
