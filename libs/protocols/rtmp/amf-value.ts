import { RtmpError } from './rtmp-error.ts'

/** What AMF0 and AMF3 can say, as far as commands need it. Dates are milliseconds since 1970. */
export type AmfValue =
  | undefined
  | null
  | boolean
  | number
  | string
  | Date
  | Uint8Array
  | readonly AmfValue[]
  | AmfObject

export type AmfObject = { readonly [name: string]: AmfValue }

/** How deep values may lie within each other, and how many there may be in one message. */
export const maxDepth = 16
export const maxValues = 4096

/** Reads on through a message; whoever reads beyond its end gets an {@link RtmpError}. */
export type Cursor = {
  readonly u8: () => number
  readonly u16: () => number
  readonly u32: () => number
  readonly double: () => number
  readonly bytes: (count: number) => Buffer
  readonly text: (bytes: number) => string
  readonly left: () => number
  /** Counts a value, at this depth. */
  readonly enter: (depth: number) => void
}

export const cursorOf = (payload: Buffer, from = 0): Cursor => {
  let at = from
  let values = 0
  const take = (count: number): number => {
    if (at + count > payload.length)
      throw new RtmpError('rtmp.bad_amf', 'a value goes on behind the end of its message')
    at += count
    return at - count
  }
  return {
    u8: () => payload.readUInt8(take(1)),
    u16: () => payload.readUInt16BE(take(2)),
    u32: () => payload.readUInt32BE(take(4)),
    double: () => payload.readDoubleBE(take(8)),
    bytes: (count) => {
      const start = take(count)
      return payload.subarray(start, start + count)
    },
    text: (bytes) => {
      const start = take(bytes)
      return payload.toString('utf8', start, start + bytes)
    },
    left: () => payload.length - at,
    enter: (depth) => {
      values++
      if (depth > maxDepth) throw new RtmpError('rtmp.bad_amf', `values lie more than ${maxDepth} deep`)
      if (values > maxValues) throw new RtmpError('rtmp.bad_amf', `more than ${maxValues} values in one message`)
    },
  }
}

/** An object of names that the peer chose: none of them may mean anything to JavaScript. */
export const objectOf = (entries: readonly (readonly [string, AmfValue])[]): AmfObject => {
  const object: Record<string, AmfValue> = Object.create(null)
  for (const [name, value] of entries) object[name] = value
  return object
}

export const isAmfObject = (value: AmfValue): value is AmfObject =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Date) &&
  !(value instanceof Uint8Array)
