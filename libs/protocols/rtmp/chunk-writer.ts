import { firstChunkBytes, type RtmpMessage } from './message.ts'

const EXTENDED = 0xffffff

const basicHeader = (format: number, id: number): Buffer => {
  if (id < 64) return Buffer.of((format << 6) | id)
  if (id < 320) return Buffer.of(format << 6, id - 64)
  return Buffer.of((format << 6) | 1, (id - 64) & 0xff, (id - 64) >> 8)
}

/**
 * The bytes of a message, its header always in full (format 0), so that none depends on another
 * (grammar: `chunk-reader.ts`). Ids of chunk streams are 2 to 65,599; a payload has less than 2^24 bytes.
 */
export const encodeMessage = (message: RtmpMessage, chunkBytes: number = firstChunkBytes): Buffer => {
  const { chunkStreamId, timestamp, typeId, streamId, payload } = message
  const isExtended = timestamp >= EXTENDED
  const header = Buffer.alloc(11)
  header.writeUIntBE(isExtended ? EXTENDED : timestamp, 0, 3)
  header.writeUIntBE(payload.length, 3, 3)
  header.writeUInt8(typeId, 6)
  header.writeUInt32LE(streamId, 7)
  const extended = Buffer.alloc(isExtended ? 4 : 0)
  if (isExtended) extended.writeUInt32BE(timestamp)

  const parts: Buffer[] = [basicHeader(0, chunkStreamId), header, extended, payload.subarray(0, chunkBytes)]
  for (let at = chunkBytes; at < payload.length; at += chunkBytes)
    parts.push(basicHeader(3, chunkStreamId), extended, payload.subarray(at, at + chunkBytes))
  return Buffer.concat(parts)
}
