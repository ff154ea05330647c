import type { AvcConfig } from '#libs/media/avc.ts'
import { MediaError } from '#libs/media/media-error.ts'

/** What an encoder may send at most. */
export type MediaLimits = { readonly kilobitsPerSecond: number; readonly lines: number }

/** Bitrates go up and down: what counts is the average over so many readings of two seconds. */
const READINGS = 5

/** Throws {@link MediaError} where pictures are larger. */
export const holdSize = ({ width, height }: Pick<AvcConfig, 'width' | 'height'>, { lines }: MediaLimits): void => {
  if (Math.min(width, height) > lines)
    throw new MediaError(
      'media.unsupported',
      `pictures of ${width} × ${height} are not taken: set the encoder to ${lines} lines or fewer`,
    )
}

/** Takes a reading of the bitrate in; from then on says what is wrong, if anything is. */
export const createBitrateLimit = ({ kilobitsPerSecond: most }: MediaLimits) => {
  let readings: readonly number[] = []
  return (kilobitsPerSecond: number): MediaError | undefined => {
    readings = [...readings, kilobitsPerSecond].slice(-READINGS)
    const average = readings.reduce((sum, each) => sum + each, 0) / readings.length
    if (readings.length < READINGS || average <= most) return undefined
    return new MediaError(
      'media.unsupported',
      `${Math.round(average)} kbit/s are too much: set the encoder to ${most} kbit/s or less`,
    )
  }
}
