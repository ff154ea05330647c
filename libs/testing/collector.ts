import type { Bounds, Offset, StoredRecord, TailHandlers } from '#libs/journal/log.ts'
import { until } from './until.ts'

type OutOfRange = {
  readonly topic: string
  readonly partition: number
  readonly expected: Offset
  readonly bounds: Bounds
}

/** Handlers of a tail that keep what they are given. */
export type Collector = {
  readonly handlers: TailHandlers
  /** Records of one partition in the order in which they were handed over. */
  readonly of: (topic: string, partition: number) => readonly StoredRecord[]
  /** The records, of all partitions or of one, once there are so many. */
  readonly reached: (count: number, topic?: string, partition?: number) => Promise<readonly StoredRecord[]>
  readonly outOfRange: readonly OutOfRange[]
  readonly errors: readonly Error[]
}

export const collect = (also?: TailHandlers['onRecords']): Collector => {
  const taken: { readonly topic: string; readonly partition: number; readonly record: StoredRecord }[] = []
  const outOfRange: OutOfRange[] = []
  const errors: Error[] = []
  const matching = (topic?: string, partition?: number): readonly StoredRecord[] =>
    taken
      .filter((one) => (topic ?? one.topic) === one.topic && (partition ?? one.partition) === one.partition)
      .map(({ record }) => record)
  return {
    handlers: {
      onRecords: (topic, partition, records) => {
        taken.push(...records.map((record) => ({ topic, partition, record })))
        return also?.(topic, partition, records)
      },
      onOutOfRange: (topic, partition, expected, bounds) => {
        outOfRange.push({ topic, partition, expected, bounds })
      },
      onError: (error) => {
        errors.push(error)
      },
    },
    of: matching,
    reached: async (count, topic, partition) => {
      await until(
        () => {
          if (errors[0]) throw errors[0]
          return matching(topic, partition).length >= count
        },
        { what: `${count} records` },
      )
      return matching(topic, partition)
    },
    outOfRange,
    errors,
  }
}
