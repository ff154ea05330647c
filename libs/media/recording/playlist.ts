import type { Placed } from './timeline.ts'

export type RecordingPlaylist = {
  readonly pieces: readonly Placed[]
  /** Nothing is added any more. */
  readonly isFinished: boolean
  /** Addresses relative to the playlist. */
  readonly address: (file: string) => string
  readonly initOf: (piece: Placed) => string
  readonly fileOf: (piece: Placed) => string
}

/** A segment may last as long as the encoder's keyframes let it; the target is never below the longest. */
const targetSeconds = (pieces: readonly Placed[]): number =>
  Math.max(1, ...pieces.map(({ durationMs }) => Math.round(durationMs / 1000)))

const lines = (
  piece: Placed,
  before: Placed | undefined,
  { address, initOf, fileOf }: RecordingPlaylist,
): readonly string[] => [
  ...(piece.isBreak ? ['#EXT-X-DISCONTINUITY'] : []),
  ...(before && initOf(before) === initOf(piece) ? [] : [`#EXT-X-MAP:URI="${address(initOf(piece))}"`]),
  ...(!before || piece.isBreak ? [`#EXT-X-PROGRAM-DATE-TIME:${new Date(piece.capturedAtMs).toISOString()}`] : []),
  `#EXTINF:${(piece.durationMs / 1000).toFixed(3)},`,
  address(fileOf(piece)),
]

/** The media playlist of a recording (RFC 8216, section 4.3.3): to its end, or to where it has come. */
export const recordingPlaylist = (playlist: RecordingPlaylist): string => {
  const { pieces, isFinished } = playlist
  const all = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${targetSeconds(pieces)}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    `#EXT-X-PLAYLIST-TYPE:${isFinished ? 'VOD' : 'EVENT'}`,
    ...pieces.flatMap((piece, index) => lines(piece, pieces[index - 1], playlist)),
    ...(isFinished ? ['#EXT-X-ENDLIST'] : []),
  ]
  return `${all.join('\n')}\n`
}
