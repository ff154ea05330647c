import { isDeepStrictEqual } from 'node:util'
import { printJson } from './json.ts'
import { simpleName } from './names.ts'
import {
  type Attributes,
  type EnumSchema,
  type Field,
  isNamed,
  type Json,
  type NamedSchema,
  type RecordSchema,
  type Schema,
  titleOf,
  type UnionSchema,
} from './schema.ts'

/** Pairs of named types that have been told of: each change is told once, and recursion ends. */
type Told = Map<Schema, Set<Schema>>

/**
 * What changed between two versions of a schema, a sentence each, that begins with the place: `Post.topic: added …`.
 * @returns none where both say the same
 */
export const changesBetween = (older: Schema, newer: Schema): readonly string[] =>
  changes(older, newer, isNamed(newer) ? simpleName(newer.name) : 'The schema', new Map())

const changes = (older: Schema, newer: Schema, at: string, told: Told): readonly string[] => {
  if (isNamed(older) && isNamed(newer)) {
    const before = told.get(older) ?? new Set()
    if (before.has(newer)) return []
    told.set(older, before.add(newer))
  }
  if (older.type !== newer.type) return [`${at}: was ${titleOf(older)}, and is ${titleOf(newer)}`]
  if (older.type === 'union' && newer.type === 'union') return ofUnions(older, newer, at, told)
  if (older.type === 'union' || newer.type === 'union') return []
  return [...ofParts(older, newer, at, told), ...ofAttributes(older.attributes, newer.attributes, at)]
}

const ofParts = (older: Schema, newer: Schema, at: string, told: Told): readonly string[] => {
  if (older.type === 'array' && newer.type === 'array') return changes(older.items, newer.items, `${at}[]`, told)
  if (older.type === 'map' && newer.type === 'map') return changes(older.values, newer.values, `${at}{}`, told)
  if (!isNamed(older) || !isNamed(newer)) return []
  const named = ofNames(older, newer, at)
  if (older.type === 'record' && newer.type === 'record') return [...named, ...ofFields(older, newer, at, told)]
  if (older.type === 'enum' && newer.type === 'enum') return [...named, ...ofSymbols(older, newer, at)]
  if (older.type === 'fixed' && newer.type === 'fixed' && older.size !== newer.size)
    return [...named, `${at}: had ${older.size} bytes, and has ${newer.size}`]
  return named
}

const ofNames = (older: NamedSchema, newer: NamedSchema, at: string): readonly string[] => [
  ...(older.name === newer.name ? [] : [`${at}: the type was called ${older.name}, and is called ${newer.name}`]),
  ...ofLists(older.aliases, newer.aliases, at, 'alias'),
  ...(older.doc === newer.doc ? [] : [`${at}: is documented in other words`]),
]

const ofLists = (older: readonly string[], newer: readonly string[], at: string, what: string): readonly string[] => [
  ...newer.filter((one) => !older.includes(one)).map((one) => `${at}: has the ${what} ${one} now`),
  ...older.filter((one) => !newer.includes(one)).map((one) => `${at}: has the ${what} ${one} no more`),
]

/** Whether what both have comes in another order. @param order places in the older, in the order of the newer */
const isMoved = (order: readonly number[]): boolean =>
  order.some((index, position) => position > 0 && index < (order[position - 1] ?? 0))

const ofSymbols = (older: EnumSchema, newer: EnumSchema, at: string): readonly string[] => [
  ...ofLists(older.symbols, newer.symbols, at, 'symbol'),
  ...(isMoved(newer.symbols.map((symbol) => older.symbols.indexOf(symbol)).filter((index) => index >= 0))
    ? [`${at}: its symbols are in another order`]
    : []),
  ...ofDefaults(older.default, newer.default, at),
]

const ofDefaults = (older: Json | undefined, newer: Json | undefined, at: string): readonly string[] => {
  if (isDeepStrictEqual(older, newer)) return []
  if (older === undefined && newer !== undefined) return [`${at}: has the default ${printJson(newer)} now`]
  if (older !== undefined && newer === undefined) return [`${at}: has no default any more (it was ${printJson(older)})`]
  return [`${at}: the default was ${printJson(older ?? null)}, and is ${printJson(newer ?? null)}`]
}

/** A field that is new by name, but has the name of one that went as its alias, is that field under another name. */
const formerly = (field: Field, older: RecordSchema, newer: RecordSchema): Field | undefined =>
  older.fields.find(({ name }) => name === field.name) ??
  older.fields.find(({ name }) => field.aliases.includes(name) && !newer.fields.some((other) => other.name === name))

const ofFields = (older: RecordSchema, newer: RecordSchema, at: string, told: Told): readonly string[] => {
  const kept = newer.fields.map((field) => ({ field, before: formerly(field, older, newer) }))
  const gone = older.fields.filter((field) => !kept.some(({ before }) => before === field))
  const order = kept.flatMap(({ before }) => (before ? [older.fields.indexOf(before)] : []))
  const moved = isMoved(order)
  return [
    ...kept.flatMap(({ field, before }) =>
      before
        ? ofField(before, field, `${at}.${field.name}`, told)
        : [`${at}.${field.name}: added, ${described(field)}`],
    ),
    ...gone.map((field) => `${at}.${field.name}: taken away; it was ${described(field)}`),
    ...(moved ? [`${at}: its fields are in another order`] : []),
  ]
}

const described = ({ schema, default: fallback }: Field): string =>
  `${titleOf(schema)} ${fallback === undefined ? 'without a default' : `with the default ${printJson(fallback)}`}`

const ofField = (older: Field, newer: Field, at: string, told: Told): readonly string[] => [
  ...(older.name === newer.name ? [] : [`${at}: was called ${older.name}, which is an alias now`]),
  ...changes(older.schema, newer.schema, at, told),
  ...ofDefaults(older.default, newer.default, at),
  ...((older.order ?? 'ascending') === (newer.order ?? 'ascending')
    ? []
    : [`${at}: sorts ${newer.order ?? 'ascending'}, and sorted ${older.order ?? 'ascending'}`]),
  ...ofLists(
    older.aliases,
    newer.aliases.filter((alias) => alias !== older.name),
    at,
    'alias',
  ),
  ...(older.doc === newer.doc ? [] : [`${at}: is documented in other words`]),
  ...ofAttributes(older.attributes, newer.attributes, at),
]

const keyOf = (schema: Schema): string => (isNamed(schema) ? schema.name : schema.type)

const ofUnions = (older: UnionSchema, newer: UnionSchema, at: string, told: Told): readonly string[] => {
  const [before, after] = [older, newer].map(({ branches }) => new Map(branches.map((one) => [keyOf(one), one])))
  const added = newer.branches.filter((branch) => !before?.has(keyOf(branch)))
  const gone = older.branches.filter((branch) => !after?.has(keyOf(branch)))
  const places = [...(before?.keys() ?? [])]
  const order = newer.branches.map((branch) => places.indexOf(keyOf(branch))).filter((index) => index >= 0)
  return [
    ...added.map((branch) => `${at}: may be ${titleOf(branch)} now`),
    ...gone.map((branch) => `${at}: may be ${titleOf(branch)} no more`),
    ...(isMoved(order) ? [`${at}: its branches are in another order`] : []),
    ...newer.branches.flatMap((branch) => {
      const former = before?.get(keyOf(branch))
      return former ? changes(former, branch, at, told) : []
    }),
  ]
}

const ofAttributes = (older: Attributes, newer: Attributes, at: string): readonly string[] =>
  [...new Set([...Object.keys(older), ...Object.keys(newer)])].flatMap((name) => {
    const [before, after] = [older[name], newer[name]]
    if (isDeepStrictEqual(before, after)) return []
    if (before === undefined) return [`${at}: has the attribute ${name} now, ${printJson(after ?? null)}`]
    if (after === undefined) return [`${at}: has the attribute ${name} no more`]
    return [`${at}: the attribute ${name} was ${printJson(before)}, and is ${printJson(after)}`]
  })
