/**
 * The port for topics that others read: appends in transactions, and reads of what was committed. Journals use neither
 * (see `log.ts`). Adapters: `kafka/transactions.ts` and `memory/transactions.ts`; both pass `publisher.contract.ts`.
 */

import type { Bounds, Instant, NewRecord, Offset, StoredRecord, TopicSettings } from './log.ts'

/** A record with the time at which it happened, where its topic keeps that (CreateTime). */
export type PublishedRecord = NewRecord & { readonly timestamp?: Instant }

export type PublishedBatch = {
  readonly topic: string
  readonly partition: number
  readonly records: readonly PublishedRecord[]
}

/**
 * A transactional producer. Whoever opens one ends all others of its transactional id: what they left open is aborted,
 * and whatever they still send is refused.
 *
 * Any error spends it: the transaction may have been committed or not. Its owner closes it, opens another, and reads
 * back what stands.
 */
export type Publisher = {
  /** Writes to several partitions; the first call after a commit begins a transaction. Nobody sees it before `commit`. */
  readonly send: (batches: readonly PublishedBatch[]) => Promise<void>
  /** Once it resolves, readers of what is committed see all that was sent since the last commit. */
  readonly commit: () => Promise<void>
  readonly close: () => Promise<void>
}

/** A run of one partition as readers of what is committed see it: without records of transactions that were aborted. */
export type CommittedRun = {
  readonly records: readonly StoredRecord[]
  /** Where to read on. Offsets have holes: the ends of transactions and what was aborted have some too. */
  readonly next: Offset
  /** Everything below it is decided; an open transaction holds back all that comes behind its first record. */
  readonly stable: Offset
  /** The end of the partition, open transactions included. */
  readonly end: Offset
}

export type CommittedReader = {
  /**
   * Reads about a megabyte at most from an offset on, and waits up to `maxWaitMs` (100 by default) for something to come.
   * @throws LogError `log.out-of-range` where the offset has aged out or is beyond the end, `log.unknown-topic`
   */
  readonly read: (topic: string, partition: number, from: Offset, maxWaitMs?: number) => Promise<CommittedRun>
  /**
   * Reads several partitions of a topic at once, `maxBytes` (a megabyte by default) of all together or little more, in the
   * order in which they are given; those behind may come to nothing. Waits as `read` does until one has something.
   * @throws LogError as `read` does
   */
  readonly readMany: (
    topic: string,
    from: ReadonlyMap<number, Offset>,
    limits?: { readonly maxWaitMs?: number; readonly maxBytes?: number },
  ) => Promise<ReadonlyMap<number, CommittedRun>>
  /**
   * By partition the first offset of that time or later; a partition without one is left out. The end of a transaction has
   * a time too, that of the broker: behind the offset there may be records of an earlier time than the one asked for.
   */
  readonly offsetsAt: (
    topic: string,
    partitions: readonly number[],
    at: Instant,
  ) => Promise<ReadonlyMap<number, Offset>>
  /** Partitions that one broker leads, and so answers for at once: who waits for several reads each group by itself. */
  readonly groups: (topic: string) => Promise<readonly (readonly number[])[]>
  /** The first offset that is left, and the end, open transactions included. */
  readonly bounds: (topic: string, partition: number) => Promise<Bounds>
  /** Closes its connections; a read under way rejects. After any error a reader is closed and another opened. */
  readonly close: () => Promise<void>
}

export type TransactionalLog = {
  /** @throws LogError `log.unavailable` */
  readonly publisher: (transactionalId: string) => Promise<Publisher>
  /** @throws LogError `log.unavailable` */
  readonly committed: () => Promise<CommittedReader>
  /** Sets these of a topic's settings, by Kafka's own names; all others stay. */
  readonly configure: (topic: string, config: TopicSettings['config']) => Promise<void>
  /** Closes all that was opened through it. */
  readonly close: () => Promise<void>
}
