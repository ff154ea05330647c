import type { Bounds, NewRecord, Offset, StoredRecord } from '../log.ts'
import { LogError } from '../log-error.ts'
import { openCluster } from './cluster.ts'
import { type FetchFrom, type FetchSession, fetchSession } from './fetch-session.ts'
import {
  createErrorFromCode,
  fetchRequest,
  fetchResponse,
  type WireBroker,
  type WireCluster,
  type WireMessage,
} from './internals.ts'
import type { KafkaSettings } from './options.ts'
import { produceCall } from './produce.ts'
import { encodeRecordBatch } from './record-batch.ts'

export type FetchedPartition = {
  readonly topic: string
  readonly partition: number
  /** The protocol's own number; 0 is none. */
  readonly errorCode: number
  readonly records: readonly StoredRecord[]
}

export type PartitionBatch = { readonly partition: number; readonly records: readonly NewRecord[] }

/**
 * Connections to the brokers for one appender or tail alone. Requests are sent once; whatever goes wrong is an error,
 * and its owner closes the wire and opens another, which reads the cluster's state anew.
 */
export type Wire = {
  /** Learns of topics. @throws LogError `log.unknown-topic` */
  readonly know: (topics: readonly string[]) => Promise<void>
  /** The nodes that lead the partitions of a known topic, by partition, as they were when it became known. */
  readonly leaders: (topic: string) => ReadonlyMap<number, string>
  /**
   * What is new in some partitions; one fetch at a time from a node, which holds it back for `waitMs` at most while there
   * is nothing. A partition without news may be left out.
   */
  readonly fetch: (node: string, from: readonly FetchFrom[], waitMs: number) => Promise<readonly FetchedPartition[]>
  /** Offsets of the first records, by partition. @throws when any partition refused */
  readonly produce: (
    node: string,
    topic: string,
    batches: readonly PartitionBatch[],
    timeoutMs: number,
  ) => Promise<ReadonlyMap<number, Offset>>
  readonly bounds: (topic: string, partitions: readonly number[]) => Promise<readonly Bounds[]>
  /** Drops all connections at once, with whatever is under way on them. */
  readonly close: () => void
}

const FETCH_BYTES = 8 * 1024 * 1024
const PARTITION_BYTES = 1024 * 1024
const READ_UNCOMMITTED = 0
/** FETCH_SESSION_ID_NOT_FOUND and INVALID_FETCH_SESSION_EPOCH: the broker has let the session go, or has restarted. */
const sessionErrors = [70, 71]

export const openWire = async (settings: KafkaSettings): Promise<Wire> => {
  const { cluster, close } = await openCluster(settings)
  const known = new Map<string, ReadonlyMap<number, string>>()
  const sessions = new Map<string, FetchSession>()

  const broker = (node: string): Promise<WireBroker> => cluster.findBroker({ nodeId: node })

  return {
    know: async (topics) => {
      try {
        await cluster.addMultipleTargetTopics(topics)
        for (const topic of topics) known.set(topic, leadersOf(cluster, topic))
      } catch (cause) {
        throw topicError(topics, cause)
      }
    },
    leaders: (topic) => known.get(topic) ?? nobody,
    fetch: async (node, from, waitMs) => {
      const { connectionPool } = await broker(node)
      const session = sessions.get(node) ?? fetchSession()
      sessions.set(node, session)
      const { sessionId, sessionEpoch, wanted, forgotten } = session.next(from)
      const request = fetchRequest({
        replicaId: -1,
        isolationLevel: READ_UNCOMMITTED,
        maxWaitTime: waitMs,
        minBytes: 1,
        maxBytes: FETCH_BYTES,
        sessionId,
        sessionEpoch,
        topics: byTopic(wanted, ({ partition, offset }) => ({
          partition,
          fetchOffset: String(offset),
          maxBytes: PARTITION_BYTES,
        })),
        forgottenTopics: byTopic(forgotten, ({ partition }) => partition),
      })
      const answer = await connectionPool.send({ request, response: fetchResponse })
      if (sessionErrors.includes(answer.errorCode)) {
        session.forget()
        return []
      }
      if (answer.errorCode !== 0) throw createErrorFromCode(answer.errorCode)
      session.answered(answer.sessionId)
      return answer.responses.flatMap(({ topicName, partitions }) =>
        partitions.map(({ partition, errorCode, messages }) => ({
          topic: topicName,
          partition,
          errorCode,
          records: messages.map(storedRecord),
        })),
      )
    },
    produce: async (node, topic, batches, timeoutMs) => {
      const { connectionPool } = await broker(node)
      const partitions = batches.map(({ partition, records }) => ({ partition, batch: encodeRecordBatch(records) }))
      const topics = [{ topic, partitions }]
      const answer = await connectionPool.send(produceCall({ transactionalId: null, timeoutMs, topics }))
      return new Map(
        answer.topics.flatMap((answered) =>
          answered.partitions.map(({ partition, baseOffset }) => [partition, Number(baseOffset)] as const),
        ),
      )
    },
    bounds: async (topic, numbers) => {
      const partitions = numbers.map((partition) => ({ partition }))
      const [first, last] = await Promise.all(
        [true, false].map(async (fromBeginning) => {
          const [answer] = await cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning }])
          return new Map(answer?.partitions.map(({ partition, offset }) => [partition, Number(offset)]))
        }),
      )
      return numbers.map((partition) => ({ start: first?.get(partition) ?? 0, end: last?.get(partition) ?? 0 }))
    },
    close,
  }
}

const nobody: ReadonlyMap<number, string> = new Map()

const leadersOf = (cluster: WireCluster, topic: string): ReadonlyMap<number, string> =>
  new Map(cluster.findTopicPartitionMetadata(topic).map(({ partitionId, leader }) => [partitionId, String(leader)]))

const byTopic = <From extends { readonly topic: string }, Of>(from: readonly From[], of: (each: From) => Of) =>
  [...Map.groupBy(from, ({ topic }) => topic)].map(([topic, each]) => ({ topic, partitions: each.map(of) }))

export const storedRecord = ({ offset, timestamp, key, value, headers }: WireMessage): StoredRecord => ({
  offset: Number(offset),
  timestamp: Number(timestamp),
  key,
  value: value ?? Buffer.alloc(0),
  headers: Object.fromEntries(
    Object.entries(headers).map(([name, header]) => [name, String(Array.isArray(header) ? header.at(-1) : header)]),
  ),
})

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const topicError = (topics: readonly string[], cause: unknown): LogError =>
  (cause as { readonly type?: string }).type === 'UNKNOWN_TOPIC_OR_PARTITION'
    ? new LogError('log.unknown-topic', `there is no topic among ${topics.join(', ')}`, { cause })
    : new LogError('log.unavailable', `Kafka does not tell of ${topics.join(', ')}: ${messageOf(cause)}`, { cause })
