import { setTimeout as sleep } from 'node:timers/promises'
import { LogError } from '../log-error.ts'
import type { PublishedBatch, PublishedRecord, Publisher } from '../publisher.ts'
import { openCluster } from './cluster.ts'
import { TRANSACTION_COORDINATOR, type WireBroker, type WireCluster, type WireTransactions } from './internals.ts'
import type { KafkaSettings } from './options.ts'
import { produceCall } from './produce.ts'
import { encodeRecordBatch } from './record-batch.ts'
import {
  commitTransaction,
  produceInTransaction,
  type TransactionVersion,
  transactionVersion,
} from './transaction-calls.ts'

/** A transaction that is open for longer is aborted by the broker, so that a killed publisher holds nobody back. */
const TRANSACTION_TIMEOUT_MS = 10_000
/** How long an earlier transaction of the id, or a coordinator that has just moved, is waited for. */
const PATIENCE_MS = 15_000
const PAUSE_MS = { first: 2, most: 100 }
/** Well under the most that a broker takes at once (`message.max.bytes`, 1 MiB by default). */
const REQUEST_BYTES = 512 * 1024
const HEADERS_BYTES = 600
const SEQUENCES = 2 ** 31

/** Nothing was done yet: the same request may be sent again. */
const notYet = new Set([
  'CONCURRENT_TRANSACTIONS',
  'GROUP_LOAD_IN_PROGRESS',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
])

const fencing = new Set(['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED'])

const typeOf = (error: unknown): string => String((error as { readonly type?: unknown }).type)

/** kafkajs has an error of its own for a coordinator that is not there yet, as at the very first transaction. */
const isNotYet = (error: unknown): boolean =>
  notYet.has(typeOf(error)) || (error as { readonly name?: unknown }).name === 'KafkaJSGroupCoordinatorNotFound'

const publisherError = (id: string, cause: unknown): LogError => {
  if (cause instanceof LogError) return cause
  const { name, message } = cause instanceof Error ? cause : new Error(String(cause))
  if (fencing.has(typeOf(cause))) return new LogError('log.fenced', `another publisher is ${id} now`, { cause })
  return name === 'KafkaJSRequestTimeoutError'
    ? new LogError('log.timeout', `no answer to ${id}: ${message}`, { cause })
    : new LogError('log.append-failed', `${id}: ${message}`, { cause })
}

/** Asks again while the coordinator says that nothing was done yet. */
const patiently = async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
  const deadline = performance.now() + PATIENCE_MS
  for (let pauseMs = PAUSE_MS.first; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS.most)) {
    try {
      return await ask()
    } catch (error) {
      if (!isNotYet(error) || performance.now() > deadline) throw error
      await sleep(pauseMs)
    }
  }
}

const bytesOf = ({ key, value }: PublishedRecord): number => (key?.length ?? 0) + value.length + HEADERS_BYTES

/** The batches in requests that a broker takes; of one partition, in their order. */
export const inRequests = (batches: readonly PublishedBatch[]): readonly (readonly PublishedBatch[])[] => {
  const requests: PublishedBatch[][] = []
  let current: PublishedBatch[] = []
  let bytes = 0
  const flush = () => {
    if (current.length > 0) requests.push(current)
    current = []
    bytes = 0
  }
  for (const { topic, partition, records } of batches) {
    let from = 0
    for (const [index, record] of records.entries()) {
      if (bytes + bytesOf(record) > REQUEST_BYTES && bytes > 0) {
        if (index > from) current.push({ topic, partition, records: records.slice(from, index) })
        flush()
        from = index
      }
      bytes += bytesOf(record)
    }
    if (from < records.length) current.push({ topic, partition, records: records.slice(from) })
  }
  flush()
  return requests
}

/**
 * A transactional producer on kafkajs's connections alone. kafkajs's own producer sends again after errors and rolls its
 * sequence back on any (see docs/decisions/0002-plain-producer.md), so that a batch may be told as written that never
 * was; here each request is sent once, and the first error ends the producer.
 */
export const kafkaPublisher = async (
  settings: KafkaSettings,
  transactionalId: string,
  /** That of the cluster, unless it is to be spoken to as older ones are. */
  askVersion: (broker: WireBroker) => Promise<TransactionVersion> = transactionVersion,
): Promise<Publisher> => {
  const { cluster, close } = await openCluster(settings)
  const sequences = new Map<string, number>()
  const known = new Set<string>()
  const added = new Set<string>()
  let spent: LogError | undefined
  let coordinatorId: number | string | undefined

  const findCoordinator = () =>
    cluster.findGroupCoordinator({ groupId: transactionalId, coordinatorType: TRANSACTION_COORDINATOR })

  /** Asked of the coordinator, which is looked for anew once it says that it is another one by now. */
  const askCoordinator = <Answer>(
    ask: (coordinator: WireBroker & WireTransactions) => Promise<Answer>,
  ): Promise<Answer> =>
    patiently(async () => {
      try {
        coordinatorId ??= (await findCoordinator()).nodeId
        return await ask(await cluster.findBroker({ nodeId: String(coordinatorId) }))
      } catch (error) {
        coordinatorId = undefined
        throw error
      }
    })

  const once = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    if (spent) throw spent
    try {
      return await work()
    } catch (cause) {
      spent ??= new LogError('log.appender-spent', 'this publisher failed before', { cause })
      throw publisherError(transactionalId, cause)
    }
  }

  const begin = async () => {
    await cluster.refreshMetadata()
    return askCoordinator(async (coordinator) => {
      const query = { transactionalId, transactionTimeout: TRANSACTION_TIMEOUT_MS }
      const { producerId, producerEpoch } = await coordinator.initProducerId(query)
      const identity = { transactionalId, producerId, producerEpoch }
      return { identity, version: await askVersion(coordinator) }
    })
  }

  let { identity, version } = await begin().catch((cause) => {
    close()
    throw new LogError('log.unavailable', `${transactionalId} cannot begin: ${(cause as Error).message}`, { cause })
  })

  const know = async (batches: readonly PublishedBatch[]): Promise<void> => {
    const topics = new Set(batches.map(({ topic }) => topic).filter((topic) => !known.has(topic)))
    if (topics.size === 0) return
    await cluster.addMultipleTargetTopics([...topics])
    for (const topic of topics) known.add(topic)
  }

  const enter = async (batches: readonly PublishedBatch[]): Promise<void> => {
    const fresh = batches.filter(({ topic, partition }) => !added.has(`${topic}/${partition}`))
    for (const { topic, partition } of fresh) added.add(`${topic}/${partition}`)
    if (fresh.length === 0 || version > 1) return
    const topics = [...Map.groupBy(fresh, ({ topic }) => topic)].map(([topic, ofTopic]) => ({
      topic,
      partitions: [...new Set(ofTopic.map(({ partition }) => partition))],
    }))
    await askCoordinator((coordinator) => coordinator.addPartitionsToTxn({ ...identity, topics }))
  }

  const endTransaction = async (): Promise<void> => {
    if (version === 1) {
      await askCoordinator((coordinator) => coordinator.endTxn({ ...identity, transactionResult: true }))
      return
    }
    const next = await askCoordinator(({ connectionPool }) =>
      connectionPool.send(commitTransaction(transactionalId, identity)),
    )
    identity = { transactionalId, ...next }
    // Those of an epoch begin at 0.
    sequences.clear()
  }

  const produce = async (batches: readonly PublishedBatch[]): Promise<void> => {
    const byNode = Map.groupBy(batches, ({ topic, partition }) => leaderOf(cluster, topic, partition))
    await Promise.all(
      [...byNode].map(async ([nodeId, ofNode]) => {
        const topics = [...Map.groupBy(ofNode, ({ topic }) => topic)].map(([topic, ofTopic]) => ({
          topic,
          partitions: ofTopic.map(({ partition, records }) => ({
            partition,
            batch: encodeRecordBatch(records, {
              producerId: BigInt(identity.producerId),
              producerEpoch: identity.producerEpoch,
              firstSequence: nextSequence(sequences, `${topic}/${partition}`, records.length),
            }),
          })),
        }))
        const { connectionPool } = await cluster.findBroker({ nodeId })
        const request = { transactionalId, timeoutMs: settings.requestTimeoutMs, topics }
        if (version === 1) await connectionPool.send(produceCall(request))
        else await connectionPool.send(produceInTransaction(request))
      }),
    )
  }

  return {
    send: (batches) =>
      once(async () => {
        const filled = batches.filter(({ records }) => records.length > 0)
        if (filled.length === 0) return
        await know(filled)
        await enter(filled)
        for (const request of inRequests(filled)) await produce(request)
      }),
    commit: () =>
      once(async () => {
        if (added.size === 0) return
        await endTransaction()
        added.clear()
      }),
    close: async () => {
      spent ??= new LogError('log.closed', 'the publisher is closed')
      close()
    },
  }
}

const leaderOf = (cluster: WireCluster, topic: string, partition: number): string => {
  const leader = cluster.findTopicPartitionMetadata(topic).find(({ partitionId }) => partitionId === partition)?.leader
  if (leader === undefined) throw new LogError('log.unknown-topic', `there is no partition ${partition} of ${topic}`)
  return String(leader)
}

/** Brokers take the batches of a producer's epoch in the order of their sequences alone, from 0 on. */
const nextSequence = (sequences: Map<string, number>, place: string, count: number): number => {
  const sequence = sequences.get(place) ?? 0
  sequences.set(place, (sequence + count) % SEQUENCES)
  return sequence
}
