import { randomUUID } from 'node:crypto'
import type { Family } from './families.ts'
import { metaTopic } from './families.ts'
import type { Log, NewRecord, StoredRecord } from './log.ts'
import { readAll } from './read-all.ts'

/** What is fixed at the first start, for ever: the log's id, and the numbers of partitions by which keys are shared out. */
export type Meta = { readonly logId: string; readonly partitions: Readonly<Record<Family, number>> }

type MetaEntry =
  | { readonly kind: 'log'; readonly logId: string }
  | { readonly kind: 'partitions'; readonly family: string; readonly partitions: number }

const entryOf = (record: StoredRecord): MetaEntry => JSON.parse(record.value.toString()) as MetaEntry

/** Every key is its own, so that compaction keeps all entries, in their order. */
const recordOf = (entry: MetaEntry): NewRecord => ({
  key: Buffer.from(`${entry.kind}/${randomUUID()}`),
  value: Buffer.from(JSON.stringify(entry)),
})

/**
 * Reads the platform's facts, and first writes those that are missing: `wanted` partitions count only then. Of several
 * entries for one fact the first in the log is the fact, so processes that start at once agree.
 */
export const ensureMeta = async (log: Log, wanted: Meta['partitions']): Promise<Meta> => {
  const known = (await readAll(log, metaTopic, 0)).map(entryOf)
  const missing = entriesFor(wanted).filter((entry) => !known.some((other) => sameFact(entry, other)))
  if (missing.length === 0) return metaOf(known, wanted)
  const appender = await log.appender()
  try {
    await appender.append(metaTopic, 0, missing.map(recordOf))
  } finally {
    await appender.close()
  }
  return metaOf((await readAll(log, metaTopic, 0)).map(entryOf), wanted)
}

const entriesFor = (wanted: Meta['partitions']): readonly MetaEntry[] => [
  { kind: 'log', logId: randomUUID() },
  ...Object.entries(wanted).map(([family, partitions]) => ({ kind: 'partitions', family, partitions }) as const),
]

const sameFact = (a: MetaEntry, b: MetaEntry): boolean =>
  a.kind === 'log' ? b.kind === 'log' : b.kind === 'partitions' && b.family === a.family

const metaOf = (entries: readonly MetaEntry[], wanted: Meta['partitions']): Meta => {
  const log = entries.find((entry) => entry.kind === 'log')
  if (!log) throw new Error(`${metaTopic} holds no log id after one was written`)
  const partitionsOf = (family: string): number => {
    const fact = entries.find((entry) => entry.kind === 'partitions' && entry.family === family)
    return fact?.kind === 'partitions' ? fact.partitions : 0
  }
  const partitions = Object.fromEntries(Object.keys(wanted).map((family) => [family, partitionsOf(family)]))
  return { logId: log.logId, partitions: partitions as Meta['partitions'] }
}
