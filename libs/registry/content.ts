import { createHash } from 'node:crypto'
import { canonicalText } from '#libs/contracts/avro/canonical.ts'
import { AvroSchemaError } from '#libs/contracts/avro/errors.ts'
import { parseSchema } from '#libs/contracts/avro/parse.ts'
import type { Schema } from '#libs/contracts/avro/schema.ts'
import { invalidSchema, schemaTooLarge } from './errors.ts'
import type { Content, Reference } from './model.ts'
import type { Queries } from './open.ts'
import { referenced, typesOf } from './references.ts'

/** Characters of a schema's text. */
const LONGEST = 400_000

/** A schema as somebody sends it. */
export type Posted = {
  readonly schema: string
  readonly schemaType: string
  readonly references: readonly Reference[]
}

/** What was sent, read: as it is kept, but for its id. */
export type Draft = Omit<Content, 'id'> & { readonly parsed: Schema }

/**
 * Reads a schema with what it refers to. Two texts that say the same come out the same; `normalize` also puts references
 * in order, which is otherwise part of what is said.
 * @throws RegistryError 42201, 42209
 */
export const readPosted = async (sql: Queries, posted: Posted, normalize: boolean): Promise<Draft> => {
  if (posted.schemaType !== 'AVRO')
    throw invalidSchema(`schemas of type ${posted.schemaType.slice(0, 32)} are not kept here, only AVRO`)
  if (posted.schema.length > LONGEST) throw schemaTooLarge(LONGEST)
  const resolved = await Promise.all(posted.references.map((reference) => pinned(sql, reference)))
  const references = normalize ? resolved.toSorted(byName) : resolved
  const { parsed, external } = await parsedWith(sql, posted.schema, references)
  const text = canonicalText(parsed, external)
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([text, references.map(Object.values)]))
    .digest('hex')
  return { fingerprint, text, references, parsed }
}

const byName = (a: Reference, b: Reference): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

const pinned = async (sql: Queries, { name, subject, version }: Reference): Promise<Reference> => ({
  name,
  subject,
  version: (await referenced(sql, subject, version)).version,
})

const parsedWith = async (sql: Queries, text: string, references: readonly Reference[]) => {
  try {
    const known = await typesOf(sql, references)
    return { parsed: parseSchema(text, known), external: new Set(known.keys()) }
  } catch (error) {
    if (error instanceof AvroSchemaError) throw invalidSchema(error.message)
    throw error
  }
}

/** The schema of what is kept. @throws RegistryError 42201 where what it refers to has gone for good */
export const parsedContent = async (sql: Queries, { text, references }: Omit<Content, 'id'>): Promise<Schema> =>
  (await parsedWith(sql, text, references)).parsed

/** How a fingerprint stands in answers. */
export const guidOf = ({ fingerprint }: Pick<Content, 'fingerprint'>): string =>
  fingerprint.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
