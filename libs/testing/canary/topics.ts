import type { Log, StoredRecord, TopicSettings } from '#libs/journal/log.ts'
import { type CanaryForms, holds } from './forms.ts'

export type FoundRecord = {
  readonly kind: 'record'
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly part: 'key' | 'value' | 'header'
  /** The UTC day by whose end the record has aged out, as `2026-01-31`; undefined where its topic is kept for ever. */
  readonly agesOutOn?: string
}

/** Brokers look for what has aged out every five minutes, and remove it a minute later. */
const REMOVAL_MS = 6 * 60_000

/** A segment goes once its newest record has aged, and its newest may be younger than this one by a whole segment. */
const agesOutOn = (record: StoredRecord, settings: TopicSettings | undefined): string | undefined => {
  const numberOf = (name: string, otherwise: number): number => Number(settings?.config[name] ?? otherwise)
  const retentionMs = numberOf('retention.ms', -1)
  if (retentionMs < 0 || settings?.config['cleanup.policy'] === 'compact') return undefined
  const gone = record.timestamp + retentionMs + numberOf('segment.ms', 7 * 86_400_000) + REMOVAL_MS
  return new Date(gone).toISOString().slice(0, 10)
}

const partOf = (record: StoredRecord, forms: CanaryForms): FoundRecord['part'] | undefined => {
  if (record.key && holds(record.key, forms)) return 'key'
  if (holds(record.value, forms)) return 'value'
  const headers = Object.entries(record.headers).flat()
  return headers.some((text) => holds(Buffer.from(text), forms)) ? 'header' : undefined
}

/** Searches a topic from its first record to the end that it has at the call. */
export const searchTopic = async (log: Log, topic: string, forms: CanaryForms): Promise<readonly FoundRecord[]> => {
  const settings = await log.describeTopic(topic)
  if (!settings) throw new RangeError(`there is no topic ${topic}`)
  const bounds = await log.bounds(topic)
  const unread = new Set(bounds.flatMap(({ start, end }, partition) => (start < end ? [partition] : [])))
  if (unread.size === 0) return []
  const found: FoundRecord[] = []
  const done = Promise.withResolvers<void>()
  const tail = await log.tail([topic], {
    onRecords: (_topic, partition, records) => {
      for (const record of records) {
        const part = partOf(record, forms)
        const day = agesOutOn(record, settings)
        if (part)
          found.push({ kind: 'record', topic, partition, offset: record.offset, part, ...(day && { agesOutOn: day }) })
      }
      if ((records.at(-1)?.offset ?? -1) >= (bounds[partition]?.end ?? 0) - 1) unread.delete(partition)
      if (unread.size === 0) done.resolve()
    },
    onOutOfRange: (_topic, partition) =>
      done.reject(new RangeError(`${topic}/${partition} aged out while it was read`)),
    onError: done.reject,
  })
  try {
    for (const partition of unread) tail.read(topic, partition, bounds[partition]?.start ?? 0)
    await done.promise
    return found.sort((a, b) => a.partition - b.partition || a.offset - b.offset)
  } finally {
    await tail.close()
  }
}
