import { HOLE_READS, takeContiguous } from '../cursor.ts'
import type { Offset, StoredRecord } from '../log.ts'
import { LogError } from '../log-error.ts'

/** Beyond this much waiting for a slow handler a partition is not fetched; others go on. */
const QUEUE_RECORDS = 2_000
const QUEUE_BYTES = 2 * 1024 * 1024

/**
 * One partition of a tail: the position, which nothing but `accept` moves on, and what was fetched but not handed over.
 * It lives as long as the tail, so that calls of the handler never overlap, whatever is stopped and read again.
 */
export type Reading = {
  readonly topic: string
  readonly partition: number
  /** The offset to fetch next; undefined while stopped or while the queue is full. */
  readonly wanted: () => Offset | undefined
  readonly move: (to: Offset | undefined) => void
  /** Takes what was fetched from `from`, unless the position has moved since. @throws LogError `log.hole` */
  readonly accept: (from: Offset, fetched: readonly StoredRecord[]) => void
}

export type ReadingOptions = {
  readonly topic: string
  readonly partition: number
  readonly onRecords: (topic: string, partition: number, records: readonly StoredRecord[]) => void | Promise<void>
  /** A full queue has been taken over by the handler. */
  readonly onRoom: () => void
  readonly onFailure: (error: unknown) => void
}

export const startReading = ({ topic, partition, onRecords, onRoom, onFailure }: ReadingOptions): Reading => {
  let next: Offset | undefined
  let queue: readonly StoredRecord[] = []
  let bytes = 0
  let busy = false
  let holes = 0

  const full = (): boolean => queue.length >= QUEUE_RECORDS || bytes >= QUEUE_BYTES

  const empty = (): readonly StoredRecord[] => {
    const records = queue
    queue = []
    bytes = 0
    return records
  }

  const drain = async (): Promise<void> => {
    busy = true
    try {
      while (queue.length > 0) {
        const wasFull = full()
        const handled = onRecords(topic, partition, empty())
        if (wasFull) onRoom()
        // A handler that answers at once is not waited for: the next fetch goes out sooner.
        if (handled) await handled
      }
    } catch (error) {
      next = undefined
      empty()
      onFailure(error)
    } finally {
      busy = false
    }
  }

  return {
    topic,
    partition,
    wanted: () => (full() ? undefined : next),
    move: (to) => {
      next = to
      holes = 0
      empty()
    },
    accept: (from, fetched) => {
      if (next !== from) return
      const { records, again } = takeContiguous(from, fetched)
      holes = again && records.length === 0 ? holes + 1 : 0
      if (holes > HOLE_READS) throw new LogError('log.hole', `offset ${from} of ${topic}/${partition} is missing`)
      if (records.length === 0) return
      next = from + records.length
      queue = queue.length === 0 ? records : [...queue, ...records]
      for (const { value } of records) bytes += value.length
      if (!busy) void drain()
    },
  }
}
