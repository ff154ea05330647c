import { COMPATIBILITY, SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry'
import { publicSchemas } from '../schemas.ts'
import type { EncodeEvent } from './prepare.ts'

/** There is no schema of that name for the topic in this release. */
export class UnknownPublicEvent extends Error {
  readonly code = 'relay.unknown_event'
}

export type RegistryOptions = {
  /** Address of the registry's REST API. */
  readonly url: string
  /** Address under which others reach it; records then name where their schema can be read. */
  readonly publicUrl?: string | undefined
}

/**
 * Registers every version of every public schema, oldest first and FULL_TRANSITIVE, which changes nothing where they are
 * registered, and encodes with the newest. The registry is not asked again after that.
 * @throws ResponseError of the client: with a status where the registry refused, without one where it is away
 */
export const openEncoder = async ({ url, publicUrl }: RegistryOptions): Promise<EncodeEvent> => {
  const registry = new SchemaRegistry({
    host: url.replace(/\/+$/, ''),
    clientId: 'whiply-relay',
    retry: { retries: 0 },
  })
  const ids = new Map<string, number>()
  for (const { subject, versions } of publicSchemas())
    for (const version of versions) {
      const schema = { type: SchemaType.AVRO, schema: JSON.stringify(version) } as const
      const { id } = await registry.register(schema, { subject, compatibility: COMPATIBILITY.FULL_TRANSITIVE })
      ids.set(subject, id)
    }
  const addresses = publicUrl?.replace(/\/+$/, '')

  return async (topic, { type, data }) => {
    const id = ids.get(`${topic}.${type}`)
    if (id === undefined) throw new UnknownPublicEvent(`${topic} has no schema ${type}`)
    const value = await registry.encode(id, data)
    return { value, ...(addresses !== undefined && { dataSchema: `${addresses}/schemas/ids/${id}` }) }
  }
}
