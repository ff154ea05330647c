import { readdirSync, readFileSync } from 'node:fs'

/** A field of an event or a command, as the generator sees it. */
export type FieldModel = {
  readonly name: string
  readonly doc: string
  /** TypeScript type, without null. */
  readonly type: string
  readonly nullable: boolean
  /** The field that holds the account id whose key seals this one. */
  readonly subject?: string
  /** The field that holds the id of the event whose ciphertext this one carries on. */
  readonly origin?: string
}

/** An event or a command in its newest version. */
export type MessageModel = {
  readonly name: string
  readonly doc: string
  readonly fields: readonly FieldModel[]
  /** Schema paths by version, from 1 on. */
  readonly schemas: readonly string[]
}

export type Kind = 'events' | 'commands'

export type ContextModel = { readonly context: string } & Readonly<Record<Kind, readonly MessageModel[]>>

/** A schema that departs from the conventions of `schemas/README.md`. */
export class SchemaError extends Error {
  readonly code = 'contract.schema'
}

type AvroType = string | readonly AvroType[] | { readonly type: string; readonly [attribute: string]: unknown }
type AvroField = { readonly name: string; readonly type: AvroType; readonly doc?: string; readonly default?: unknown }
type AvroRecord = {
  readonly type: string
  readonly name: string
  readonly namespace: string
  readonly doc?: string
  readonly fields: readonly AvroField[]
}

const primitives: Readonly<Record<string, string>> = {
  string: 'string',
  bytes: 'Buffer',
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  double: 'number',
}

const typeOf = (type: AvroType, at: string): string => {
  if (typeof type === 'string') {
    const primitive = primitives[type]
    if (primitive === undefined) throw new SchemaError(`${at}: no such type here: ${type}`)
    return primitive
  }
  if (Array.isArray(type)) throw new SchemaError(`${at}: a union is ["null", one type], with default null`)
  const complex = type as { readonly type: string; readonly [attribute: string]: unknown }
  if (complex.type === 'array') return `readonly ${item(complex.items as AvroType, at)}[]`
  if (complex.logicalType === 'sealed' || complex.logicalType === 'copied') {
    if (complex.type !== 'bytes') throw new SchemaError(`${at}: a sealed field is bytes`)
    return complex.logicalType === 'sealed' ? 'Sealed' : 'Copied'
  }
  if (complex.type === 'string' && Array.isArray(complex.symbols))
    return complex.symbols.map((symbol) => `'${symbol}'`).join(' | ')
  return typeOf(complex.type, at)
}

const item = (type: AvroType, at: string): string => {
  const name = typeOf(type, at)
  if (name === 'Sealed' || name === 'Copied')
    throw new SchemaError(`${at}: sealed items have no field of their own; seal the whole`)
  return name.includes(' ') ? `(${name})` : name
}

const fieldOf = (field: AvroField, at: string): FieldModel => {
  if (!field.doc) throw new SchemaError(`${at}: has no doc`)
  const nullable = Array.isArray(field.type)
  if (nullable && (field.type.length !== 2 || field.type[0] !== 'null' || field.default !== null))
    throw new SchemaError(`${at}: a union is ["null", one type], with default null`)
  const inner: AvroType = nullable ? field.type[1] : field.type
  const type = typeOf(inner, at)
  const { subject, origin } = inner as { readonly subject?: unknown; readonly origin?: unknown }
  return {
    name: field.name,
    doc: field.doc,
    type,
    nullable,
    ...((type === 'Sealed' || type === 'Copied') && { subject: String(subject) }),
    ...(type === 'Copied' && { origin: String(origin) }),
  }
}

/** Reads one schema file into a model, and holds it to the conventions. */
export const messageOf = (schema: unknown, context: string, name: string): Omit<MessageModel, 'schemas'> => {
  const record = schema as AvroRecord
  const at = `${context}.${name}`
  if (record.type !== 'record' || record.name !== name || record.namespace !== `whiply.${context}`)
    throw new SchemaError(`${at}: must be a record named ${name} in the namespace whiply.${context}, as its file is`)
  if (!record.doc) throw new SchemaError(`${at}: has no doc`)
  const fields = record.fields.map((field) => fieldOf(field, `${at}.${field.name}`))
  for (const field of fields) {
    if (field.name === 'type') throw new SchemaError(`${at}: the field \`type\` is the name of the record`)
    if (field.subject === undefined) continue
    const subject = fields.find(({ name }) => name === field.subject)
    if (subject?.type !== 'string' || subject.nullable)
      throw new SchemaError(`${at}.${field.name}: its subject must be a field that always holds an account id`)
    if (field.origin !== undefined && !fields.some(({ name, type }) => name === field.origin && type === 'string'))
      throw new SchemaError(`${at}.${field.name}: its origin must be a field that holds the id of an event`)
  }
  return { name, doc: record.doc, fields }
}

const fileName = /^(?<name>[A-Z][A-Za-z0-9]*)\.v(?<version>[1-9][0-9]*)\.avsc$/

const messagesIn = (root: URL, context: string, kind: Kind): readonly MessageModel[] => {
  const versions = new Map<string, number[]>()
  for (const file of readdirSync(new URL(`${context}/${kind}/`, root))) {
    const { name, version } = fileName.exec(file)?.groups ?? {}
    if (!name || !version) throw new SchemaError(`${context}/${kind}/${file}: not named <Name>.v<version>.avsc`)
    versions.set(name, [...(versions.get(name) ?? []), Number(version)])
  }
  return [...versions.keys()].sort().map((name) => {
    const found = (versions.get(name) ?? []).sort((a, b) => a - b)
    const schemas = found.map((version, index) => {
      if (version !== index + 1) throw new SchemaError(`${context}.${name}: version ${index + 1} is missing`)
      return `${context}/${kind}/${name}.v${version}`
    })
    const models = schemas.map((path) =>
      messageOf(JSON.parse(readFileSync(new URL(`${path}.avsc`, root), 'utf8')), context, name),
    )
    const newest = models.at(-1)
    if (!newest) throw new SchemaError(`${context}.${name}: has no version`)
    return { ...newest, schemas }
  })
}

/** Reads all schemas of a context. `root` is the URL of `schemas/`. Throws `SchemaError`. */
export const contextModel = (root: URL, context: string): ContextModel => ({
  context,
  events: messagesIn(root, context, 'events'),
  commands: messagesIn(root, context, 'commands'),
})
