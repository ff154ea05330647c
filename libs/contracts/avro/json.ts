import { AvroSchemaError } from './errors.ts'
import type { Json } from './schema.ts'

const integer = /^-?\d+$/

/** Parses the text of a schema. Integers beyond 2^53 become bigints. @throws AvroSchemaError */
export const parseJson = (text: string): Json => {
  const exactly = (_name: string, value: unknown, context?: { readonly source?: string }): unknown => {
    if (typeof value !== 'number') return value
    if (!Number.isFinite(value)) throw new AvroSchemaError('a number is beyond what a double holds')
    const source = context?.source ?? ''
    return Number.isSafeInteger(value) || !integer.test(source) ? value : BigInt(source)
  }
  try {
    return JSON.parse(text, exactly)
  } catch (error) {
    if (error instanceof AvroSchemaError) throw error
    throw new AvroSchemaError('the text is not valid JSON')
  }
}

/** JSON without white space, members in the order in which they are. */
export const printJson = (value: Json): string => {
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return `[${value.map(printJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${printJson(member)}`)
  return `{${members.join(',')}}`
}

export const isObject = (value: Json | undefined): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
