/**
 * The log port: what whiply asks of a partitioned, append-only log. Adapters: `kafka/` (kafkajs) and
 * `memory/` (with a schedule of faults). Both pass one contract suite, `log.contract.ts`.
 *
 * Offsets, timestamps and sizes are JavaScript numbers: below 2^53, in milliseconds, in bytes.
 */

export type Offset = number

/** Milliseconds since the epoch. */
export type Instant = number

export type RecordHeaders = Readonly<Record<string, string>>

export type NewRecord = {
  readonly key: Buffer | null
  readonly value: Buffer
  readonly headers?: RecordHeaders
}

export type StoredRecord = {
  readonly offset: Offset
  /** When the broker appended it (LogAppendTime). */
  readonly timestamp: Instant
  readonly key: Buffer | null
  readonly value: Buffer
  readonly headers: RecordHeaders
}

/** A partition of a topic as it stands: the first offset that is left, and the one that the next record will get. */
export type Bounds = { readonly start: Offset; readonly end: Offset }

export type TopicSettings = {
  readonly partitions: number
  readonly replication: number
  /** Topic configuration by Kafka's own names, `retention.ms` and the like. */
  readonly config: Readonly<Record<string, string>>
}

/**
 * One producer. Appends are acknowledged by all in-sync replicas.
 *
 * `append` sends the records to one partition as one atomic batch, in one request, once: no layer below sends it
 * again. It resolves with the offset of the first record. When it rejects, the records may be there or not, once,
 * and may even appear later: the caller must not use this appender again (`close` it).
 */
export type Appender = {
  readonly append: (
    topic: string,
    partition: number,
    records: readonly NewRecord[],
    timeoutMs?: number,
  ) => Promise<Offset>
  /**
   * Sends to many partitions of one topic in one request, for edges, whose commands carry ids and may be sent again.
   * Rejects when any partition failed.
   */
  readonly appendMany: (
    topic: string,
    batches: readonly { readonly partition: number; readonly records: readonly NewRecord[] }[],
  ) => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * A reader that owns its positions. Every record from a partition's start offset on is handed over once, in order,
 * without a hole: a batch that does not begin at the offset expected is dropped and read again, and an offset that
 * the log no longer has is an error, never a silent jump.
 */
export type Tail = {
  /** Reads the partition from `from` on; when it is read already, moves there. */
  readonly read: (topic: string, partition: number, from: Offset) => void
  /** Stops reading the partition; no batch of it is handed over once this returns. */
  readonly stop: (topic: string, partition: number) => void
  readonly close: () => Promise<void>
}

export type TailHandlers = {
  /**
   * Called with a run of contiguous records of one partition. Calls for one partition never overlap: the next waits
   * for the promise (backpressure). A rejection is passed to `onError` and ends the tail.
   */
  readonly onRecords: (topic: string, partition: number, records: readonly StoredRecord[]) => void | Promise<void>
  /** Position expected is below the log's start, or beyond its end. The partition is stopped. */
  readonly onOutOfRange: (topic: string, partition: number, expected: Offset, bounds: Bounds) => void
  /** The tail has failed for good; its owner closes it and starts another. */
  readonly onError: (error: Error) => void
}

export type TailOptions = {
  /**
   * The least time between two hand-overs, in ms; 0 by default. What comes meanwhile gathers; what comes after a lull, and
   * a backlog, is handed over at once. For readers on which nobody waits: fewer and larger batches cost less at both ends.
   */
  readonly gatherMs?: number
}

/** A seat in a group that shares partitions out; it hands out no records, and its committed offsets are never used. */
export type Membership = {
  readonly leave: () => Promise<void>
  /** This member cannot serve the partition: from the next assignment on it is another's, or nobody's. */
  readonly refuse: (topic: string, partition: number) => void
}

export type MembershipOptions = {
  readonly group: string
  readonly topics: readonly string[]
  /** The whole assignment, after every change; a topic's list is empty when it lost all. */
  readonly onAssignment: (assignment: ReadonlyMap<string, readonly number[]>) => void
}

export type Log = {
  readonly appender: () => Promise<Appender>
  /** A tail over the topics named; it reads nothing until `read` is called. */
  readonly tail: (topics: readonly string[], handlers: TailHandlers, options?: TailOptions) => Promise<Tail>
  readonly join: (options: MembershipOptions) => Promise<Membership>
  /** Bounds by partition number. */
  readonly bounds: (topic: string) => Promise<readonly Bounds[]>
  readonly createTopic: (topic: string, settings: TopicSettings) => Promise<'created' | 'exists'>
  /** Partition count and configuration as the broker has them; undefined where there is no such topic. */
  readonly describeTopic: (topic: string) => Promise<TopicSettings | undefined>
  readonly close: () => Promise<void>
}
