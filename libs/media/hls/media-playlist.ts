import type { Part, Segment } from '../rendition.ts'

/** Where things are, relative to the playlist. */
export type Addresses = {
  readonly init: (init: number) => string
  readonly segment: (sequence: number) => string
  readonly part: (sequence: number, part: number) => string
}

/** What is told of the other renditions, so that a player can go over to one without asking for its playlist first. */
export type RenditionReport = { readonly uri: string; readonly lastSequence: number; readonly lastPart: number }

export type MediaPlaylist = {
  /** Oldest first; the last one may be open. */
  readonly segments: readonly Segment[]
  /** How many discontinuities lie before the first of them. */
  readonly discontinuitySequence: number
  readonly targetSeconds: number
  readonly partSeconds: number
  readonly hasEnded: boolean
  readonly reports: readonly RenditionReport[]
}

/** Parts are listed for no more than the last three target durations (RFC 8216bis, section 4.4.4.9), nor segments. */
const LISTED_PARTS = 3
/** A delta playlist leaves out what is older than six target durations (section 4.4.3.8). */
const SKIPPED_BEYOND = 6
/** Players stay three target durations, or three parts, behind the end (section 4.4.3.8). */
const HOLD_BACK = 3

const seconds = (value: number): string => value.toFixed(5)

const partLine = (part: Part, uri: string): string =>
  `#EXT-X-PART:DURATION=${seconds(part.seconds)},URI="${uri}"${part.isIndependent ? ',INDEPENDENT=YES' : ''}`

const segmentLines = (
  segment: Segment,
  before: Segment | undefined,
  listsParts: boolean,
  addresses: Addresses,
): readonly string[] => [
  ...(segment.startsAfterDiscontinuity ? ['#EXT-X-DISCONTINUITY'] : []),
  ...(before?.init === segment.init ? [] : [`#EXT-X-MAP:URI="${addresses.init(segment.init)}"`]),
  `#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.capturedAtMs).toISOString()}`,
  ...(listsParts ? segment.parts.map((part, index) => partLine(part, addresses.part(segment.sequence, index))) : []),
  ...(segment.isGap ? ['#EXT-X-GAP'] : []),
  ...(segment.isComplete ? [`#EXTINF:${seconds(segment.seconds)},`, addresses.segment(segment.sequence)] : []),
]

/** The next part, which is asked for before it is there (section 4.4.5.3). */
const hint = (last: Segment | undefined, addresses: Addresses): readonly string[] => {
  if (!last) return []
  const [sequence, part] = last.isComplete ? [last.sequence + 1, 0] : [last.sequence, last.parts.length]
  return [`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${addresses.part(sequence, part)}"`]
}

/** How many of the segments begin more than so many seconds before the end. */
const beganBefore = (segments: readonly Segment[], boundSeconds: number): number => {
  let behind = 0
  for (let index = segments.length - 1; index >= 0; index--) {
    behind += segments[index]?.seconds ?? 0
    if (behind > boundSeconds) return index + 1
  }
  return 0
}

/**
 * A media playlist of Low-Latency HLS (draft-pantos-hls-rfc8216bis, sections 4.4.3 to 4.4.5). `skips`: as a delta,
 * for who asks with `_HLS_skip=YES`.
 */
export const mediaPlaylist = (playlist: MediaPlaylist, addresses: Addresses, skips = false): string => {
  const { segments, targetSeconds, partSeconds } = playlist
  // The last of them may reach over the boundary, and stays.
  const skipped = skips ? Math.max(0, beganBefore(segments, SKIPPED_BEYOND * targetSeconds) - 1) : 0
  // One that is only hinted at counts already.
  const known = segments.length + (segments.at(-1)?.isComplete && !playlist.hasEnded ? 1 : 0)
  const firstWithParts = Math.max(beganBefore(segments, LISTED_PARTS * targetSeconds), known - LISTED_PARTS)
  const control = [
    'CAN-BLOCK-RELOAD=YES',
    `CAN-SKIP-UNTIL=${seconds(SKIPPED_BEYOND * targetSeconds)}`,
    `HOLD-BACK=${seconds(HOLD_BACK * targetSeconds)}`,
    `PART-HOLD-BACK=${seconds(HOLD_BACK * partSeconds)}`,
  ]
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:9',
    `#EXT-X-TARGETDURATION:${targetSeconds}`,
    `#EXT-X-SERVER-CONTROL:${control.join(',')}`,
    `#EXT-X-PART-INF:PART-TARGET=${seconds(partSeconds)}`,
    `#EXT-X-MEDIA-SEQUENCE:${segments[0]?.sequence ?? 0}`,
    ...(playlist.discontinuitySequence > 0 ? [`#EXT-X-DISCONTINUITY-SEQUENCE:${playlist.discontinuitySequence}`] : []),
    ...(skipped > 0 ? [`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`] : []),
    ...segments.flatMap((segment, index) =>
      index < skipped
        ? []
        : segmentLines(segment, segments[index - 1], !playlist.hasEnded && index >= firstWithParts, addresses),
    ),
    ...(playlist.hasEnded
      ? ['#EXT-X-ENDLIST']
      : [
          ...hint(segments.at(-1), addresses),
          ...playlist.reports.map(
            ({ uri, lastSequence, lastPart }) =>
              `#EXT-X-RENDITION-REPORT:URI="${uri}",LAST-MSN=${lastSequence},LAST-PART=${lastPart}`,
          ),
        ]),
  ]
  return `${lines.join('\n')}\n`
}
