import { AvroSchemaError } from './errors.ts'
import { type Primitive, primitives } from './schema.ts'

const simple = /^[A-Za-z_][A-Za-z0-9_]*$/

export const isPrimitive = (name: string): name is Primitive => (primitives as readonly string[]).includes(name)

/** @throws AvroSchemaError for what is no name of a field, a symbol or a type without its namespace. */
export const assertName = (name: string, what: string): void => {
  if (!simple.test(name)) throw new AvroSchemaError(`${what} has a name of other than letters, digits and _: "${name}"`)
}

/** A full name from one that stands in a namespace; one with a dot is full already. `''` is no namespace. */
export const fullName = (name: string, namespace: string): string =>
  name.includes('.') || namespace === '' ? name : `${namespace}.${name}`

/** @throws AvroSchemaError unless every part is a name. */
export const assertFullName = (name: string): void => {
  for (const part of name.split('.')) assertName(part, 'a type')
  if (isPrimitive(name)) throw new AvroSchemaError(`a type cannot be named ${name}`)
}

export const namespaceOf = (full: string): string => full.slice(0, Math.max(0, full.lastIndexOf('.')))

/** The name without its namespace. */
export const simpleName = (full: string): string => full.slice(full.lastIndexOf('.') + 1)
