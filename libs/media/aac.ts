import { bitReader } from './bits.ts'
import { MediaError } from './media-error.ts'

/** What an AudioSpecificConfig (ISO/IEC 14496-3, section 1.6.2.1) says of the sound. */
export type AacConfig = {
  /** As in `CODECS` (RFC 6381): `mp4a.40.` and the object type. */
  readonly codec: string
  readonly samplesPerSecond: number
  readonly channels: number
  /** The config as it came, for the box `esds`. */
  readonly record: Buffer
}

/** Of one access unit; codecs with 960 are refused. */
export const samplesPerFrame = 1024

const frequencies = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
]

/** Channels by channel configuration; 0 would need the stream itself to be read. */
const channelCounts = [0, 1, 2, 3, 4, 5, 6, 8]

const ESCAPE_TYPE = 31
const ESCAPE_FREQUENCY = 15

export const parseAacConfig = (record: Buffer): AacConfig => {
  const reader = bitReader(record)
  const short = reader.bits(5)
  const type = short === ESCAPE_TYPE ? 32 + reader.bits(6) : short
  const index = reader.bits(4)
  const samplesPerSecond = index === ESCAPE_FREQUENCY ? reader.bits(24) : frequencies[index]
  const channels = channelCounts[reader.bits(4)]
  if (!samplesPerSecond) throw new MediaError('media.malformed', 'the sound names no sampling frequency')
  if (!channels) throw new MediaError('media.unsupported', 'the sound has an arrangement of channels that is not taken')
  return { codec: `mp4a.40.${type}`, samplesPerSecond, channels, record: Buffer.from(record) }
}
