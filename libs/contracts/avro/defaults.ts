import { AvroSchemaError } from './errors.ts'
import { isObject } from './json.ts'
import { type Field, type Json, type Schema, titleOf } from './schema.ts'

const isIntegerOf = (json: Json, bits: bigint): boolean => {
  if (typeof json !== 'bigint' && !(typeof json === 'number' && Number.isSafeInteger(json))) return false
  return BigInt.asIntN(Number(bits), BigInt(json)) === BigInt(json)
}

/** Bytes stand as a string of the code points 0 to 255. */
const isByteText = (json: Json): json is string =>
  typeof json === 'string' && [...json].every((character) => (character.codePointAt(0) ?? 256) < 256)

/** Whether a JSON value is one of the schema's, as the specification's table of field defaults encodes them. */
const isValueOf = (schema: Schema, json: Json): boolean => {
  switch (schema.type) {
    case 'null':
      return json === null
    case 'boolean':
      return typeof json === 'boolean'
    case 'int':
      return isIntegerOf(json, 32n)
    case 'long':
      return isIntegerOf(json, 64n)
    case 'float':
    case 'double':
      return typeof json === 'number' || typeof json === 'bigint'
    case 'string':
      return typeof json === 'string'
    case 'bytes':
      return isByteText(json)
    case 'fixed':
      return isByteText(json) && json.length === schema.size
    case 'enum':
      return typeof json === 'string' && schema.symbols.includes(json)
    case 'array':
      return Array.isArray(json) && json.every((entry) => isValueOf(schema.items, entry))
    case 'map':
      return isObject(json) && Object.values(json).every((value) => isValueOf(schema.values, value))
    case 'union':
      return schema.branches.some((branch) => isValueOf(branch, json))
    case 'record':
      return isObject(json) && schema.fields.every((field) => hasValueIn(json, field))
  }
}

const hasValueIn = (json: { readonly [name: string]: Json }, { name, schema, default: fallback }: Field): boolean => {
  const value = Object.hasOwn(json, name) ? json[name] : fallback
  return value !== undefined && isValueOf(schema, value)
}

/**
 * A union's default is of any of its branches, as the specification has it since 1.12 (of the first alone before).
 * @throws AvroSchemaError where a field's default is no value of its type
 */
export const assertDefault = ({ name, schema, default: json }: Field, owner: string): void => {
  if (json === undefined || isValueOf(schema, json)) return
  throw new AvroSchemaError(`the default of ${name} in ${owner} is no value of its type, ${titleOf(schema)}`)
}
