import type { Bounds, Offset } from '../log.ts'
import { LogError } from '../log-error.ts'
import type { CommittedReader, CommittedRun } from '../publisher.ts'
import { openCluster } from './cluster.ts'
import { createErrorFromCode, type FetchAnswer, fetchRequest, fetchResponse, type WireMessage } from './internals.ts'
import type { KafkaSettings } from './options.ts'
import { storedRecord } from './wire.ts'

const READ_COMMITTED = 1
const BYTES = 1024 * 1024
const NO_SESSION = { sessionId: 0, sessionEpoch: -1 }
const OFFSET_OUT_OF_RANGE = 1
const UNKNOWN_TOPIC_OR_PARTITION = 3

type Fetched = FetchAnswer['responses'][number]['partitions'][number]

/**
 * What of a fetch was committed. The broker names the transactions among it that were aborted, by producer and first
 * offset; each lasts until the next record that ends a transaction of its producer.
 */
export const committedOf = (
  messages: readonly WireMessage[],
  aborted: NonNullable<Fetched['abortedTransactions']>,
): readonly WireMessage[] => {
  const upcoming = aborted.map(({ producerId, firstOffset }) => ({ producerId, first: Number(firstOffset) }))
  upcoming.sort((a, b) => a.first - b.first)
  const open = new Set<string>()
  return messages.filter(({ offset, isControlRecord, batchContext }) => {
    for (let next = upcoming[0]; next && next.first <= Number(offset); next = upcoming[0]) {
      open.add(next.producerId)
      upcoming.shift()
    }
    if (!isControlRecord) return !(batchContext.inTransaction && open.has(batchContext.producerId))
    open.delete(batchContext.producerId)
    return false
  })
}

const runOf = (fetched: Fetched, from: Offset): CommittedRun => {
  const messages = fetched.messages.filter(({ offset }) => Number(offset) >= from)
  const last = messages.at(-1)
  return {
    records: committedOf(messages, fetched.abortedTransactions ?? []).map(storedRecord),
    next: last ? Number(last.offset) + 1 : from,
    stable: Number(fetched.lastStableOffset),
    end: Number(fetched.highWatermark),
  }
}

const readError = (topic: string, partition: number, cause: Error): LogError =>
  cause instanceof LogError
    ? cause
    : new LogError('log.unavailable', `${topic}/${partition} cannot be read: ${cause.message}`, { cause })

/** Reads what was committed, on a connection of its own. */
export const kafkaCommittedReader = async (settings: KafkaSettings): Promise<CommittedReader> => {
  const { cluster, close } = await openCluster(settings)
  const known = new Set<string>()

  const leaderOf = async (topic: string, partition: number): Promise<string> => {
    if (!known.has(topic)) {
      await cluster.addMultipleTargetTopics([topic]).catch((cause) => {
        throw cause.type === 'UNKNOWN_TOPIC_OR_PARTITION'
          ? new LogError('log.unknown-topic', `there is no topic ${topic}`, { cause })
          : cause
      })
      known.add(topic)
    }
    const found = cluster.findTopicPartitionMetadata(topic).find(({ partitionId }) => partitionId === partition)
    if (found === undefined) throw new LogError('log.unknown-topic', `there is no partition ${partition} of ${topic}`)
    return String(found.leader)
  }

  const bounds = async (topic: string, partition: number): Promise<Bounds> => {
    await leaderOf(topic, partition)
    const [start, end] = await Promise.all(
      [true, false].map(async (fromBeginning) => {
        const [answer] = await cluster.fetchTopicsOffset([{ topic, partitions: [{ partition }], fromBeginning }])
        return Number(answer?.partitions[0]?.offset ?? 0)
      }),
    )
    return { start: start ?? 0, end: end ?? 0 }
  }

  const fetch = async (topic: string, partition: number, from: Offset, maxWaitMs: number): Promise<Fetched> => {
    const { connectionPool } = await cluster.findBroker({ nodeId: await leaderOf(topic, partition) })
    const request = fetchRequest({
      replicaId: -1,
      isolationLevel: READ_COMMITTED,
      maxWaitTime: maxWaitMs,
      minBytes: 1,
      maxBytes: BYTES,
      ...NO_SESSION,
      topics: [{ topic, partitions: [{ partition, fetchOffset: String(from), maxBytes: BYTES }] }],
      forgottenTopics: [],
    })
    const answer = await connectionPool.send({ request, response: fetchResponse })
    if (answer.errorCode !== 0) throw createErrorFromCode(answer.errorCode)
    const fetched = answer.responses[0]?.partitions[0]
    if (fetched === undefined) throw new LogError('log.unavailable', `no answer about ${topic}/${partition}`)
    return fetched
  }

  return {
    read: async (topic, partition, from, maxWaitMs = 100) => {
      const fetched = await fetch(topic, partition, from, maxWaitMs).catch((cause) => {
        throw readError(topic, partition, cause)
      })
      switch (fetched.errorCode) {
        case 0:
          return runOf(fetched, from)
        case OFFSET_OUT_OF_RANGE:
          throw new LogError('log.out-of-range', `${topic}/${partition} does not hold offset ${from}`)
        case UNKNOWN_TOPIC_OR_PARTITION:
          throw new LogError('log.unknown-topic', `there is no partition ${partition} of ${topic}`)
        default:
          throw readError(topic, partition, createErrorFromCode(fetched.errorCode))
      }
    },
    bounds: (topic, partition) =>
      bounds(topic, partition).catch((cause) => {
        throw readError(topic, partition, cause)
      }),
    close: async () => close(),
  }
}
