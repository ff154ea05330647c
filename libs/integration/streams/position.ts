import { createHash } from 'node:crypto'
import type { Offset } from '#libs/journal/log.ts'

/** Where a stream goes on: the next offset of every partition of its topic, by partition number. */
export type Offsets = readonly Offset[]

/**
 * Positions as clients hold them: opaque text, fit for a header and a query, of one topic of one log. Encoded: a version,
 * six bytes that name log and topic, and each partition's offset as a variable-length number (LEB128), in base64url.
 */
export type PositionCodec = {
  readonly encode: (offsets: Offsets) => string
  /** Undefined for what is no position of this topic in this log. */
  readonly decode: (token: string) => Offsets | undefined
}

const VERSION = 1
const NAME_BYTES = 6
const MOST_BYTES_OF_AN_OFFSET = 8
const alphabet = /^[A-Za-z0-9_-]+$/

export const positionCodec = (logId: string, topic: string, partitions: number): PositionCodec => {
  const name = createHash('sha256').update(`${logId}/${topic}`).digest().subarray(0, NAME_BYTES)
  const head = Buffer.concat([Buffer.of(VERSION), name])
  // One for all: encoding is synchronous, and the text is made before the next begins.
  const room = Buffer.alloc(head.length + partitions * MOST_BYTES_OF_AN_OFFSET)
  head.copy(room)

  return {
    encode: (offsets) => {
      let at = head.length
      for (const offset of offsets) {
        let rest = offset
        for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) room[at++] = (rest % 0x80) | 0x80
        room[at++] = rest
      }
      return room.toString('base64url', 0, at)
    },
    decode: (token) => {
      if (!alphabet.test(token)) return undefined
      const bytes = Buffer.from(token, 'base64url')
      if (bytes.length > room.length || !bytes.subarray(0, head.length).equals(head)) return undefined
      return offsetsIn(bytes.subarray(head.length), partitions)
    },
  }
}

const offsetsIn = (bytes: Buffer, partitions: number): Offsets | undefined => {
  const offsets: Offset[] = []
  let value = 0
  let scale = 1
  for (const byte of bytes) {
    value += (byte & 0x7f) * scale
    scale *= 0x80
    if (!Number.isSafeInteger(value)) return undefined
    if (byte & 0x80) continue
    offsets.push(value)
    value = 0
    scale = 1
  }
  return offsets.length === partitions && scale === 1 ? offsets : undefined
}
