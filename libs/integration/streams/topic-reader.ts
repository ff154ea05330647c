import type { Log, Offset, StoredRecord } from '#libs/journal/log.ts'
import type { CommittedReader, CommittedRun, TransactionalLog } from '#libs/journal/publisher.ts'
import { type Batch, batchesOf, entryOf } from './batch.ts'
import type { Decoder } from './decode.ts'
import type { Offsets, PositionCodec } from './position.ts'

/** A public topic, and what is needed to read it. */
export type TopicSource = {
  readonly topic: string
  readonly partitions: number
  readonly log: Pick<Log, 'bounds'>
  readonly transactions: Pick<TransactionalLog, 'committed'>
  readonly decoder: Decoder
  readonly positions: PositionCodec
  /** A record that cannot be read, which should not be: it goes out without its data. */
  readonly onUnreadable: (topic: string, partition: number, offset: Offset) => void
}

/** Does something with a reader of its own, which is closed behind it. */
export const withReader = async <Result>(
  { transactions }: Pick<TopicSource, 'transactions'>,
  work: (reader: CommittedReader) => Promise<Result>,
): Promise<Result> => {
  const reader = await transactions.committed()
  try {
    return await work(reader)
  } finally {
    await reader.close()
  }
}

/** Where everything that is committed by now ends; what is open comes behind it. @throws LogError */
export const committedEnd = async (source: Pick<TopicSource, 'topic' | 'log' | 'transactions'>): Promise<Offsets> => {
  const ends = (await source.log.bounds(source.topic)).map(({ end }) => end)
  const runs = await withReader(source, (reader) =>
    reader.readMany(source.topic, new Map(ends.entries()), { maxWaitMs: 0 }),
  )
  return ends.map((end, partition) => Math.min(end, runs.get(partition)?.stable ?? end))
}

/** Learns what is needed to make batches of what was read. @throws ResponseError of the registry's client */
export const learnSchemas = async (
  { decoder }: TopicSource,
  runs: ReadonlyMap<number, CommittedRun>,
): Promise<void> => {
  for (const { records } of runs.values()) await decoder.learn(records)
}

/** Makes batches of what was read, from a position on; `wanted` spares the decoding of what nobody will look at. */
export const madeBatches = (
  { topic, decoder, positions, onUnreadable }: TopicSource,
  runs: ReadonlyMap<number, CommittedRun>,
  position: Offsets,
  wanted: (record: StoredRecord) => boolean = () => true,
): readonly Batch[] => {
  const unreadable = (partition: number, offset: Offset): void => onUnreadable(topic, partition, offset)
  return batchesOf(runs, position, positions, (record, partition) =>
    wanted(record) ? entryOf(record, partition, decoder.decode, unreadable) : undefined,
  )
}

/** Partitions in turn first, since what is read of one may leave no room for those behind it. */
export const inTurn = (partitions: readonly number[], turn: number): readonly number[] => {
  const first = turn % partitions.length
  return [...partitions.slice(first), ...partitions.slice(0, first)]
}
