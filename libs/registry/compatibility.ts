import { AvroTooComplex } from '#libs/contracts/avro/errors.ts'
import { type Breach, breaches, type CompatibilityLevel } from '#libs/contracts/avro/levels.ts'
import type { Schema } from '#libs/contracts/avro/schema.ts'
import { parsedContent } from './content.ts'
import { invalidSchema } from './errors.ts'
import type { Version } from './model.ts'
import type { Queries } from './open.ts'

/** Of many things that are broken the first ones are told. */
const MOST_TOLD = 50

type Earlier = { readonly version: number; readonly schema: Schema }

/**
 * What a schema breaks for earlier versions, in words; none where it may follow them.
 * @param earlier oldest first
 * @throws RegistryError 42201 where it takes too much comparing
 */
export const hindrances = async (
  sql: Queries,
  level: CompatibilityLevel,
  schema: Schema,
  earlier: readonly Version[],
): Promise<readonly string[]> => {
  if (level === 'NONE') return []
  const parsed: Earlier[] = []
  for (const version of earlier) parsed.push({ version: version.version, schema: await parsedContent(sql, version) })
  try {
    const found = breaches(level, schema, parsed)
    return found.length === 0 ? [] : [...found.slice(0, MOST_TOLD).map(inWords), `{compatibility: '${level}'}`]
  } catch (error) {
    if (error instanceof AvroTooComplex) throw invalidSchema(error.message)
    throw error
  }
}

const inWords = ({ type, path, message, subject, direction, against }: Breach<Earlier>): string => {
  const reader = direction === 'BACKWARD' ? 'the new schema' : `version ${against.version}`
  const writer = direction === 'BACKWARD' ? `version ${against.version}` : 'the new schema'
  const description = `${message}, at path '${path}' of the reader, where ${reader} reads what ${writer} wrote`
  return `{errorType:'${type}', description:'${description}', additionalInfo:'${subject}', oldSchemaVersion:${against.version}}`
}
