import { z } from 'zod'
import { parseSchema } from '#libs/contracts/avro/parse.ts'
import type { NamedSchema, Schema } from '#libs/contracts/avro/schema.ts'
import { namedTypes } from './references.ts'

/** A registry that could not be asked, or has not what was asked for; the message is for a person. */
export class RemoteRegistryError extends Error {
  override readonly name = 'RemoteRegistryError'
  readonly code = 'registry.not_found'
}

const Found = z.object({
  schema: z.string(),
  references: z.array(z.object({ subject: z.string(), version: z.int() })).optional(),
})

const TIMEOUT_MS = 10_000
const DEEPEST = 16

/**
 * Fetches a version of a subject from any registry with Confluent's REST API, with what it refers to.
 * @param version a number, or `latest`
 * @throws RemoteRegistryError, AvroSchemaError
 */
export const fetchSchema = async (registryUrl: string, subject: string, version: string): Promise<Schema> =>
  (await fetched(registryUrl, subject, version, new Map(), 0)).schema

const fetched = async (
  registryUrl: string,
  subject: string,
  version: string,
  known: Map<string, NamedSchema>,
  depth: number,
): Promise<{ readonly schema: Schema }> => {
  if (depth > DEEPEST) throw new RemoteRegistryError(`${subject} refers to others deeper than ${DEEPEST}`)
  const { schema: text, references = [] } = await ask(registryUrl, subject, version)
  for (const reference of references)
    for (const named of namedTypes(
      (await fetched(registryUrl, reference.subject, String(reference.version), known, depth + 1)).schema,
    ))
      known.set(named.name, named)
  return { schema: parseSchema(text, known) }
}

const ask = async (registryUrl: string, subject: string, version: string): Promise<z.output<typeof Found>> => {
  const url = `${registryUrl}/subjects/${encodeURIComponent(subject)}/versions/${encodeURIComponent(version)}`
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((cause) => {
    throw new RemoteRegistryError(`The schema registry at ${registryUrl} does not answer.`, { cause })
  })
  if (!response.ok)
    throw new RemoteRegistryError(`The registry has no version ${version} of ${subject} (${response.status}).`)
  return Found.parse(await response.json())
}
