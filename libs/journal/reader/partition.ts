import { decodeEntry, outcomeRecord } from '../envelope.ts'
import type { Family } from '../families.ts'
import type { Instant, Offset, StoredRecord } from '../log.ts'
import type { OutcomeRecord, Position } from '../outcome.ts'
import { beforeFirst, holdsAt, judge, type ValidityState } from '../validity.ts'

/** What a run of records came to. */
export type Read = {
  readonly outcomes: readonly OutcomeRecord[]
  readonly position: Position
  readonly notices: readonly { readonly kind: 'void' | 'claim' | 'attempt'; readonly offset: Offset }[]
}

/** One partition of a journal as a reader goes through it. */
export type PartitionReader = {
  readonly family: Family
  readonly partition: number
  readonly from: Position
  /** The offset behind the last record that was handled; of the first to read, while there is none. */
  readonly next: () => Offset
  /** Whether the record that the stored position names has been seen to be the one. */
  readonly proven: () => boolean
  /** Append time of the last record handled; 0 before the first. */
  readonly lastRead: () => Instant
  /** Judges the next run; `mismatch` where the first record is not the one that the stored position names. */
  readonly take: (records: readonly StoredRecord[]) => Read | 'mismatch'
  /** What was made of these records has been handled. */
  readonly handled: (records: readonly StoredRecord[]) => void
}

export const partitionReader = (family: Family, partition: number, from: Position): PartitionReader => {
  let validity: ValidityState = from.offset < 0 ? beforeFirst : { claim: from.claim, n: from.n }
  let position = from
  let next = Math.max(0, from.offset)
  let lastRead = 0
  /** The record that the position names is read once more, to see that it is that one. */
  let unproven = from.offset >= 0

  return {
    family,
    partition,
    from,
    next: () => next,
    proven: () => !unproven,
    lastRead: () => lastRead,
    take: (records) => {
      const outcomes: OutcomeRecord[] = []
      const notices: Read['notices'][number][] = []
      for (const record of records) {
        const entry = decodeEntry(record)
        if (unproven) {
          if (record.offset !== position.offset || !holdsAt(position, entry)) return 'mismatch'
          unproven = false
          continue
        }
        const { verdict, state } = judge(validity, entry, record.offset)
        validity = state
        if (verdict === 'void') {
          notices.push({ kind: 'void', offset: record.offset })
          continue
        }
        position = { logId: position.logId, offset: record.offset, claim: state.claim, n: state.n }
        if (entry.kind === 'outcome') outcomes.push(outcomeRecord(family, partition, record.offset, entry))
        else notices.push({ kind: verdict === 'claim' ? 'claim' : 'attempt', offset: record.offset })
      }
      return { outcomes, position, notices }
    },
    handled: (records) => {
      const last = records.at(-1)
      if (!last) return
      next = last.offset + 1
      lastRead = last.timestamp
    },
  }
}
