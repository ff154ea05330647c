import type { TopicSettings } from '#libs/journal/log.ts'

/** The compacted topic from which alone the relay resumes. */
export const positionsTopic = 'whiply.relay.positions'

const dayMs = 86_400_000

const safety = (replication: number): TopicSettings['config'] => ({
  'unclean.leader.election.enable': 'false',
  ...(replication >= 3 && { 'min.insync.replicas': '2' }),
})

/** How long a public topic holds a record at most, counted from its decision. */
export const publicKeptMs = (retentionDays: number): number => (retentionDays * dayMs * 25) / 24

/**
 * A public topic has the partitions of its journal, for the platform's life. Its records bear the time at which they were
 * decided, and are gone at the latest a 24th of the retention after it: a segment goes once its newest record is too old.
 */
export const publicTopicSettings = (partitions: number, replication: number, retentionDays: number): TopicSettings => ({
  partitions,
  replication,
  config: {
    'cleanup.policy': 'delete',
    'retention.ms': String(retentionDays * dayMs),
    'segment.ms': String((retentionDays * dayMs) / 24),
    'message.timestamp.type': 'CreateTime',
    ...safety(replication),
  },
})

/**
 * Where the relay stands, by source partition, in the partition of the same number. Each transaction writes a record, so
 * segments are small and compacted soon: a takeover reads a few.
 */
export const positionsTopicSettings = (partitions: number, replication: number): TopicSettings => ({
  partitions,
  replication,
  config: {
    'cleanup.policy': 'compact',
    'segment.bytes': String(4 * 1024 * 1024),
    'min.cleanable.dirty.ratio': '0.1',
    ...safety(replication),
  },
})
