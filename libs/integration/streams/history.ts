import type { Offset } from '#libs/journal/log.ts'
import type { CommittedReader } from '#libs/journal/publisher.ts'
import type { Batch } from './batch.ts'
import { type Filter, passes, sortedOf } from './filter.ts'
import type { Offsets } from './position.ts'
import { createSlots } from './slots.ts'
import { learnSchemas, madeBatches, type TopicSource } from './topic-reader.ts'

/**
 * Reads of what has left the ring. Few run at once, however many streams there are, each with what it has read in hand
 * until its client has taken it; streams take turns.
 */
export type History = {
  /**
   * Reads on from a position, and hands what passes over while it holds its place. What does not pass is counted in the
   * positions alone.
   * @throws LogError, ResponseError of the registry's client; the signal's reason
   */
  readonly read: (options: {
    readonly source: TopicSource
    readonly position: Offsets
    readonly partitions: readonly number[]
    readonly filter: Filter
    readonly signal: AbortSignal
    readonly take: (batches: readonly Batch[]) => Promise<void>
  }) => Promise<void>
  readonly close: () => Promise<void>
}

/** Small, since it is decoded in one go, and others wait meanwhile. */
const READ_BYTES = 256 * 1024
const WAIT_MS = 20

export const createHistory = (places: number): History => {
  const slots = createSlots(places)
  const idle: CommittedReader[] = []
  let closed = false

  /** Readers are kept for the next, but for those that have failed. */
  const withKept = async <Result>(source: TopicSource, work: (reader: CommittedReader) => Promise<Result>) => {
    const reader = idle.pop() ?? (await source.transactions.committed())
    try {
      const result = await work(reader)
      if (closed) await reader.close()
      else idle.push(reader)
      return result
    } catch (error) {
      await reader.close()
      throw error
    }
  }

  return {
    read: ({ source, position, partitions, filter, signal, take }) =>
      slots.use(signal, async () => {
        const from = new Map(partitions.map((partition): [number, Offset] => [partition, position[partition] ?? 0]))
        const limits = { maxWaitMs: WAIT_MS, maxBytes: READ_BYTES }
        const runs = await withKept(source, (reader) => reader.readMany(source.topic, from, limits))
        const wanted = (record: Parameters<typeof sortedOf>[0]) => passes(filter, sortedOf(record))
        await learnSchemas(source, runs)
        await take(madeBatches(source, runs, position, wanted))
      }),
    close: async () => {
      closed = true
      await Promise.all(idle.splice(0).map((reader) => reader.close()))
    },
  }
}
