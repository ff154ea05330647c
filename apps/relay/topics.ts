import type { Config } from '#libs/config/config.ts'
import { ensureIntegratorsTopic } from '#libs/integration/access/records.ts'
import { positionsTopic, positionsTopicSettings, publicTopicSettings } from '#libs/integration/topic-settings.ts'
import { publicTopics } from '#libs/integration/topics.ts'
import type { Log, TopicSettings } from '#libs/journal/log.ts'
import type { Meta } from '#libs/journal/meta.ts'
import type { TransactionalLog } from '#libs/journal/publisher.ts'
import { ensureTopic } from '#libs/journal/topics.ts'

/** Settings of a public topic that follow from PUBLIC_RETENTION. */
const retained = ['retention.ms', 'segment.ms'] as const

/**
 * Makes what is missing in Kafka, and keeps it as the settings have it: the public topics, with the partitions of their
 * journals, where the relay stands, who integrates, and topics of integrators who are given some channels only.
 */
type EnsureTopics = (own: readonly string[]) => Promise<void>

export const topicsEnsurer = (
  log: Log,
  transactions: Pick<TransactionalLog, 'configure'>,
  meta: Pick<Meta, 'partitions'>,
  {
    kafkaReplication: replication,
    publicRetentionDays: days,
  }: Pick<Config, 'kafkaReplication' | 'publicRetentionDays'>,
): EnsureTopics => {
  /** A retention that was changed in the settings is changed in topics that are there. */
  const ensureRetained = async (topic: string, wanted: TopicSettings): Promise<void> => {
    const known = await log.describeTopic(topic)
    const stale = retained.filter((name) => known && known.config[name] !== wanted.config[name])
    if (stale.length > 0)
      await transactions.configure(topic, Object.fromEntries(stale.map((name) => [name, wanted.config[name] ?? ''])))
    await ensureTopic(log, topic, wanted)
  }

  return async (own) => {
    for (const { topic, family } of publicTopics)
      await ensureRetained(topic, publicTopicSettings(meta.partitions[family], replication, days))
    const partitions = Math.max(...Object.values(meta.partitions))
    await ensureTopic(log, positionsTopic, positionsTopicSettings(partitions, replication))
    await ensureIntegratorsTopic(log, replication)
    const wanted = publicTopicSettings(meta.partitions.channel, replication, days)
    for (const topic of own) await ensureRetained(topic, wanted)
  }
}
