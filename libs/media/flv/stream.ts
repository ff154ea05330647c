import { MediaError } from '../media-error.ts'

/** A tag of an FLV stream; `payload` is as `tags.ts` reads it. Times are milliseconds modulo 2^32. */
export type FlvTag = { readonly type: 'audio' | 'video'; readonly timestamp: number; readonly payload: Buffer }

const HEADER_BYTES = 9
const TAG_HEADER_BYTES = 11
const SIZE_BYTES = 4
const types = { audio: 8, video: 9 } as const

/** What an FLV stream of sound and video begins with. */
export const flvHeader = (): Buffer =>
  Buffer.concat([Buffer.from('FLV', 'latin1'), Buffer.of(1, 5, 0, 0, 0, HEADER_BYTES), Buffer.alloc(SIZE_BYTES)])

export const encodeFlvTag = ({ type, timestamp, payload }: FlvTag): Buffer => {
  const tag = Buffer.alloc(TAG_HEADER_BYTES + payload.length + SIZE_BYTES)
  tag.writeUInt8(types[type])
  tag.writeUIntBE(payload.length, 1, 3)
  tag.writeUIntBE(timestamp & 0xffffff, 4, 3)
  tag.writeUInt8(timestamp >>> 24, 7)
  payload.copy(tag, TAG_HEADER_BYTES)
  tag.writeUInt32BE(TAG_HEADER_BYTES + payload.length, TAG_HEADER_BYTES + payload.length)
  return tag
}

export type FlvReader = {
  /** The tags of sound and video that these bytes complete. Throws {@link MediaError} for what is no FLV. */
  readonly push: (bytes: Buffer) => readonly FlvTag[]
}

/**
 * Reads a stream of FLV (Video File Format Specification 10.1, annex E):
 *
 *     flv  = "FLV" version(8) flags(8) header size(32) 0(32) *tag
 *     tag  = type(8) size(24) timestamp(24) timestamp's high byte(8) 0(24) payload size of the tag(32)
 */
export const createFlvReader = (): FlvReader => {
  let held: Buffer = Buffer.alloc(0)
  let begun = false

  const next = (): Buffer | undefined => {
    if (held.length < TAG_HEADER_BYTES) return
    const bytes = TAG_HEADER_BYTES + held.readUIntBE(1, 3) + SIZE_BYTES
    if (held.length < bytes) return
    const tag = held.subarray(0, bytes)
    held = held.subarray(bytes)
    return tag
  }

  return {
    push: (bytes) => {
      held = held.length === 0 ? bytes : Buffer.concat([held, bytes])
      if (!begun) {
        if (held.length < HEADER_BYTES) return []
        if (held.toString('latin1', 0, 3) !== 'FLV') throw new MediaError('media.malformed', 'this is no FLV')
        const size = held.readUInt32BE(5) + SIZE_BYTES
        if (held.length < size) return []
        held = held.subarray(size)
        begun = true
      }
      const tags: FlvTag[] = []
      for (let tag = next(); tag; tag = next()) {
        const type = tag[0] === types.video ? 'video' : tag[0] === types.audio ? 'audio' : undefined
        if (!type) continue
        const timestamp = tag.readUIntBE(4, 3) + tag.readUInt8(7) * 0x1000000
        tags.push({ type, timestamp, payload: tag.subarray(TAG_HEADER_BYTES, tag.length - SIZE_BYTES) })
      }
      return tags
    },
  }
}
