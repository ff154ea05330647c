import type { Tracks } from '../mp4/init.ts'

/** One rendition that a player may choose. */
export type Variant = {
  readonly uri: string
  readonly tracks: Tracks
  /** Of the fullest segment, and of all together. */
  readonly peakBitsPerSecond: number
  readonly averageBitsPerSecond: number
  readonly framesPerSecond: number | undefined
  /** Its keyframes alone, where they are listed. */
  readonly keyframes?: { readonly uri: string; readonly bitsPerSecond: number }
}

/** RFC 8216bis, section 4.4.6.3. */
const keyframeLine = ({ tracks: { video }, keyframes }: Variant): readonly string[] =>
  video && keyframes
    ? [
        `#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=${Math.max(1, Math.round(keyframes.bitsPerSecond))},` +
          `CODECS="${video.codec}",RESOLUTION=${video.width}x${video.height},URI="${keyframes.uri}"`,
      ]
    : []

/** RFC 8216bis, section 4.4.6.2. */
export const multivariantPlaylist = (variants: readonly Variant[]): string => {
  const lines = variants.flatMap(({ uri, tracks, peakBitsPerSecond, averageBitsPerSecond, framesPerSecond }) => {
    const codecs = [tracks.video?.codec, tracks.audio?.codec].filter((codec) => codec !== undefined)
    const attributes = [
      `BANDWIDTH=${Math.max(1, Math.round(peakBitsPerSecond))}`,
      `AVERAGE-BANDWIDTH=${Math.max(1, Math.round(averageBitsPerSecond))}`,
      `CODECS="${codecs.join(',')}"`,
      ...(tracks.video ? [`RESOLUTION=${tracks.video.width}x${tracks.video.height}`] : []),
      ...(tracks.video && framesPerSecond ? [`FRAME-RATE=${framesPerSecond.toFixed(3)}`] : []),
    ]
    return [`#EXT-X-STREAM-INF:${attributes.join(',')}`, uri]
  })
  return `${['#EXTM3U', '#EXT-X-VERSION:9', '#EXT-X-INDEPENDENT-SEGMENTS', ...lines, ...variants.flatMap(keyframeLine)].join('\n')}\n`
}
