import { printJson } from './json.ts'
import { namespaceOf, simpleName } from './names.ts'
import type { Attributes, Field, Json, NamedSchema, Schema } from './schema.ts'

/**
 * The one text of a schema, whatever the text that it was parsed from looked like: no white space, attributes in the
 * specification's order and after them those that are nobody's by name, `{"type":"string"}` as `"string"`, a namespace
 * only where it differs from the one around it, a type in full where it is met first and by its name from then on.
 * All that was said is kept, documentation and aliases too (unlike the Parsing Canonical Form, which is for reading).
 * @param external full names of types that are declared elsewhere, in references
 */
export const canonicalText = (schema: Schema, external: ReadonlySet<string> = new Set()): string =>
  printJson(jsonOf(schema, '', new Set(external)))

const sorted = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)))

const isEmpty = (attributes: Attributes): boolean => Object.keys(attributes).length === 0

const referenceTo = ({ name }: NamedSchema, namespace: string): string =>
  namespaceOf(name) === namespace ? simpleName(name) : name

const jsonOf = (schema: Schema, namespace: string, declared: Set<string>): Json => {
  switch (schema.type) {
    case 'union':
      return schema.branches.map((branch) => jsonOf(branch, namespace, declared))
    case 'array':
      return { type: 'array', items: jsonOf(schema.items, namespace, declared), ...sorted(schema.attributes) }
    case 'map':
      return { type: 'map', values: jsonOf(schema.values, namespace, declared), ...sorted(schema.attributes) }
    case 'record':
    case 'enum':
    case 'fixed':
      return declared.has(schema.name) ? referenceTo(schema, namespace) : declaration(schema, namespace, declared)
    default:
      return isEmpty(schema.attributes) ? schema.type : { type: schema.type, ...sorted(schema.attributes) }
  }
}

const declaration = (schema: NamedSchema, namespace: string, declared: Set<string>): Json => {
  declared.add(schema.name)
  const own = namespaceOf(schema.name)
  const type = schema.type === 'record' && schema.isError ? 'error' : schema.type
  return {
    type,
    name: simpleName(schema.name),
    ...(own !== namespace && { namespace: own }),
    ...(schema.doc !== undefined && { doc: schema.doc }),
    ...partsOf(schema, own, declared),
    ...(schema.aliases.length > 0 && { aliases: schema.aliases }),
    ...sorted(schema.attributes),
  }
}

const partsOf = (schema: NamedSchema, namespace: string, declared: Set<string>): { readonly [name: string]: Json } => {
  switch (schema.type) {
    case 'record':
      return { fields: schema.fields.map((field) => fieldJson(field, namespace, declared)) }
    case 'enum':
      return { symbols: schema.symbols, ...(schema.default !== undefined && { default: schema.default }) }
    case 'fixed':
      return { size: schema.size }
  }
}

const fieldJson = (field: Field, namespace: string, declared: Set<string>): Json => ({
  name: field.name,
  type: jsonOf(field.schema, namespace, declared),
  ...(field.doc !== undefined && { doc: field.doc }),
  ...(field.default !== undefined && { default: field.default }),
  ...(field.order && field.order !== 'ascending' && { order: field.order }),
  ...(field.aliases.length > 0 && { aliases: field.aliases }),
  ...sorted(field.attributes),
})
