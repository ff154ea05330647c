/**
 * The forms of Kafka's flexible messages (KIP-482): lengths are unsigned varints, one more than they say; each structure
 * ends with its tagged fields, of which whiply writes none and skips all.
 */

export const NO_TAGS = Buffer.of(0)

/** Seven bits a byte, the lowest first. */
export const varint = (value: number): Buffer => {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  return Buffer.from([...bytes, rest])
}

export const compactBytes = (bytes: Buffer): Buffer => Buffer.concat([varint(bytes.length + 1), bytes])

export const compactText = (text: string): Buffer => compactBytes(Buffer.from(text))

export const compactArray = (entries: readonly Buffer[]): Buffer =>
  Buffer.concat([varint(entries.length + 1), ...entries])

export const int8 = (value: number): Buffer => Buffer.of(value)

export const int32 = (value: number): Buffer => {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeInt32BE(value)
  return bytes
}

/** Reads one value after another. @throws RangeError beyond the end */
export type CompactReader = {
  readonly int8: () => number
  readonly int16: () => number
  readonly int32: () => number
  /** Null as the empty text: only messages for people may be null here. */
  readonly text: () => string
  readonly array: <Entry>(read: () => Entry) => readonly Entry[]
  readonly tags: () => void
}

export const compactReader = (bytes: Buffer): CompactReader => {
  let at = 0
  const advance = (length: number): number => {
    at += length
    return at - length
  }
  const unsigned = (): number => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes.readUInt8(advance(1))
      value |= (byte & 0x7f) << shift
      if (byte <= 0x7f) return value
    }
  }
  return {
    int8: () => bytes.readInt8(advance(1)),
    int16: () => bytes.readInt16BE(advance(2)),
    int32: () => bytes.readInt32BE(advance(4)),
    text: () => {
      const length = Math.max(unsigned() - 1, 0)
      const start = advance(length)
      if (at > bytes.length) throw new RangeError(`a text of ${length} bytes goes beyond the end`)
      return bytes.toString('utf8', start, at)
    },
    array: (read) => Array.from({ length: Math.max(unsigned() - 1, 0) }, read),
    tags: () => {
      for (let left = unsigned(); left > 0; left--) {
        unsigned()
        advance(unsigned())
      }
    },
  }
}
