import { SchemaRegistry } from '@kafkajs/confluent-schema-registry'

/** Who hears nothing for so long asks again; the client itself would wait for ever. */
const PATIENCE_MS = 5_000

/**
 * The client of a schema registry. It asks once, since whoever uses it goes on trying, and a registry that takes a request
 * and says nothing is one that is away. What it rejects with (`ResponseError`) has the answer's status, and 400 where
 * there was no answer.
 */
export const registryClient = (url: string, clientId: string, patienceMs: number = PATIENCE_MS): SchemaRegistry =>
  new SchemaRegistry({
    host: url.replace(/\/+$/, ''),
    clientId,
    retry: { retries: 0 },
    middlewares: [() => ({ prepareRequest: async (next) => (await next()).enhance({ timeout: patienceMs }) })],
  })
