/** Types without a name or parts of their own. */
export const primitives = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const

export type Primitive = (typeof primitives)[number]

/** A value of a schema's JSON; integers beyond 2^53 are bigints, so that none is changed by being read. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | { readonly [name: string]: Json }

/** What the specification gives no meaning here: logical types and what people add. Kept, and never compared. */
export type Attributes = Readonly<Record<string, Json>>

/**
 * A parsed Avro schema (Apache Avro specification 1.12, "Schema Declaration"). A named type that is used again is the
 * same object, so a recursive schema is a graph with cycles. Names and aliases of types are full names.
 */
export type Schema = PrimitiveSchema | ArraySchema | MapSchema | UnionSchema | NamedSchema

export type NamedSchema = RecordSchema | EnumSchema | FixedSchema

export type PrimitiveSchema = { readonly type: Primitive; readonly attributes: Attributes }

export type ArraySchema = { readonly type: 'array'; readonly items: Schema; readonly attributes: Attributes }

export type MapSchema = { readonly type: 'map'; readonly values: Schema; readonly attributes: Attributes }

export type UnionSchema = { readonly type: 'union'; readonly branches: readonly Schema[] }

type Named = {
  readonly name: string
  readonly aliases: readonly string[]
  readonly doc?: string
  readonly attributes: Attributes
}

export type RecordSchema = Named & {
  readonly type: 'record'
  /** Declared as `error`, which differs from a record in protocols alone. */
  readonly isError: boolean
  readonly fields: readonly Field[]
}

export type EnumSchema = Named & {
  readonly type: 'enum'
  readonly symbols: readonly string[]
  /** What a reader takes for a symbol that it does not know. */
  readonly default?: string
}

export type FixedSchema = Named & { readonly type: 'fixed'; readonly size: number }

export type Field = {
  readonly name: string
  readonly aliases: readonly string[]
  readonly schema: Schema
  readonly doc?: string
  /** Absent where there is none: null is a default too. */
  readonly default?: Json
  readonly order?: 'ascending' | 'descending' | 'ignore'
  readonly attributes: Attributes
}

export const isNamed = (schema: Schema): schema is NamedSchema =>
  schema.type === 'record' || schema.type === 'enum' || schema.type === 'fixed'

const MOST_LISTED = 12

/** Names in a sentence; of many the first ones. */
export const listed = (names: readonly string[]): string =>
  names.length <= MOST_LISTED
    ? names.join(', ')
    : `${names.slice(0, MOST_LISTED).join(', ')} and ${names.length - MOST_LISTED} more`

/** How a schema is called in a sentence: its full name, or its type. */
export const titleOf = (schema: Schema): string => {
  if (isNamed(schema)) return `${schema.type} ${schema.name}`
  if (schema.type === 'array') return `array of ${titleOf(schema.items)}`
  if (schema.type === 'map') return `map of ${titleOf(schema.values)}`
  if (schema.type === 'union') return `union of ${listed(schema.branches.map(titleOf))}`
  return schema.type
}
