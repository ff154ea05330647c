import { type CompactReader, compactReader, compactWriter } from './compact.ts'
import { createErrorFromCode, type ProducerIdentity, type WireBroker, type WireCall } from './internals.ts'
import type { Produce } from './produce.ts'

const ALL_IN_SYNC = -1
/** Where ApiVersions' answer holds the features on which the cluster has agreed. */
const FINALIZED_FEATURES = 2
/** A code that kafkajs does not know: an older epoch of the producer asked. */
const PRODUCER_FENCED = 90

/**
 * Which transactions the cluster speaks. In version 2 (KIP-890, what Kafka 4 begins with) a partition belongs to a
 * transaction as soon as something is produced into it, which spares a request; and its end gives the producer a new
 * epoch, so that nothing late falls into the next one.
 */
export type TransactionVersion = 1 | 2

const call = <Answer extends object>(
  request: { readonly apiKey: number; readonly apiVersion: number; readonly apiName: string; readonly body: Buffer },
  read: (reader: CompactReader) => Answer,
  reader: (bytes: Buffer) => CompactReader = compactReader,
): WireCall<Answer> => ({
  request: {
    apiKey: request.apiKey,
    apiVersion: request.apiVersion,
    apiName: request.apiName,
    expectResponse: () => true,
    encode: async () => ({ buf: request.body, buffer: request.body, size: () => request.body.length }),
  },
  response: { decode: async (bytes) => read(reader(bytes)), parse: async (answer) => answer },
})

const check = (errorCode: number): void => {
  if (errorCode === PRODUCER_FENCED) throw Object.assign(new Error('PRODUCER_FENCED'), { type: 'PRODUCER_FENCED' })
  if (errorCode !== 0) throw createErrorFromCode(errorCode)
}

/** Asks a broker for what its cluster has agreed on (ApiVersions, version 3). */
export const transactionVersion = async ({ connectionPool }: WireBroker): Promise<TransactionVersion> => {
  const body = compactWriter().text('whiply').text('1').end().buffer()
  const features = await connectionPool.send(
    call({ apiKey: 18, apiVersion: 3, apiName: 'ApiVersions', body }, readFeatures, (bytes) =>
      // Its answer alone has the older header: a broker must be understood by those who know no other.
      compactReader(bytes, { headed: false }),
    ),
  )
  return (features.get('transaction.version') ?? 0) >= 2 ? 2 : 1
}

const readFeatures = (reader: CompactReader): ReadonlyMap<string | null, number> => {
  check(reader.int16())
  reader.array(() => [reader.int16(), reader.int16(), reader.int16(), reader.end()])
  reader.int32()
  const finalized = reader.end().get(FINALIZED_FEATURES)
  if (!finalized) return new Map()
  const features = compactReader(finalized, { headed: false })
  return new Map(
    features.array(() => {
      const name = features.text()
      const level = features.int16()
      features.int16()
      features.end()
      return [name, level] as const
    }),
  )
}

/** Produce, version 12, which enters its partitions into the transaction. The answer throws the first refusal. */
export const produceInTransaction = ({ transactionalId, timeoutMs, topics }: Produce): WireCall<object> => {
  const writer = compactWriter().text(transactionalId).int16(ALL_IN_SYNC).int32(timeoutMs)
  writer.array(topics, ({ topic, partitions }) => {
    writer.text(topic)
    writer.array(partitions, ({ partition, batch }) => writer.int32(partition).bytes(batch).end())
    writer.end()
  })
  const body = writer.end().buffer()
  return call<object>({ apiKey: 0, apiVersion: 12, apiName: 'Produce', body }, (reader) =>
    reader.array(() => {
      reader.text()
      reader.array(() => {
        reader.int32()
        check(reader.int16())
        // Where the batch lies, when it was appended, where the log begins.
        for (let count = 0; count < 3; count++) reader.int64()
        reader.array(() => [reader.int32(), reader.text(), reader.end()])
        reader.text()
        reader.end()
      })
      return reader.end()
    }),
  )
}

/** EndTxn, version 5, as a commit. @returns who the producer is from now on */
export const commitTransaction = (
  transactionalId: string,
  { producerId, producerEpoch }: ProducerIdentity,
): WireCall<ProducerIdentity> => {
  const writer = compactWriter().text(transactionalId).int64(BigInt(producerId)).int16(producerEpoch).boolean(true)
  return call({ apiKey: 26, apiVersion: 5, apiName: 'EndTxn', body: writer.end().buffer() }, (reader) => {
    reader.int32()
    check(reader.int16())
    return { producerId: String(reader.int64()), producerEpoch: reader.int16() }
  })
}
