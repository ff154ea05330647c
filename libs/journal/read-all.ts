import type { Log, Offset, StoredRecord } from './log.ts'

/** Every record of a partition from `from` (its start by default) to the end that it has at the call. For short ones. */
export const readAll = async (
  log: Log,
  topic: string,
  partition: number,
  from?: Offset,
): Promise<readonly StoredRecord[]> => {
  const bounds = (await log.bounds(topic))[partition]
  const start = from ?? bounds?.start ?? 0
  const end = bounds?.end ?? 0
  if (start >= end) return []
  const records: StoredRecord[] = []
  const done = Promise.withResolvers<void>()
  const tail = await log.tail([topic], {
    onRecords: (_topic, _partition, read) => {
      for (const record of read) if (record.offset < end) records.push(record)
      if ((read.at(-1)?.offset ?? -1) >= end - 1) done.resolve()
    },
    onOutOfRange: (_topic, _partition, expected, now) =>
      done.reject(
        new RangeError(`${topic}/${partition} has no offset ${expected}: it holds ${now.start} to ${now.end}`),
      ),
    onError: done.reject,
  })
  try {
    tail.read(topic, partition, start)
    await done.promise
    return records
  } finally {
    await tail.close()
  }
}
