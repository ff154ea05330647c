import type { Segment } from '../rendition.ts'

/** Where things are, relative to the playlist. */
export type KeyframeAddresses = {
  readonly init: (init: number) => string
  readonly keyframe: (sequence: number) => string
}

export type IFramePlaylist = {
  /** Oldest first, whole ones. */
  readonly segments: readonly Segment[]
  /** How many discontinuities lie before the first of them. */
  readonly discontinuitySequence: number
  readonly targetSeconds: number
  readonly hasEnded: boolean
}

/**
 * The keyframes of a rendition alone, for seeking and for pictures while one does (RFC 8216bis, section 4.4.3.6): that
 * with which each segment begins, so that numbers are those of the segments. One that had to begin without stands as a gap.
 */
export const iFramePlaylist = (playlist: IFramePlaylist, addresses: KeyframeAddresses): string => {
  const { segments, discontinuitySequence, targetSeconds, hasEnded } = playlist
  const lines = segments.flatMap((segment, index) => [
    ...(segment.startsAfterDiscontinuity ? ['#EXT-X-DISCONTINUITY'] : []),
    ...(segments[index - 1]?.init === segment.init ? [] : [`#EXT-X-MAP:URI="${addresses.init(segment.init)}"`]),
    `#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.capturedAtMs).toISOString()}`,
    ...(segment.parts[0]?.isIndependent ? [] : ['#EXT-X-GAP']),
    `#EXTINF:${segment.seconds.toFixed(5)},`,
    addresses.keyframe(segment.sequence),
  ])
  return `${[
    '#EXTM3U',
    '#EXT-X-VERSION:8',
    `#EXT-X-TARGETDURATION:${targetSeconds}`,
    `#EXT-X-MEDIA-SEQUENCE:${segments[0]?.sequence ?? 0}`,
    ...(discontinuitySequence > 0 ? [`#EXT-X-DISCONTINUITY-SEQUENCE:${discontinuitySequence}`] : []),
    '#EXT-X-I-FRAMES-ONLY',
    ...lines,
    ...(hasEnded ? ['#EXT-X-ENDLIST'] : []),
  ].join('\n')}\n`
}
