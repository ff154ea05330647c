import type { AudioTag, VideoTag } from './tags.ts'

const AVC_KEY = 0x17
const AVC_INTER = 0x27
/** AAC, 44 kHz, 16 bits, stereo: what FLV has every decoder pass over in favour of the record's own words. */
const AAC_HEAD = 0xaf
const EXTENDED = 9

/** Of an extended message the plain one, which every reader of FLV knows; any other as it came. */
export const plainVideo = (payload: Buffer, tag: VideoTag): Buffer => {
  if (((payload[0] ?? 0) & 0x80) === 0 || tag.type === 'other') return payload
  if (tag.type === 'config') return Buffer.concat([Buffer.of(AVC_KEY, 0, 0, 0, 0), tag.record])
  const head = Buffer.of(tag.isKey ? AVC_KEY : AVC_INTER, 1, 0, 0, 0)
  head.writeIntBE(tag.compositionMs, 2, 3)
  return Buffer.concat([head, tag.data])
}

/** The same of sound. */
export const plainAudio = (payload: Buffer, tag: AudioTag): Buffer => {
  if ((payload[0] ?? 0) >> 4 !== EXTENDED || tag.type === 'other') return payload
  return tag.type === 'config'
    ? Buffer.concat([Buffer.of(AAC_HEAD, 0), tag.record])
    : Buffer.concat([Buffer.of(AAC_HEAD, 1), tag.data])
}
