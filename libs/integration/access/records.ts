import type { Instant, Log, StoredRecord, TopicSettings } from '#libs/journal/log.ts'
import { readAll } from '#libs/journal/read-all.ts'
import { ensureTopic } from '#libs/journal/topics.ts'

/** Who was added and when, by name: a compacted topic, since Kafka dates neither users nor what they may. */
export const integratorsTopic = 'whiply.integrators'

export type IntegratorRecord = {
  /** The topics that were given, and when each was. */
  readonly reads: Readonly<Record<string, Instant>>
  readonly passwordSince: Instant | undefined
}

type Stored = ({ readonly kind: 'added' } & IntegratorRecord) | { readonly kind: 'revoked'; readonly at: Instant }

const settings = (replication: number): TopicSettings => ({
  partitions: 1,
  replication,
  config: { 'cleanup.policy': 'compact', 'message.timestamp.type': 'LogAppendTime' },
})

const storedOf = (record: StoredRecord): Stored => JSON.parse(record.value.toString()) as Stored

/** Those that were added and not revoked. */
export const readRecords = async (log: Log, replication: number): Promise<ReadonlyMap<string, IntegratorRecord>> => {
  await ensureTopic(log, integratorsTopic, settings(replication))
  const records = new Map<string, IntegratorRecord>()
  for (const record of await readAll(log, integratorsTopic, 0)) {
    const [name, stored] = [record.key?.toString() ?? '', storedOf(record)]
    if (stored.kind === 'added') records.set(name, { reads: stored.reads, passwordSince: stored.passwordSince })
    else records.delete(name)
  }
  return records
}

const append = async (log: Log, name: string, stored: Stored): Promise<void> => {
  const appender = await log.appender()
  try {
    await appender.append(integratorsTopic, 0, [{ key: Buffer.from(name), value: Buffer.from(JSON.stringify(stored)) }])
  } finally {
    await appender.close()
  }
}

export const recordAdded = (log: Log, name: string, record: IntegratorRecord): Promise<void> =>
  append(log, name, { kind: 'added', ...record })

export const recordRevoked = (log: Log, name: string, at: Instant): Promise<void> =>
  append(log, name, { kind: 'revoked', at })
