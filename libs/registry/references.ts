import { parseSchema } from '#libs/contracts/avro/parse.ts'
import { isNamed, type NamedSchema, type Schema } from '#libs/contracts/avro/schema.ts'
import { invalidSchema, RegistryError } from './errors.ts'
import type { Reference, Version } from './model.ts'
import type { Queries } from './open.ts'
import { versionOf } from './store.ts'

/** References within references within references. */
const DEEPEST = 16
/** Schemas that one may stand on. */
const MOST = 200

/** Types that a schema may use, with what they were parsed from. */
type Gathered = {
  readonly named: Map<string, NamedSchema>
  readonly seen: Set<number>
}

/**
 * The types that references bring, those of their own references too.
 * @throws RegistryError 42201 where one is not there, or there are too many
 */
export const typesOf = async (
  sql: Queries,
  references: readonly Reference[],
): Promise<ReadonlyMap<string, NamedSchema>> => {
  const gathered: Gathered = { named: new Map(), seen: new Set() }
  await gather(sql, references, gathered, 1)
  return gathered.named
}

const gather = async (
  sql: Queries,
  references: readonly Reference[],
  { named, seen }: Gathered,
  depth: number,
): Promise<void> => {
  if (references.length > 0 && depth > DEEPEST) throw invalidSchema(`references are nested deeper than ${DEEPEST}`)
  for (const { subject, version } of references) {
    const found = await referenced(sql, subject, version)
    if (seen.has(found.id)) continue
    seen.add(found.id)
    if (seen.size > MOST) throw invalidSchema(`it stands on more than ${MOST} other schemas`)
    await gather(sql, found.references, { named, seen }, depth + 1)
    for (const type of namedTypes(parseSchema(found.text, named))) named.set(type.name, type)
  }
}

/** The version that a reference names; -1 is the latest of now. @throws RegistryError 42201 where there is none */
export const referenced = async (sql: Queries, subject: string, version: number): Promise<Version> => {
  try {
    return version === -1
      ? await versionOf(sql, subject, 'latest', 'live')
      : await versionOf(sql, subject, version, 'all')
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error
    throw invalidSchema(`there is no version ${version} of the subject "${subject}" that it refers to`)
  }
}

/** Every named type within a schema, once each. */
export const namedTypes = (schema: Schema): readonly NamedSchema[] => {
  const found = new Map<string, NamedSchema>()
  collect(schema, found)
  return [...found.values()]
}

const collect = (schema: Schema, found: Map<string, NamedSchema>): void => {
  if (isNamed(schema)) {
    if (found.has(schema.name)) return
    found.set(schema.name, schema)
  }
  if (schema.type === 'record') for (const field of schema.fields) collect(field.schema, found)
  if (schema.type === 'union') for (const branch of schema.branches) collect(branch, found)
  if (schema.type === 'array') collect(schema.items, found)
  if (schema.type === 'map') collect(schema.values, found)
}
