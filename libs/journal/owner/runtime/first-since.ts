import type { Instant, Log, Offset } from '../../log.ts'
import { readAll } from '../../read-all.ts'

const atFirst = 500
const more = 4

/** The offset of the first record that the broker wrote after `time`; the partition's end where there is none. */
export const firstSince = async (log: Log, topic: string, partition: number, time: Instant): Promise<Offset> => {
  const { start, end } = (await log.bounds(topic))[partition] ?? { start: 0, end: 0 }
  for (let count = atFirst; ; count *= more) {
    const from = Math.max(start, end - count)
    const records = await readAll(log, topic, partition, from)
    const oldest = records[0]
    if (from > start && oldest && oldest.timestamp > time) continue
    return records.find(({ timestamp }) => timestamp > time)?.offset ?? end
  }
}
