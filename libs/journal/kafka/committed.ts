import type { Bounds, Instant, Offset } from '../log.ts'
import { LogError } from '../log-error.ts'
import type { CommittedReader, CommittedRun } from '../publisher.ts'
import { openCluster } from './cluster.ts'
import { createErrorFromCode, type FetchAnswer, fetchRequest, fetchResponse, type WireMessage } from './internals.ts'
import type { KafkaSettings } from './options.ts'
import { storedRecord } from './wire.ts'

const READ_COMMITTED = 1
const BYTES = 1024 * 1024
/** Of the first records that are left, when it is only to be known how old they are. */
const GLANCE_BYTES = 64 * 1024
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

/** What is asked of one broker. */
type Fetch = {
  readonly topic: string
  readonly from: readonly (readonly [number, Offset])[]
  readonly maxWaitMs: number
  readonly maxBytes: number
}

const checkedRun = (topic: string, fetched: Fetched, from: Offset): CommittedRun => {
  switch (fetched.errorCode) {
    case 0:
      return runOf(fetched, from)
    case OFFSET_OUT_OF_RANGE:
      throw new LogError('log.out-of-range', `${topic}/${fetched.partition} does not hold offset ${from}`)
    case UNKNOWN_TOPIC_OR_PARTITION:
      throw unknownPartition(topic, fetched.partition)
    default:
      throw createErrorFromCode(fetched.errorCode)
  }
}

const unknownPartition = (topic: string, partition: number): LogError =>
  new LogError('log.unknown-topic', `there is no partition ${partition} of ${topic}`)

const readError = (topic: string, cause: Error): LogError =>
  cause instanceof LogError
    ? cause
    : new LogError('log.unavailable', `${topic} cannot be read: ${cause.message}`, { cause })

/** Reads what was committed, on a connection of its own. */
export const kafkaCommittedReader = async (settings: KafkaSettings): Promise<CommittedReader> => {
  const { cluster, close } = await openCluster(settings)
  const known = new Set<string>()

  const leadersOf = async (topic: string): Promise<ReadonlyMap<number, string>> => {
    if (!known.has(topic)) {
      await cluster.addMultipleTargetTopics([topic]).catch((cause) => {
        throw cause.type === 'UNKNOWN_TOPIC_OR_PARTITION'
          ? new LogError('log.unknown-topic', `there is no topic ${topic}`, { cause })
          : cause
      })
      known.add(topic)
    }
    return new Map(
      cluster.findTopicPartitionMetadata(topic).map(({ partitionId, leader }) => [partitionId, String(leader)]),
    )
  }

  const leaderOf = async (topic: string, partition: number): Promise<string> => {
    const leader = (await leadersOf(topic)).get(partition)
    if (leader === undefined) throw unknownPartition(topic, partition)
    return leader
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

  const offsetsAt: CommittedReader['offsetsAt'] = async (topic, numbers, at) => {
    await leadersOf(topic)
    const partitions = numbers.map((partition) => ({ partition }))
    const [answer] = await cluster.fetchTopicsOffset([{ topic, partitions, fromTimestamp: at }])
    const found = answer?.partitions.map(async ({ partition, offset }) => {
      const first = Number(offset) < 0 ? await oldestSince(topic, partition, at) : Number(offset)
      return first === undefined ? [] : [[partition, first] as const]
    })
    return new Map((await Promise.all(found ?? [])).flat())
  }

  const fetch = async (nodeId: string, { topic, from, maxWaitMs, maxBytes }: Fetch): Promise<readonly Fetched[]> => {
    const { connectionPool } = await cluster.findBroker({ nodeId })
    const request = fetchRequest({
      replicaId: -1,
      isolationLevel: READ_COMMITTED,
      maxWaitTime: maxWaitMs,
      minBytes: 1,
      maxBytes,
      ...NO_SESSION,
      topics: [
        {
          topic,
          partitions: [...from].map(([partition, offset]) => ({ partition, fetchOffset: String(offset), maxBytes })),
        },
      ],
      forgottenTopics: [],
    })
    const answer = await connectionPool.send({ request, response: fetchResponse })
    if (answer.errorCode !== 0) throw createErrorFromCode(answer.errorCode)
    return answer.responses.flatMap(({ partitions }) => partitions)
  }

  /**
   * The first offset that is left, where it is of that time or later. A broker that finds the first record of a time among
   * those that were removed says that there is none, as if nothing came behind it.
   */
  const oldestSince = async (topic: string, partition: number, at: Instant): Promise<Offset | undefined> => {
    const { start, end } = await bounds(topic, partition)
    if (start === 0 || start === end) return undefined
    const limits = { maxWaitMs: 0, maxBytes: GLANCE_BYTES }
    const run = (await readMany(topic, new Map([[partition, start]]), limits)).get(partition)
    return run?.records.some(({ timestamp }) => timestamp >= at) ? start : undefined
  }

  const readMany: CommittedReader['readMany'] = async (topic, from, { maxWaitMs = 100, maxBytes = BYTES } = {}) => {
    const leaders = await leadersOf(topic)
    const byLeader = Map.groupBy(from, ([partition]) => {
      const leader = leaders.get(partition)
      if (leader === undefined) throw unknownPartition(topic, partition)
      return leader
    })
    const fetched = await Promise.all(
      [...byLeader].map(([nodeId, ofNode]) => fetch(nodeId, { topic, from: ofNode, maxWaitMs, maxBytes })),
    )
    return new Map(
      fetched.flat().map((one) => [one.partition, checkedRun(topic, one, from.get(one.partition) ?? 0)] as const),
    )
  }

  /** What goes wrong below is told as the port has it. */
  const told =
    <Asked extends readonly unknown[], Answer>(ask: (topic: string, ...asked: Asked) => Promise<Answer>) =>
    (topic: string, ...asked: Asked): Promise<Answer> =>
      ask(topic, ...asked).catch((cause) => {
        throw readError(topic, cause)
      })

  return {
    read: told(async (topic: string, partition: number, from: Offset, maxWaitMs?: number) => {
      const limits = maxWaitMs === undefined ? {} : { maxWaitMs }
      const run = (await readMany(topic, new Map([[partition, from]]), limits)).get(partition)
      if (run === undefined) throw new LogError('log.unavailable', `no answer about ${topic}/${partition}`)
      return run
    }),
    readMany: told(readMany),
    offsetsAt: told(offsetsAt),
    groups: told(async (topic: string) => {
      const byLeader = Map.groupBy(await leadersOf(topic), ([, leader]) => leader)
      return [...byLeader.values()].map((partitions) => partitions.map(([partition]) => partition))
    }),
    bounds: told(bounds),
    close: async () => close(),
  }
}
