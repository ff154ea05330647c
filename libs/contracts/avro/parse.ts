import { assertDefault } from './defaults.ts'
import { AvroSchemaError } from './errors.ts'
import { isObject, parseJson } from './json.ts'
import { assertFullName, assertName, fullName, isPrimitive, namespaceOf } from './names.ts'
import type { Attributes, EnumSchema, Field, FixedSchema, Json, NamedSchema, RecordSchema, Schema } from './schema.ts'

/** Types nested deeper than this are refused. */
const DEEPEST = 64

type Members = { readonly [name: string]: Json }

/** Where in the text the parser is: what surrounds a type. */
type Surroundings = { readonly namespace: string; readonly depth: number }

type Parser = {
  /** Types that have a name by now: those of references, and those met so far. */
  readonly named: Map<string, NamedSchema>
  /** Looked at last, when every type is complete. */
  readonly defaults: (() => void)[]
}

/**
 * Parses an Avro schema from JSON.
 * @param known types that the text may use without declaring them, by full name; not changed
 * @throws AvroSchemaError with what is wrong
 */
export const parseSchema = (text: string, known: ReadonlyMap<string, NamedSchema> = new Map()): Schema => {
  const parser: Parser = { named: new Map(known), defaults: [] }
  const schema = parse(parser, parseJson(text), { namespace: '', depth: 0 })
  for (const check of parser.defaults) check()
  return schema
}

const parse = (parser: Parser, json: Json, around: Surroundings): Schema => {
  if (around.depth > DEEPEST) throw new AvroSchemaError(`types are nested deeper than ${DEEPEST}`)
  const within = { ...around, depth: around.depth + 1 }
  if (typeof json === 'string') return reference(parser, json, around)
  if (Array.isArray(json)) return union(parser, json, within)
  if (!isObject(json)) throw new AvroSchemaError('a type is a string, an array or an object')
  const { type } = json
  if (typeof type !== 'string') {
    if (type === undefined) throw new AvroSchemaError('a type has no `type`')
    return parse(parser, type, within)
  }
  switch (type) {
    case 'record':
    case 'error':
      return record(parser, json, within)
    case 'enum':
      return enumeration(parser, json, within)
    case 'fixed':
      return fixed(parser, json, within)
    case 'array':
      return {
        type,
        items: parse(parser, member(json, 'items'), within),
        attributes: attributesOf(json, ['type', 'items']),
      }
    case 'map':
      return {
        type,
        values: parse(parser, member(json, 'values'), within),
        attributes: attributesOf(json, ['type', 'values']),
      }
    default:
      return isPrimitive(type) ? { type, attributes: attributesOf(json, ['type']) } : reference(parser, type, around)
  }
}

const member = (json: Members, name: string): Json => {
  const value = json[name]
  if (value === undefined) throw new AvroSchemaError(`${json.type} has no \`${name}\``)
  return value
}

const attributesOf = (json: Members, known: readonly string[]): Attributes =>
  Object.fromEntries(Object.entries(json).filter(([name]) => !known.includes(name)))

const reference = ({ named }: Parser, name: string, { namespace }: Surroundings): Schema => {
  if (isPrimitive(name)) return { type: name, attributes: {} }
  const found = named.get(fullName(name, namespace)) ?? named.get(name)
  if (!found) throw new AvroSchemaError(`the type "${name}" is not known`)
  return found
}

const union = (parser: Parser, json: readonly Json[], around: Surroundings): Schema => {
  const branches = json.map((branch) => parse(parser, branch, around))
  const seen = new Set<string>()
  for (const branch of branches) {
    if (branch.type === 'union') throw new AvroSchemaError('a union is directly within a union')
    const key = 'name' in branch ? branch.name : branch.type
    if (seen.has(key)) throw new AvroSchemaError(`a union holds ${key} twice`)
    seen.add(key)
  }
  return { type: 'union', branches }
}

const texts = (json: Json | undefined, what: string): readonly string[] => {
  if (json === undefined) return []
  if (Array.isArray(json) && json.every((entry) => typeof entry === 'string')) return json
  throw new AvroSchemaError(`${what} is no list of strings`)
}

const docOf = ({ doc }: Members): { readonly doc?: string } => (typeof doc === 'string' ? { doc } : {})

/** What every named type has, and its namespace, in which the names within it are read. */
const header = (json: Members, around: Surroundings) => {
  const { name, namespace } = json
  if (typeof name !== 'string') throw new AvroSchemaError(`${json.type} has no name`)
  if (namespace !== undefined && namespace !== null && typeof namespace !== 'string')
    throw new AvroSchemaError(`the namespace of ${name} is no string`)
  const full = fullName(name, namespace ?? around.namespace).replace(/^\./, '')
  assertFullName(full)
  const own = namespaceOf(full)
  const aliases = texts(json.aliases, `aliases of ${name}`).map((alias) => fullName(alias, own))
  for (const alias of aliases) assertFullName(alias)
  return { own, common: { name: full, aliases, ...docOf(json) } }
}

const declare = ({ named }: Parser, schema: NamedSchema): void => {
  if (named.has(schema.name)) throw new AvroSchemaError(`the type "${schema.name}" is declared twice`)
  named.set(schema.name, schema)
}

const namedMembers = ['type', 'name', 'namespace', 'aliases', 'doc']

const record = (parser: Parser, json: Members, around: Surroundings): RecordSchema => {
  const { own, common } = header(json, around)
  const entries = member(json, 'fields')
  if (!Array.isArray(entries)) throw new AvroSchemaError(`fields of ${common.name} are no list`)
  const fields: Field[] = []
  const attributes = attributesOf(json, [...namedMembers, 'fields'])
  const schema: RecordSchema = { ...common, type: 'record', isError: json.type === 'error', fields, attributes }
  // Before its fields, which may be of this very type.
  declare(parser, schema)
  for (const entry of entries) fields.push(fieldOf(parser, entry, common.name, { ...around, namespace: own }))
  assertUnique(
    fields.map(({ name }) => name),
    `field of ${common.name}`,
  )
  return schema
}

const assertUnique = (names: readonly string[], what: string): void => {
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) throw new AvroSchemaError(`there are two of the ${what} "${name}"`)
    seen.add(name)
  }
}

const orders = ['ascending', 'descending', 'ignore'] as const

const fieldOf = (parser: Parser, json: Json, owner: string, around: Surroundings): Field => {
  if (!isObject(json) || typeof json.name !== 'string') throw new AvroSchemaError(`a field of ${owner} has no name`)
  const { name, order } = json
  assertName(name, `a field of ${owner}`)
  if (json.type === undefined) throw new AvroSchemaError(`the field ${name} of ${owner} has no type`)
  const known = orders.find((one) => one === order)
  if (order !== undefined && known === undefined)
    throw new AvroSchemaError(`the order of ${name} in ${owner} is unknown`)
  const aliases = texts(json.aliases, `aliases of ${name}`)
  for (const alias of aliases) assertName(alias, `an alias of ${name}`)
  const field: Field = {
    name,
    aliases,
    schema: parse(parser, json.type, around),
    ...docOf(json),
    ...(json.default !== undefined && { default: json.default }),
    ...(known && { order: known }),
    attributes: attributesOf(json, ['name', 'type', 'aliases', 'doc', 'default', 'order']),
  }
  parser.defaults.push(() => assertDefault(field, owner))
  return field
}

const enumeration = (parser: Parser, json: Members, around: Surroundings): EnumSchema => {
  const { common } = header(json, around)
  const symbols = texts(member(json, 'symbols'), `symbols of ${common.name}`)
  for (const symbol of symbols) assertName(symbol, `a symbol of ${common.name}`)
  assertUnique(symbols, `symbol of ${common.name}`)
  const { default: fallback } = json
  if (fallback !== undefined && !(typeof fallback === 'string' && symbols.includes(fallback)))
    throw new AvroSchemaError(`the default of ${common.name} is none of its symbols`)
  const attributes = attributesOf(json, [...namedMembers, 'symbols', 'default'])
  const schema: EnumSchema = {
    ...common,
    type: 'enum',
    symbols,
    ...(fallback !== undefined && { default: fallback }),
    attributes,
  }
  declare(parser, schema)
  return schema
}

const fixed = (parser: Parser, json: Members, around: Surroundings): FixedSchema => {
  const { common } = header(json, around)
  const size = member(json, 'size')
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw new AvroSchemaError(`the size of ${common.name} is no number of bytes`)
  const schema: FixedSchema = {
    ...common,
    type: 'fixed',
    size,
    attributes: attributesOf(json, [...namedMembers, 'size']),
  }
  declare(parser, schema)
  return schema
}
