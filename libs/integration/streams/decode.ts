import type { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import type { StoredRecord } from '#libs/journal/log.ts'
import { registryClient } from '../registry-client.ts'

/** Reads the values of public records. */
export type Decoder = {
  /**
   * Learns the schemas with which these were written, those that the registry has.
   * @throws ResponseError of the client where the registry is away
   */
  readonly learn: (records: readonly StoredRecord[]) => Promise<void>
  /** The event as it was written. @throws where its schema is not known, or does not read the value */
  readonly decode: (value: Buffer) => unknown
}

/** Confluent's wire format: a zero byte, the schema's id in four bytes, Avro. */
const HEAD_BYTES = 5

const schemaIdOf = (value: Buffer): number | undefined =>
  value.length >= HEAD_BYTES && value[0] === 0 ? value.readUInt32BE(1) : undefined

const isUnknown = (error: unknown): boolean => (error as { readonly status?: unknown }).status === 404

/** What was written with a schema says the same for ever, so each is asked for once; there are few. */
export const openDecoder = (registryUrl: string): Decoder => {
  const registry = registryClient(registryUrl, 'whiply-streams')
  const known = new Map<number, Awaited<ReturnType<SchemaRegistry['getSchema']>>>()

  const ask = async (id: number): Promise<void> => {
    try {
      known.set(id, await registry.getSchema(id))
    } catch (error) {
      if (!isUnknown(error)) throw error
    }
  }

  return {
    learn: async (records) => {
      for (const id of new Set(records.map(({ value }) => schemaIdOf(value))))
        if (id !== undefined && !known.has(id)) await ask(id)
    },
    decode: (value) => {
      const id = schemaIdOf(value)
      const schema = id === undefined ? undefined : known.get(id)
      if (schema === undefined) throw new TypeError('written with a schema that is not known')
      return schema.fromBuffer(value.subarray(HEAD_BYTES))
    },
  }
}
