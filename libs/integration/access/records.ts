import type { Instant, Log, Offset, StoredRecord, TopicSettings } from '#libs/journal/log.ts'
import type { CommittedReader, TransactionalLog } from '#libs/journal/publisher.ts'
import { ensureTopic } from '#libs/journal/topics.ts'

/**
 * Who was added and when, by name: a compacted topic, since Kafka dates neither users nor what they may. The relay learns
 * from it who is to have which channels.
 */
export const integratorsTopic = 'whiply.integrators'

export type IntegratorRecord = {
  /** The topics of Kafka that were given, and when each was. */
  readonly reads: Readonly<Record<string, Instant>>
  /** Ids of the channels that those topics, which are its own, hold; undefined for one who reads public topics as they are. */
  readonly channels?: readonly string[] | undefined
  readonly passwordSince: Instant | undefined
  /** It is being revoked: what it had is taken away, and not all of that is done. */
  readonly leaving?: boolean
}

type Stored = ({ readonly kind: 'added' } & IntegratorRecord) | { readonly kind: 'revoked'; readonly at: Instant }

const settings = (replication: number): TopicSettings => ({
  partitions: 1,
  replication,
  config: { 'cleanup.policy': 'compact', 'message.timestamp.type': 'LogAppendTime' },
})

export const ensureIntegratorsTopic = (log: Log, replication: number): Promise<void> =>
  ensureTopic(log, integratorsTopic, settings(replication))

/** Those that were added and not revoked, by name. */
export type IntegratorRecords = ReadonlyMap<string, IntegratorRecord>

/** What they are once these records have come behind those that made `before`. */
export const withRecords = (before: IntegratorRecords, records: readonly StoredRecord[]): IntegratorRecords => {
  const after = new Map(before)
  for (const record of records) {
    const [name, stored] = [record.key?.toString() ?? '', JSON.parse(record.value.toString()) as Stored]
    if (stored.kind === 'revoked') {
      after.delete(name)
      continue
    }
    const { kind: _, ...integrator } = stored
    after.set(name, integrator)
  }
  return after
}

/** Reads on from an offset to the end as it is now. A compacted topic has holes, which no tail of a journal takes. */
export const readOn = async (reader: CommittedReader, from: Offset): Promise<readonly StoredRecord[]> => {
  const { start, end } = await reader.bounds(integratorsTopic, 0)
  const records: StoredRecord[] = []
  for (let next = Math.max(from, start); next < end; ) {
    const run = await reader.read(integratorsTopic, 0, next)
    records.push(...run.records)
    if (run.next === next && run.stable >= end) break
    next = run.next
  }
  return records
}

export const readRecords = async (
  log: Log,
  transactions: Pick<TransactionalLog, 'committed'>,
  replication: number,
): Promise<IntegratorRecords> => {
  await ensureIntegratorsTopic(log, replication)
  const reader = await transactions.committed()
  try {
    return withRecords(new Map(), await readOn(reader, 0))
  } finally {
    await reader.close()
  }
}

/** @returns its offset */
const append = async (log: Log, name: string, stored: Stored): Promise<Offset> => {
  const appender = await log.appender()
  try {
    const record = { key: Buffer.from(name), value: Buffer.from(JSON.stringify(stored)) }
    return await appender.append(integratorsTopic, 0, [record])
  } finally {
    await appender.close()
  }
}

export const recordAdded = (log: Log, name: string, record: IntegratorRecord): Promise<Offset> =>
  append(log, name, { kind: 'added', ...record })

export const recordRevoked = (log: Log, name: string, at: Instant): Promise<Offset> =>
  append(log, name, { kind: 'revoked', at })
