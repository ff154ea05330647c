import type { Offset, StoredRecord } from '#libs/journal/log.ts'
import { LogError } from '#libs/journal/log-error.ts'
import type { CommittedReader } from '#libs/journal/publisher.ts'

/** Each transaction writes a record and its end: a first look behind this many offsets finds the newest. */
const FIRST_LOOK = 1_000
/** Longer than any transaction may be open. */
const DECIDED_WITHIN_MS = 20_000

/**
 * The newest committed record in a partition, of a key where one is given; undefined where there is none. Whatever was open
 * at the call is waited for: it may be the newest.
 * @throws LogError
 */
export const newestOf = async (
  reader: CommittedReader,
  topic: string,
  partition: number,
  key?: string,
): Promise<StoredRecord | undefined> => {
  const { start, end } = await reader.bounds(topic, partition)
  for (let look = FIRST_LOOK; ; look *= 10) {
    const from = Math.max(start, end - look)
    const found = await newestWithin(reader, topic, partition, key, from, end)
    if (found || from === start) return found
  }
}

const newestWithin = async (
  reader: CommittedReader,
  topic: string,
  partition: number,
  key: string | undefined,
  from: Offset,
  end: Offset,
): Promise<StoredRecord | undefined> => {
  const deadline = performance.now() + DECIDED_WITHIN_MS
  let newest: StoredRecord | undefined
  for (let next = from; next < end; ) {
    const run = await reader.read(topic, partition, next)
    newest = run.records.findLast((record) => key === undefined || record.key?.toString() === key) ?? newest
    if (run.next === next && run.stable >= end) break
    if (performance.now() > deadline)
      throw new LogError('log.timeout', `${topic}/${partition} is decided up to ${run.stable} of ${end} only`)
    next = run.next
  }
  return newest
}
