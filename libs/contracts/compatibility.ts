import { isDeepStrictEqual } from 'node:util'
import avsc from 'avsc'

/** As much of an Avro record as compatibility looks at. */
export type AvroRecord = {
  readonly name: string
  readonly namespace?: string
  readonly fields: readonly AvroField[]
}

type AvroField = {
  readonly name: string
  readonly type: unknown
  readonly default?: unknown
  readonly aliases?: unknown
}

const cannotRead = (reader: AvroRecord, writer: AvroRecord): readonly string[] => {
  try {
    avsc.Type.forSchema(reader as never).createResolver(avsc.Type.forSchema(writer as never))
    return []
  } catch (error) {
    return [(error as Error).message]
  }
}

type Symbols = { readonly symbols: readonly string[] }

const hasSymbols = (type: unknown): type is Symbols =>
  typeof type === 'object' && type !== null && 'symbols' in type && Array.isArray(type.symbols)

/** Whether a type of a field may become another one: it may gain symbols, and is the same otherwise. */
const mayBecome = (older: unknown, newer: unknown): boolean => {
  if (Array.isArray(older) && Array.isArray(newer))
    return older.length === newer.length && older.every((branch, index) => mayBecome(branch, newer[index]))
  if (!hasSymbols(older) || !hasSymbols(newer)) return isDeepStrictEqual(older, newer)
  const { symbols, ...rest } = older
  const { symbols: more, ...newRest } = newer
  return isDeepStrictEqual(rest, newRest) && symbols.every((symbol) => more.includes(symbol))
}

/**
 * Where Avro's resolution is laxer than a log that is kept for ever can be: it promotes types (bytes to string), knows
 * nothing of sealing, subjects and symbols, lets a default change under those who left the field out, and lets names
 * take the place of others by aliases.
 */
const laxities = (older: AvroRecord, newer: AvroRecord): readonly string[] => {
  const found: string[] = []
  if (older.name !== newer.name || older.namespace !== newer.namespace) found.push('the name of the record changes')
  for (const field of newer.fields) {
    if (field.aliases !== undefined) found.push(`${field.name} has aliases`)
    const before = older.fields.find(({ name }) => name === field.name)
    if (!before) continue
    if (!mayBecome(before.type, field.type)) found.push(`the type of ${field.name} changes`)
    if (!isDeepStrictEqual(before.default, field.default)) found.push(`the default of ${field.name} changes`)
  }
  return found
}

/**
 * What keeps two versions of a type from being FULL compatible: each must read what the other wrote. Asked for every
 * pair of versions it is FULL_TRANSITIVE.
 * @returns a sentence for each hindrance, none where they are compatible
 */
export const incompatibilities = (older: AvroRecord, newer: AvroRecord): readonly string[] => [
  ...cannotRead(newer, older).map((reason) => `the newer cannot read the older: ${reason}`),
  ...cannotRead(older, newer).map((reason) => `the older cannot read the newer: ${reason}`),
  ...laxities(older, newer),
]
