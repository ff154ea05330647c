import type { Log, Offset, StoredRecord } from './log.ts'
import { readRange } from './read-range.ts'

/** Every record of a partition from `from` (its start by default) to the end that it has at the call. For short ones. */
export const readAll = async (
  log: Log,
  topic: string,
  partition: number,
  from?: Offset,
): Promise<readonly StoredRecord[]> => {
  const bounds = (await log.bounds(topic))[partition]
  const records: StoredRecord[] = []
  const range = { topic, partition, from: from ?? bounds?.start ?? 0, end: bounds?.end ?? 0 }
  await readRange(log, range, (read) => void records.push(...read))
  return records
}
