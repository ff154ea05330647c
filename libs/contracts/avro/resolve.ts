import { AvroTooComplex } from './errors.ts'
import type { Incompatibility, IncompatibilityType } from './incompatibility.ts'
import { simpleName } from './names.ts'
import {
  type EnumSchema,
  type Field,
  type FixedSchema,
  listed,
  type NamedSchema,
  type Primitive,
  type RecordSchema,
  type Schema,
  titleOf,
  type UnionSchema,
} from './schema.ts'

/** Pairs of schemas that are compared before it is given up; ordinary ones take some hundreds. */
const MOST_COMPARED = 50_000

/** What a reader may take besides its own type (specification, "Schema Resolution": promotions). */
const promotions: Readonly<Partial<Record<Primitive, readonly string[]>>> = {
  long: ['int'],
  float: ['int', 'long'],
  double: ['int', 'long', 'float'],
  string: ['bytes'],
  bytes: ['string'],
}

type Pairs = Map<Schema, Map<Schema, readonly Incompatibility[] | 'under way'>>

type Comparison = {
  readonly known: Pairs
  /** Pairs found compatible, in the order in which they were. */
  readonly found: (readonly [Schema, Schema])[]
  compared: number
}

/**
 * What keeps a reader from reading whatever a writer may have written, by the specification's rules of schema resolution.
 * @returns none where every value can be read
 * @throws AvroTooComplex
 */
export const incompatibilitiesOf = (reader: Schema, writer: Schema): readonly Incompatibility[] =>
  compare({ known: new Map(), found: [], compared: 0 }, reader, writer, '')

/**
 * A pair that is met again within itself (recursive types) is taken to be compatible, which holds if everything else is.
 * So what was found compatible on that assumption is forgotten where the outer pair turns out not to be: a union may go
 * on with another branch then. What was found incompatible stays so on any assumption.
 */
const compare = (comparison: Comparison, reader: Schema, writer: Schema, path: string): readonly Incompatibility[] => {
  const { known, found } = comparison
  const ofReader = known.get(reader) ?? new Map()
  known.set(reader, ofReader)
  const before = ofReader.get(writer)
  if (before === 'under way') return []
  if (before) return before
  comparison.compared += 1
  if (comparison.compared > MOST_COMPARED) throw new AvroTooComplex('the schemas are too intricate to be compared')
  ofReader.set(writer, 'under way')
  const mark = found.length
  const result = resolve(comparison, reader, writer, path)
  ofReader.set(writer, result)
  if (result.length === 0) found.push([reader, writer])
  else for (const [innerReader, innerWriter] of found.splice(mark)) known.get(innerReader)?.delete(innerWriter)
  return result
}

const resolve = (comparison: Comparison, reader: Schema, writer: Schema, path: string): readonly Incompatibility[] => {
  if (writer.type === 'union') return ofWriterUnion(comparison, reader, writer, path)
  if (reader.type === 'union') return ofReaderUnion(comparison, reader, writer, path)
  switch (reader.type) {
    case 'array':
      if (writer.type === 'array') return compare(comparison, reader.items, writer.items, `${path}/items`)
      break
    case 'map':
      if (writer.type === 'map') return compare(comparison, reader.values, writer.values, `${path}/values`)
      break
    case 'fixed':
      if (writer.type === 'fixed') return [...ofNames(reader, writer, path), ...ofSizes(reader, writer, path)]
      break
    case 'enum':
      if (writer.type === 'enum') return [...ofNames(reader, writer, path), ...ofSymbols(reader, writer, path)]
      break
    case 'record':
      if (writer.type === 'record')
        return [...ofNames(reader, writer, path), ...ofFields(comparison, reader, writer, path)]
      break
    default:
      if (reader.type === writer.type || promotions[reader.type]?.includes(writer.type)) return []
  }
  return [one('TYPE_MISMATCH', path, `a reader of ${titleOf(reader)} cannot read ${titleOf(writer)}`, titleOf(writer))]
}

const one = (type: IncompatibilityType, path: string, message: string, subject: string): Incompatibility => ({
  type,
  path: path || '/',
  message,
  subject,
})

/** Any branch may have been written, so the reader has to read each. */
const ofWriterUnion = (
  comparison: Comparison,
  reader: Schema,
  writer: UnionSchema,
  path: string,
): readonly Incompatibility[] =>
  writer.branches.flatMap((branch, index) =>
    compare(comparison, reader, branch, reader.type === 'union' ? path : `${path}/${index}`),
  )

/** One branch that reads it is enough. */
const ofReaderUnion = (
  comparison: Comparison,
  reader: UnionSchema,
  writer: Schema,
  path: string,
): readonly Incompatibility[] => {
  const reads = reader.branches.some(
    (branch, index) => compare(comparison, branch, writer, `${path}/${index}`).length === 0,
  )
  if (reads) return []
  const message = `no branch of the reader's union (${listed(reader.branches.map(titleOf))}) reads ${titleOf(writer)}`
  return [one('MISSING_UNION_BRANCH', path, message, titleOf(writer))]
}

/** Names match without their namespaces; an alias of the reader is the full name of the writer's type. */
const ofNames = (reader: NamedSchema, writer: NamedSchema, path: string): readonly Incompatibility[] => {
  if (simpleName(reader.name) === simpleName(writer.name) || reader.aliases.includes(writer.name)) return []
  const message = `the reader's ${titleOf(reader)} is neither named nor aliased ${writer.name}`
  return [one('NAME_MISMATCH', `${path}/name`, message, writer.name)]
}

const ofSizes = (reader: FixedSchema, writer: FixedSchema, path: string): readonly Incompatibility[] => {
  if (reader.size === writer.size) return []
  const message = `the reader's ${titleOf(reader)} has ${reader.size} bytes, the writer's ${writer.size}`
  return [one('FIXED_SIZE_MISMATCH', `${path}/size`, message, String(writer.size))]
}

/** A reader with a default takes it for symbols that it does not know. */
const ofSymbols = (reader: EnumSchema, writer: EnumSchema, path: string): readonly Incompatibility[] => {
  const own = new Set(reader.symbols)
  const missing = writer.symbols.filter((symbol) => !own.has(symbol))
  if (missing.length === 0 || reader.default !== undefined) return []
  const message = `the reader's ${titleOf(reader)} lacks ${listed(missing)} and has no default`
  return [one('MISSING_ENUM_SYMBOLS', `${path}/symbols`, message, listed(missing))]
}

/** Fields of the reader come from the writer's of the same name or an alias, else from the default. */
const ofFields = (
  comparison: Comparison,
  reader: RecordSchema,
  writer: RecordSchema,
  path: string,
): readonly Incompatibility[] => {
  const written = new Map(writer.fields.map((field) => [field.name, field]))
  return reader.fields.flatMap((field, index) => {
    const at = `${path}/fields/${index}`
    const names = new Set([field.name, ...field.aliases])
    const [source, other] = [...names].flatMap((name) => written.get(name) ?? [])
    if (source && other) return [ambiguous(field, source, other, at)]
    if (source) return compare(comparison, field.schema, source.schema, `${at}/type`)
    if (field.default !== undefined) return []
    const message = `the reader's field ${field.name} has no default, and the writer's ${titleOf(writer)} has no such field`
    return [one('READER_FIELD_MISSING_DEFAULT_VALUE', at, message, field.name)]
  })
}

const ambiguous = (field: Field, source: Field, other: Field, path: string): Incompatibility => {
  const message = `the reader's field ${field.name} is by name and alias both ${source.name} and ${other.name} of the writer`
  return one('NAME_MISMATCH', path, message, field.name)
}
