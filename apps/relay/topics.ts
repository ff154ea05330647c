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

/** What the relay makes in Kafka, and keeps as the settings have it. */
export type RelayTopics = {
  /** The public topics, with the partitions of their journals, where the relay stands, and who integrates. */
  readonly ensurePublic: () => Promise<void>
  /** Topics of integrators who are given some channels only. */
  readonly ensureOwn: (topics: readonly string[]) => Promise<void>
}

export const relayTopics = (
  log: Log,
  transactions: Pick<TransactionalLog, 'configure'>,
  meta: Pick<Meta, 'partitions'>,
  {
    kafkaReplication: replication,
    publicRetentionDays: days,
  }: Pick<Config, 'kafkaReplication' | 'publicRetentionDays'>,
): RelayTopics => {
  /** A retention that was changed in the settings is changed in topics that are there. */
  const ensureRetained = async (topic: string, wanted: TopicSettings): Promise<void> => {
    const known = await log.describeTopic(topic)
    const stale = retained.filter((name) => known && known.config[name] !== wanted.config[name])
    if (stale.length > 0)
      await transactions.configure(topic, Object.fromEntries(stale.map((name) => [name, wanted.config[name] ?? ''])))
    await ensureTopic(log, topic, wanted)
  }

  return {
    ensurePublic: async () => {
      for (const { topic, family } of publicTopics)
        await ensureRetained(topic, publicTopicSettings(meta.partitions[family], replication, days))
      const partitions = Math.max(...Object.values(meta.partitions))
      await ensureTopic(log, positionsTopic, positionsTopicSettings(partitions, replication))
      await ensureIntegratorsTopic(log, replication)
    },
    ensureOwn: async (topics) => {
      const wanted = publicTopicSettings(meta.partitions.channel, replication, days)
      for (const topic of topics) await ensureRetained(topic, wanted)
    },
  }
}
