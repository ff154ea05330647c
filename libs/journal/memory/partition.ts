import { List } from 'immutable'
import type { Bounds, Instant, NewRecord, Offset, StoredRecord } from '../log.ts'
import { type AppendFault, type FetchFault, REDELIVERED } from './faults.ts'

/** A partition as an immutable value, so that a model may keep every state it has seen. */
export type MemoryPartition = { readonly start: Offset; readonly records: List<StoredRecord> }

export const emptyPartition: MemoryPartition = { start: 0, records: List() }

export const boundsOf = ({ start, records }: MemoryPartition): Bounds => ({ start, end: start + records.size })

/** The partition with the records behind its end, all stamped with the same append time. */
export const write = (partition: MemoryPartition, records: readonly NewRecord[], at: Instant): MemoryPartition => {
  const { end } = boundsOf(partition)
  const stored = records.map(
    ({ key, value, headers }, index): StoredRecord => ({
      offset: end + index,
      timestamp: at,
      key,
      value,
      headers: headers ?? {},
    }),
  )
  return { ...partition, records: partition.records.concat(stored) }
}

export type AppendAnswer =
  | { readonly kind: 'offset'; readonly offset: Offset }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'error' }

export type AppendResult = {
  readonly partition: MemoryPartition
  readonly answer: AppendAnswer
  /** Still on its way: `write` it at any later time, or never. */
  readonly late: boolean
}

/** One append under a fault; the meaning of each fault stands in `faults.ts`. */
export const append = (
  partition: MemoryPartition,
  records: readonly NewRecord[],
  at: Instant,
  fault?: AppendFault,
): AppendResult => {
  const offset = boundsOf(partition).end
  const answered = { kind: 'offset', offset } as const
  const once = () => write(partition, records, at)
  switch (fault) {
    case undefined:
      return { partition: once(), answer: answered, late: false }
    case 'doubled':
      return { partition: write(once(), records, at), answer: answered, late: false }
    case 'unanswered':
      return { partition: once(), answer: { kind: 'timeout' }, late: false }
    case 'late':
      return { partition, answer: { kind: 'timeout' }, late: true }
    case 'lost':
      return { partition, answer: { kind: 'timeout' }, late: false }
    case 'rejected':
      return { partition, answer: { kind: 'error' }, late: false }
  }
}

export type FetchAnswer =
  | { readonly kind: 'records'; readonly records: readonly StoredRecord[] }
  | { readonly kind: 'out-of-range' }
  | { readonly kind: 'stalled' }

/** One fetch under a fault, as a broker would answer: what the reader makes of it is the reader's affair. */
export const fetch = (partition: MemoryPartition, from: Offset, limit: number, fault?: FetchFault): FetchAnswer => {
  const { start, end } = boundsOf(partition)
  if (from < start || from > end || fault === 'out-of-range') return { kind: 'out-of-range' }
  if (fault === 'stall') return { kind: 'stalled' }
  const shift = fault === 'redelivery' ? -REDELIVERED : fault === 'hole' ? 1 : 0
  const begin = fault === 'jump' ? end : Math.max(start, from + shift)
  return { kind: 'records', records: partition.records.slice(begin - start, begin - start + limit).toArray() }
}

/** The partition as it was before it had the records from `end` on. */
export const setBack = ({ start, records }: MemoryPartition, end: Offset): MemoryPartition => ({
  start,
  records: records.slice(0, Math.max(0, end - start)),
})

/** The partition as retention leaves it: nothing before `start`. */
export const trim = (partition: MemoryPartition, start: Offset): MemoryPartition =>
  start <= partition.start ? partition : { start, records: partition.records.slice(start - partition.start) }
