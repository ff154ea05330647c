import { type AmfObject, type AmfValue, type Cursor, cursorOf, isAmfObject, objectOf } from './amf-value.ts'
import { amf3Reader } from './amf3.ts'
import { RtmpError } from './rtmp-error.ts'

/**
 * AMF 0 (specification of 2007), values one behind the other:
 *
 *     value   = 0 double / 1 u8 / 2 text16 / 3 members / 5 null / 6 undefined / 7 index(16)
 *             / 8 count(32) members / 10 count(32) *value / 11 double zone(16) / 12 text32
 *             / 15 text32 / 16 text16 members / 17 value of AMF 3
 *     members = *( text16 value ) empty-text16 9
 */
const marker = {
  number: 0,
  boolean: 1,
  string: 2,
  object: 3,
  null: 5,
  undefined: 6,
  reference: 7,
  ecmaArray: 8,
  objectEnd: 9,
  strictArray: 10,
  date: 11,
  longString: 12,
  unsupported: 13,
  xml: 15,
  typedObject: 16,
  amf3: 17,
} as const

/** A decoder of one message: references count from its first object. */
const reader = (cursor: Cursor): (() => AmfValue) => {
  const objects: AmfValue[] = []
  const amf3 = amf3Reader(cursor)

  const members = (depth: number): AmfObject => {
    const place = objects.push(null) - 1
    const entries: [string, AmfValue][] = []
    for (;;) {
      const name = cursor.text(cursor.u16())
      if (name === '') {
        if (cursor.u8() !== marker.objectEnd) throw new RtmpError('rtmp.bad_amf', 'an object has a member without name')
        break
      }
      entries.push([name, value(depth + 1)])
    }
    const object = objectOf(entries)
    objects[place] = object
    return object
  }

  const list = (depth: number): readonly AmfValue[] => {
    const place = objects.push(null) - 1
    const count = cursor.u32()
    const values: AmfValue[] = []
    for (let index = 0; index < count; index++) values.push(value(depth + 1))
    objects[place] = values
    return values
  }

  const value = (depth: number): AmfValue => {
    cursor.enter(depth)
    const type = cursor.u8()
    switch (type) {
      case marker.number:
        return cursor.double()
      case marker.boolean:
        return cursor.u8() !== 0
      case marker.string:
        return cursor.text(cursor.u16())
      case marker.object:
        return members(depth)
      case marker.null:
        return null
      case marker.undefined:
      case marker.unsupported:
        return undefined
      case marker.reference: {
        const index = cursor.u16()
        if (index >= objects.length)
          throw new RtmpError('rtmp.bad_amf', `a reference to object ${index}, which is not there`)
        return objects[index]
      }
      case marker.ecmaArray:
        // The count is a hint alone: the end is marked as that of an object.
        cursor.u32()
        return members(depth)
      case marker.strictArray:
        return list(depth)
      case marker.date: {
        const time = cursor.double()
        cursor.u16()
        return new Date(time)
      }
      case marker.longString:
      case marker.xml:
        return cursor.text(cursor.u32())
      case marker.typedObject:
        cursor.text(cursor.u16())
        return members(depth)
      case marker.amf3:
        return amf3(depth + 1)
      default:
        throw new RtmpError('rtmp.bad_amf', `a value of AMF 0 of type ${type}`)
    }
  }

  return () => value(0)
}

/** All values of a message. Throws {@link RtmpError} for what is none, lies too deep or is too much. */
export const decodeAmf0 = (payload: Buffer, from = 0): readonly AmfValue[] => {
  const cursor = cursorOf(payload, from)
  const next = reader(cursor)
  const values: AmfValue[] = []
  while (cursor.left() > 0) values.push(next())
  return values
}

const text16 = (text: string): Buffer => {
  const bytes = Buffer.from(text)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}

const encodeMembers = (object: AmfObject): Buffer =>
  Buffer.concat([
    ...Object.entries(object).flatMap(([name, value]) => [text16(name), encodeValue(value)]),
    Buffer.of(0, 0, marker.objectEnd),
  ])

const encodeText = (text: string): Buffer => {
  const bytes = Buffer.from(text)
  if (bytes.length <= 0xffff) return Buffer.concat([Buffer.of(marker.string), text16(text)])
  const head = Buffer.of(marker.longString, 0, 0, 0, 0)
  head.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}

const encodeValue = (value: AmfValue): Buffer => {
  if (value === null) return Buffer.of(marker.null)
  if (typeof value === 'boolean') return Buffer.of(marker.boolean, value ? 1 : 0)
  if (typeof value === 'string') return encodeText(value)
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9)
    bytes.writeDoubleBE(value, 1)
    return bytes
  }
  if (value instanceof Date) {
    const bytes = Buffer.alloc(11)
    bytes[0] = marker.date
    bytes.writeDoubleBE(value.getTime(), 1)
    return bytes
  }
  if (Array.isArray(value)) {
    const head = Buffer.of(marker.strictArray, 0, 0, 0, 0)
    head.writeUInt32BE(value.length, 1)
    return Buffer.concat([head, ...value.map(encodeValue)])
  }
  if (isAmfObject(value)) return Buffer.concat([Buffer.of(marker.object), encodeMembers(value)])
  return Buffer.of(marker.undefined)
}

/** Values one behind the other; bytes have no form in AMF 0 and become undefined. */
export const encodeAmf0 = (values: readonly AmfValue[]): Buffer => Buffer.concat(values.map(encodeValue))
