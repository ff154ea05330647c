import { apiKeys, type ProduceAnswer, produceResponse, type WireCall } from './internals.ts'

export type Produce = {
  /** Null outside of transactions. */
  readonly transactionalId: string | null
  readonly timeoutMs: number
  /** Batches as `encodeRecordBatch` makes them. */
  readonly topics: readonly {
    readonly topic: string
    readonly partitions: readonly { readonly partition: number; readonly batch: Buffer }[]
  }[]
}

/** Of every broker since Kafka 2.1. */
const VERSION = 7
const ALL_IN_SYNC = -1

/** The body of a Produce request, version 7: transactional id, acks, timeout, topics with their partitions' batches. */
export const encodeProduce = ({ transactionalId, timeoutMs, topics }: Produce): Buffer => {
  const parts: Buffer[] = []
  const int16 = (value: number): void => {
    const bytes = Buffer.allocUnsafe(2)
    bytes.writeInt16BE(value)
    parts.push(bytes)
  }
  const int32 = (value: number): void => {
    const bytes = Buffer.allocUnsafe(4)
    bytes.writeInt32BE(value)
    parts.push(bytes)
  }
  const text = (value: string): void => {
    const bytes = Buffer.from(value)
    int16(bytes.length)
    parts.push(bytes)
  }
  if (transactionalId === null) int16(-1)
  else text(transactionalId)
  int16(ALL_IN_SYNC)
  int32(timeoutMs)
  int32(topics.length)
  for (const { topic, partitions } of topics) {
    text(topic)
    int32(partitions.length)
    for (const { partition, batch } of partitions) {
      int32(partition)
      int32(batch.length)
      parts.push(batch)
    }
  }
  return Buffer.concat(parts)
}

/** The request as kafkajs's connections take it; all that they ask of an encoder is a buffer. */
export const produceCall = (produce: Produce): WireCall<ProduceAnswer> => ({
  request: {
    apiKey: apiKeys.Produce,
    apiVersion: VERSION,
    apiName: 'Produce',
    expectResponse: () => true,
    encode: async () => {
      const buffer = encodeProduce(produce)
      return { buf: buffer, buffer, size: () => buffer.length }
    },
  },
  response: produceResponse,
})
