import { setTimeout as sleep } from 'node:timers/promises'
import { newestOf } from '#libs/integration/relay/read-back.ts'
import { decodeState } from '#libs/integration/relay/state.ts'
import { positionsTopic } from '#libs/integration/topic-settings.ts'
import type { CommittedReader, TransactionalLog } from '#libs/journal/publisher.ts'
import type { JournalWriter } from '../project/journal.ts'

const chat = 'whiply.public.chat.v1'
const TICK_MS = 5

/** Outcomes that the relay has published, by the positions that it committed. */
const upTo = async (reader: CommittedReader, partitions: number): Promise<number> => {
  const newest = await Promise.all(
    Array.from({ length: partitions }, (_, partition) =>
      newestOf(reader, positionsTopic, partition, `channel.${partition}`),
    ),
  )
  return newest.reduce((sum, record) => sum + (record ? decodeState(record.value).position.n : 0), 0)
}

/** Outcomes that the relay has published by now. */
export const publishedUpTo = async (log: TransactionalLog, partitions: number): Promise<number> => {
  const reader = await log.committed()
  try {
    return await upTo(reader, partitions)
  } finally {
    await reader.close()
  }
}

/** Waits until so many outcomes are published. @returns how long it took, in ms */
export const untilPublished = async (log: TransactionalLog, partitions: number, count: number): Promise<number> => {
  const started = performance.now()
  const reader = await log.committed()
  try {
    while ((await upTo(reader, partitions)) < count) await sleep(50)
    return performance.now() - started
  } finally {
    await reader.close()
  }
}

/** Writes at a fixed rate, a few messages each tick, as many as are due. */
export const writeAtRate = async (writer: JournalWriter, perSecond: number, seconds: number): Promise<number> => {
  const started = performance.now()
  let written = 0
  while (written < perSecond * seconds) {
    const due = Math.floor(((performance.now() - started) / 1_000) * perSecond) - written
    if (due > 0) {
      await writer.write(due)
      written += due
    }
    await sleep(TICK_MS)
  }
  return written
}

/**
 * Follows the public topic as a read_committed consumer from its end on, all partitions in one fetch as any client does,
 * and notes how long after its decision each event came, in ms.
 */
export const followLatencies = async (log: TransactionalLog, partitions: number) => {
  const latencies: number[] = []
  const stopping = new AbortController()
  const reader = await log.committed()
  const next = new Map<number, number>()
  for (let partition = 0; partition < partitions; partition++)
    next.set(partition, (await reader.bounds(chat, partition)).end)
  const follow = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const runs = await reader.readMany(chat, next)
      const now = Date.now()
      for (const [partition, run] of runs) {
        for (const { timestamp } of run.records) latencies.push(now - timestamp)
        next.set(partition, run.next)
      }
    }
    await reader.close()
  }
  const following = follow()
  return {
    latencies,
    stop: async () => {
      stopping.abort()
      await following
    },
  }
}

/** The value below which that share of them lies. */
export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0
