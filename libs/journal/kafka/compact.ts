/**
 * The flexible forms of Kafka's protocol (KIP-482): lengths are unsigned varints of one more than they are, 0 stands for
 * null, and each structure ends in tagged fields. kafkajs speaks none of them; what it writes and reads as a header is
 * one byte short of the flexible one, so a body begins with it here.
 */

/** Writes a body. Each call returns the writer. */
export type CompactWriter = {
  readonly boolean: (value: boolean) => CompactWriter
  readonly int16: (value: number) => CompactWriter
  readonly int32: (value: number) => CompactWriter
  readonly int64: (value: bigint) => CompactWriter
  readonly text: (value: string | null) => CompactWriter
  readonly bytes: (value: Buffer) => CompactWriter
  readonly array: <Item>(items: readonly Item[], write: (item: Item) => unknown) => CompactWriter
  /** Ends a structure, with no tagged fields. */
  readonly end: () => CompactWriter
  readonly buffer: () => Buffer
}

const NO_TAGS = Buffer.from([0])

const varint = (value: number): Buffer => {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  bytes.push(rest)
  return Buffer.from(bytes)
}

const fixed = (size: number, write: (bytes: Buffer) => void): Buffer => {
  const bytes = Buffer.allocUnsafe(size)
  write(bytes)
  return bytes
}

export const compactWriter = (): CompactWriter => {
  const parts: Buffer[] = [NO_TAGS]
  const push = (...bytes: readonly Buffer[]): CompactWriter => {
    parts.push(...bytes)
    return writer
  }
  const writer: CompactWriter = {
    boolean: (value) => push(Buffer.from([value ? 1 : 0])),
    int16: (value) => push(fixed(2, (bytes) => bytes.writeInt16BE(value))),
    int32: (value) => push(fixed(4, (bytes) => bytes.writeInt32BE(value))),
    int64: (value) => push(fixed(8, (bytes) => bytes.writeBigInt64BE(value))),
    text: (value) => (value === null ? push(varint(0)) : writer.bytes(Buffer.from(value))),
    bytes: (value) => push(varint(value.length + 1), value),
    array: (items, write) => {
      push(varint(items.length + 1))
      for (const item of items) write(item)
      return writer
    },
    end: () => push(NO_TAGS),
    buffer: () => Buffer.concat(parts),
  }
  return writer
}

/** Reads a body, field by field. Each throws a RangeError where the bytes end early. */
export type CompactReader = {
  readonly int16: () => number
  readonly int32: () => number
  readonly int64: () => bigint
  readonly text: () => string | null
  /** Of null as of an empty one. */
  readonly array: <Item>(read: () => Item) => readonly Item[]
  /** Ends a structure. @returns its tagged fields, by their tags */
  readonly end: () => ReadonlyMap<number, Buffer>
}

export const compactReader = (bytes: Buffer, { headed = true }: { readonly headed?: boolean } = {}): CompactReader => {
  let at = 0
  const skip = (size: number): number => {
    at += size
    return at - size
  }
  const slice = (size: number): Buffer => {
    if (at + size > bytes.length) throw new RangeError('the bytes end early')
    return bytes.subarray(skip(size), at)
  }
  const readVarint = (): number => {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = bytes.readUInt8(skip(1))
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
    throw new RangeError('a length has more than 32 bits')
  }
  const times = <Item>(count: number, read: () => Item): readonly Item[] => {
    const items: Item[] = []
    for (let left = count; left > 0; left--) items.push(read())
    return items
  }
  const reader: CompactReader = {
    int16: () => bytes.readInt16BE(skip(2)),
    int32: () => bytes.readInt32BE(skip(4)),
    int64: () => bytes.readBigInt64BE(skip(8)),
    text: () => {
      const length = readVarint()
      return length === 0 ? null : slice(length - 1).toString()
    },
    array: (read) => times(readVarint() - 1, read),
    end: () => new Map(times(readVarint(), () => [readVarint(), slice(readVarint())] as const)),
  }
  if (headed) reader.end()
  return reader
}
