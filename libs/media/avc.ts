import { type BitReader, bitReader } from './bits.ts'
import { MediaError } from './media-error.ts'

/** What an AVCDecoderConfigurationRecord (ISO/IEC 14496-15, section 5.3.3.1) says of the pictures. */
export type AvcConfig = {
  /** As in `CODECS` (RFC 6381): `avc1.` and profile, constraints and level in hexadecimal. */
  readonly codec: string
  readonly width: number
  readonly height: number
  /** The record as it came, for the box `avcC`. */
  readonly record: Buffer
}

/** Profiles whose parameter sets name a chroma format (ITU-T H.264, section 7.3.2.1.1). */
const withChroma = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135])

/** Takes the emulation prevention bytes out: 0 0 3 stands for 0 0. */
const rawBytes = (unit: Uint8Array): Uint8Array => {
  const raw: number[] = []
  let zeros = 0
  for (const byte of unit) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0
      continue
    }
    zeros = byte === 0 ? zeros + 1 : 0
    raw.push(byte)
  }
  return Uint8Array.from(raw)
}

const skipScalingList = (reader: BitReader, size: number): void => {
  let last = 8
  let next = 8
  for (let index = 0; index < size; index++) {
    if (next !== 0) next = (last + reader.se() + 256) % 256
    last = next === 0 ? last : next
  }
}

/** The chroma format, 1 where it is not named. */
const chroma = (reader: BitReader, profile: number): number => {
  if (!withChroma.has(profile)) return 1
  const format = reader.ue()
  if (format === 3) reader.bits(1)
  reader.ue()
  reader.ue()
  reader.bits(1)
  const hasLists = reader.bits(1) === 1
  const lists = hasLists ? (format === 3 ? 12 : 8) : 0
  for (let list = 0; list < lists; list++) {
    const isPresent = reader.bits(1) === 1
    if (isPresent) skipScalingList(reader, list < 6 ? 16 : 64)
  }
  return format
}

const skipPictureOrder = (reader: BitReader): void => {
  const type = reader.ue()
  if (type === 0) reader.ue()
  if (type !== 1) return
  reader.bits(1)
  reader.se()
  reader.se()
  const cycle = reader.ue()
  if (cycle > 255) throw new MediaError('media.malformed', 'a sequence parameter set counts too many pictures')
  for (let index = 0; index < cycle; index++) reader.se()
}

/** Width and height as they are shown (ITU-T H.264, sections 7.3.2.1.1 and 7.4.2.1.1). */
const pictureSize = (sps: Uint8Array): { readonly width: number; readonly height: number } => {
  const reader = bitReader(rawBytes(sps.subarray(1)))
  const profile = reader.bits(8)
  reader.bits(16)
  reader.ue()
  const format = chroma(reader, profile)
  reader.ue()
  skipPictureOrder(reader)
  reader.ue()
  reader.bits(1)
  const columns = reader.ue() + 1
  const rows = reader.ue() + 1
  const isFrames = reader.bits(1)
  if (isFrames === 0) reader.bits(1)
  reader.bits(1)
  const [left, right, top, bottom] =
    reader.bits(1) === 1 ? [reader.ue(), reader.ue(), reader.ue(), reader.ue()] : [0, 0, 0, 0]
  const unitX = format === 1 || format === 2 ? 2 : 1
  const unitY = (format === 1 ? 2 : 1) * (2 - isFrames)
  return {
    width: columns * 16 - unitX * (left + right),
    height: rows * 16 * (2 - isFrames) - unitY * (top + bottom),
  }
}

export const parseAvcConfig = (record: Buffer): AvcConfig => {
  if (record.length < 8 || record[0] !== 1 || ((record[5] ?? 0) & 0x1f) === 0)
    throw new MediaError('media.malformed', 'the video has no sequence parameter set')
  const length = record.readUInt16BE(6)
  const sps = record.subarray(8, 8 + length)
  if (sps.length < length || length < 4)
    throw new MediaError('media.malformed', 'the sequence parameter set ends too soon')
  const { width, height } = pictureSize(sps)
  if (width < 1 || height < 1 || width > 16_384 || height > 16_384)
    throw new MediaError('media.malformed', `pictures of ${width} × ${height}`)
  return { codec: `avc1.${record.toString('hex', 1, 4)}`, width, height, record: Buffer.from(record) }
}
