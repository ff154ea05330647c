import type { Stage } from '#libs/telemetry/trace.ts'
import type { Family } from '../families.ts'
import { maxCommandBytes } from '../gateway.ts'
import type { NewRecord } from '../log.ts'

export type Outbound = {
  readonly family: Family
  readonly partition: number
  readonly record: NewRecord
  /** Ends once the log has the record. */
  readonly stage: Stage
}

/** What one request carries at most, well below the broker's limit of 1 MiB a partition. */
const batchRecords = 2_000
const batchBytes = maxCommandBytes

export const bytesOf = ({ record }: Pick<Outbound, 'record'>): number => (record.key?.length ?? 0) + record.value.length

/** Commands on their way, first in, first out. */
export type OutboundQueue = {
  readonly push: (outbound: Outbound) => void
  readonly bytes: () => number
  readonly length: () => number
  /** The next batch, taken off; empty where there is none. */
  readonly take: () => readonly Outbound[]
}

export const outboundQueue = (): OutboundQueue => {
  let queue: Outbound[] = []
  let bytes = 0
  return {
    push: (outbound) => {
      queue.push(outbound)
      bytes += bytesOf(outbound)
    },
    bytes: () => bytes,
    length: () => queue.length,
    take: () => {
      let count = 0
      let size = 0
      while (count < Math.min(queue.length, batchRecords)) {
        const next = queue[count]
        if (!next || (count > 0 && size + bytesOf(next) > batchBytes)) break
        size += bytesOf(next)
        count++
      }
      const batch = queue.slice(0, count)
      queue = count === queue.length ? [] : queue.slice(count)
      bytes -= size
      return batch
    },
  }
}
