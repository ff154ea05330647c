import type { Appender, NewRecord, Offset } from '../log.ts'
import { LogError } from '../log-error.ts'
import type { PartitionBatch, Wire } from './wire.ts'

const APPEND_TIMEOUT_MS = 5_000

/**
 * One producer on connections of its own, plain (not idempotent) and without any retry: after an error kafkajs's
 * idempotent producer is told "written" of batches that never were (I4). The first failure spends the appender, so that
 * nobody can send a turn again under the same claim by mistake.
 */
export const kafkaAppender = (wire: Wire): Appender => {
  let spent: LogError | undefined
  const leaders = async (topic: string): Promise<ReadonlyMap<number, string>> => {
    if (wire.leaders(topic).size === 0) await wire.know([topic])
    return wire.leaders(topic)
  }

  const send = async (
    topic: string,
    batches: readonly PartitionBatch[],
    timeoutMs: number,
  ): Promise<ReadonlyMap<number, Offset>> => {
    const leaderOf = await leaders(topic)
    const byNode = Map.groupBy(batches, ({ partition }) => {
      const node = leaderOf.get(partition)
      if (node === undefined) throw new LogError('log.unknown-topic', `there is no partition ${partition} of ${topic}`)
      return node
    })
    const answers = await Promise.all([...byNode].map(([node, ofNode]) => wire.produce(node, topic, ofNode, timeoutMs)))
    return new Map(answers.flatMap((answer) => [...answer]))
  }

  const once = async (
    topic: string,
    batches: readonly PartitionBatch[],
    timeoutMs: number,
  ): Promise<ReadonlyMap<number, Offset>> => {
    if (spent) throw spent
    try {
      return await inTime(send(topic, batches, timeoutMs), topic, timeoutMs)
    } catch (cause) {
      spent ??= new LogError('log.appender-spent', 'an append failed before', { cause })
      throw appendError(topic, cause)
    }
  }

  return {
    append: async (topic, partition, records: readonly NewRecord[], timeoutMs = APPEND_TIMEOUT_MS) => {
      const offset = (await once(topic, [{ partition, records }], timeoutMs)).get(partition)
      if (offset === undefined) throw new LogError('log.append-failed', `no offset from ${topic}/${partition}`)
      return offset
    },
    appendMany: async (topic, batches) => {
      await once(topic, batches, APPEND_TIMEOUT_MS)
    },
    close: async () => {
      spent ??= new LogError('log.closed', 'the appender is closed')
      wire.close()
    },
  }
}

/** The limit holds for all of it, finding the leader included; what is under way then may still be written. */
const inTime = async <Value>(work: Promise<Value>, topic: string, timeoutMs: number): Promise<Value> => {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new LogError('log.timeout', `no answer from ${topic} within ${timeoutMs} ms`)),
      timeoutMs,
    )
  })
  try {
    return await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}

const appendError = (topic: string, cause: unknown): LogError => {
  if (cause instanceof LogError) return cause
  const { name, message } = cause instanceof Error ? cause : new Error(String(cause))
  return name === 'KafkaJSRequestTimeoutError'
    ? new LogError('log.timeout', `no answer from ${topic}: ${message}`, { cause })
    : new LogError('log.append-failed', `${topic}: ${message}`, { cause })
}
