import { COMPATIBILITY, type SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry'
import { registryClient } from '../registry-client.ts'
import { type PublicRecord, publicSchemas } from '../schemas.ts'
import type { EncodeEvent } from './prepare.ts'

/** There is no schema of that name for the topic in this release. */
export class UnknownPublicEvent extends Error {
  readonly code = 'relay.unknown_event'
}

/** The registry does not take a schema: others stand under its name, or another level does. The message says which. */
export class SchemasRefused extends Error {
  readonly code = 'relay.schemas_refused'
}

export type RegistryOptions = {
  /** Address of the registry's REST API. */
  readonly url: string
  /** Address under which others reach it; records then name where their schema can be read. */
  readonly publicUrl?: string | undefined
}

/** Not compatible with what is registered, or not to be registered at all: statuses of the registry. */
const refusals: ReadonlySet<unknown> = new Set([409, 422])
/** The client's own, where a subject has another level than the one that is asked for; it has no status. */
const OTHER_LEVEL = 'ConfluentSchemaRegistryCompatibilityError'

const isRefusal = (error: unknown): error is Error =>
  error instanceof Error && (error.name === OTHER_LEVEL || ('status' in error && refusals.has(error.status)))

const idOf = async (registry: SchemaRegistry, subject: string, version: PublicRecord): Promise<number> => {
  const schema = { type: SchemaType.AVRO, schema: JSON.stringify(version) } as const
  try {
    return (await registry.register(schema, { subject, compatibility: COMPATIBILITY.FULL_TRANSITIVE })).id
  } catch (cause) {
    throw isRefusal(cause) ? new SchemasRefused(`${subject}: ${cause.message}`, { cause }) : cause
  }
}

/**
 * Registers every version of every public schema, oldest first and FULL_TRANSITIVE, which changes nothing where they are
 * registered, and encodes with the newest. The registry is not asked again after that.
 * @throws SchemasRefused; ResponseError of the client where the registry is away or fails
 */
export const openEncoder = async ({ url, publicUrl }: RegistryOptions): Promise<EncodeEvent> => {
  const registry = registryClient(url, 'whiply-relay')
  const ids = new Map<string, number>()
  for (const { subject, versions } of publicSchemas())
    for (const version of versions) ids.set(subject, await idOf(registry, subject, version))
  const addresses = publicUrl?.replace(/\/+$/, '')

  return async (topic, { type, data }) => {
    const id = ids.get(`${topic}.${type}`)
    if (id === undefined) throw new UnknownPublicEvent(`${topic} has no schema ${type}`)
    const value = await registry.encode(id, data)
    return { value, ...(addresses !== undefined && { dataSchema: `${addresses}/schemas/ids/${id}` }) }
  }
}
