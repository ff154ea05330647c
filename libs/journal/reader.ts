import type { Family } from './families.ts'
import type { Bounds, Log } from './log.ts'
import type { OutcomeRecord, Position } from './outcome.ts'

/** What a reader of the journal may tell apart from outcomes; counted, and alarmed where it is not `claim`. */
export type Notice =
  | { readonly kind: 'void'; readonly family: Family; readonly partition: number; readonly offset: number }
  | { readonly kind: 'claim'; readonly family: Family; readonly partition: number; readonly offset: number }
  | { readonly kind: 'attempt'; readonly family: Family; readonly partition: number; readonly offset: number }

export type JournalReaderOptions = {
  readonly log: Log
  readonly logId: string
  readonly families: readonly Family[]
  /** The least time between two hand-overs, in ms; 0 by default. See `TailOptions`. */
  readonly gatherMs?: number
  /**
   * Valid outcomes of one partition, in order, with the position behind the last of them. Never called twice at once for
   * one partition; the next batch waits for the promise.
   */
  readonly onOutcomes: (
    family: Family,
    partition: number,
    outcomes: readonly OutcomeRecord[],
    position: Position,
  ) => void | Promise<void>
  readonly onNotice?: (notice: Notice) => void
  /** The record at a stored position is not the one it names, or has gone: what stands on it must be rebuilt. */
  readonly onPositionInvalid: (family: Family, partition: number, position: Position, bounds: Bounds) => void
  readonly onError: (error: Error) => void
}

/**
 * A reader of journals: decodes envelopes, applies the rule of validity (I3), hands on valid outcomes only.
 * `from` is a stored position, checked before anything is handed over, or `'beginning'`.
 */
export type JournalReader = {
  readonly read: (family: Family, partition: number, from: Position | 'beginning') => void
  readonly stop: (family: Family, partition: number) => void
  /** Resolves when every partition being read has reached the end that it had at the call. */
  readonly caughtUp: (signal?: AbortSignal) => Promise<void>
  /** Records and seconds behind, by partition, for metrics. */
  readonly lag: () => readonly {
    readonly family: Family
    readonly partition: number
    readonly records: number
    readonly seconds: number
  }[]
  readonly close: () => Promise<void>
}
