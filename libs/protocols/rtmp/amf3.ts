import { type AmfObject, type AmfValue, type Cursor, objectOf } from './amf-value.ts'
import { RtmpError } from './rtmp-error.ts'

/**
 * AMF 3 (specification of January 2013), as far as commands use it; vectors and dictionaries are refused:
 *
 *     value  = 0 undefined / 1 null / 2 false / 3 true / 4 u29 / 5 double / 6 text
 *            / 7 bytes (XML) / 8 date / 9 array / 10 object / 11 bytes (XML) / 12 bytes
 *     u29    = 1 to 4 bytes of 7 bits, high bit set where more follow; the fourth has 8 bits
 *     text   = u29(length << 1 | 1) UTF-8 / u29(reference << 1); the empty text has no reference
 *     array  = u29(count << 1 | 1) *( text value ) empty-text *value
 *     object = u29 of traits, inline or by reference, the values of sealed members, dynamic members as in arrays
 */
type Traits = { readonly names: readonly string[]; readonly isDynamic: boolean }

/** A decoder on a message, whose tables of texts, objects and traits begin empty. */
export const amf3Reader = (cursor: Cursor): ((depth: number) => AmfValue) => {
  const texts: string[] = []
  const objects: AmfValue[] = []
  const traits: Traits[] = []

  const known = <Item>(table: readonly Item[], index: number): Item => {
    if (index >= table.length) throw new RtmpError('rtmp.bad_amf', `a reference to ${index}, which is not there`)
    return table[index] as Item
  }

  const u29 = (): number => {
    let value = 0
    for (let index = 0; index < 3; index++) {
      const byte = cursor.u8()
      value = (value << 7) | (byte & 0x7f)
      if (byte < 0x80) return value
    }
    return (value << 8) | cursor.u8()
  }

  const text = (): string => {
    const head = u29()
    if ((head & 1) === 0) return known(texts, head >> 1)
    const found = cursor.text(head >> 1)
    if (found !== '') texts.push(found)
    return found
  }

  /** What has a place among the objects: a reference to one that was read, or a new one of this count. */
  const referred = (read: (count: number) => AmfValue): AmfValue => {
    const head = u29()
    if ((head & 1) === 0) return known(objects, head >> 1)
    const place = objects.push(null) - 1
    const found = read(head >> 1)
    objects[place] = found
    return found
  }

  const named = (depth: number): readonly (readonly [string, AmfValue])[] => {
    const entries: [string, AmfValue][] = []
    for (let name = text(); name !== ''; name = text()) entries.push([name, value(depth + 1)])
    return entries
  }

  /** A list, or, where it has names, an object with the list's values under their numbers. */
  const array = (count: number, depth: number): AmfValue => {
    const entries = named(depth)
    const values: AmfValue[] = []
    for (let index = 0; index < count; index++) values.push(value(depth + 1))
    return entries.length === 0
      ? values
      : objectOf([...entries, ...values.map((item, index) => [String(index), item] as const)])
  }

  const traitsOf = (head: number): Traits => {
    if ((head & 1) === 0) return known(traits, head >> 1)
    if ((head & 2) !== 0) throw new RtmpError('rtmp.bad_amf', 'an object of AMF 3 that only its class could read')
    const count = head >> 3
    text()
    const names: string[] = []
    for (let index = 0; index < count; index++) {
      cursor.enter(0)
      names.push(text())
    }
    const found = { names, isDynamic: (head & 4) !== 0 }
    traits.push(found)
    return found
  }

  const object = (head: number, depth: number): AmfObject => {
    const { names, isDynamic } = traitsOf(head)
    const sealed = names.map((name) => [name, value(depth + 1)] as const)
    return objectOf(isDynamic ? [...sealed, ...named(depth)] : sealed)
  }

  const value = (depth: number): AmfValue => {
    cursor.enter(depth)
    const type = cursor.u8()
    switch (type) {
      case 0:
        return undefined
      case 1:
        return null
      case 2:
        return false
      case 3:
        return true
      case 4:
        return (u29() << 3) >> 3
      case 5:
        return cursor.double()
      case 6:
        return text()
      case 7:
      case 11:
        return referred((count) => cursor.text(count))
      case 8:
        return referred(() => new Date(cursor.double()))
      case 9:
        return referred((count) => array(count, depth))
      case 10:
        return referred((head) => object(head, depth))
      case 12:
        return referred((count) => new Uint8Array(cursor.bytes(count)))
      default:
        throw new RtmpError('rtmp.bad_amf', `a value of AMF 3 of type ${type}`)
    }
  }

  return value
}
