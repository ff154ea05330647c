import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs, { type Admin } from 'kafkajs'
import type { Bounds, TopicSettings } from '../log.ts'
import { LogError } from '../log-error.ts'

/** kafkajs wraps the error of the protocol once or twice, after its retries. */
const isUnknownTopic = (error: unknown): boolean => {
  const { type, cause } = error as { readonly type?: unknown; readonly cause?: unknown }
  return type === 'UNKNOWN_TOPIC_OR_PARTITION' || (cause instanceof Error && isUnknownTopic(cause))
}

const KNOWN_WITHIN_MS = 10_000
const ASK_AGAIN_MS = 50

/** A topic that has just been made, here or by another, is refused as existing before brokers tell of it. */
const untilKnown = async (admin: Admin, topic: string): Promise<void> => {
  const deadline = performance.now() + KNOWN_WITHIN_MS
  for (;;) {
    try {
      await admin.fetchTopicMetadata({ topics: [topic] })
      return
    } catch (error) {
      if (!isUnknownTopic(error) || performance.now() > deadline) throw error
      await sleep(ASK_AGAIN_MS)
    }
  }
}

/** Resolves once brokers tell of the topic. */
export const createTopic = async (
  admin: Admin,
  topic: string,
  { partitions, replication, config }: TopicSettings,
): Promise<'created' | 'exists'> => {
  const created = await admin.createTopics({
    waitForLeaders: true,
    topics: [
      {
        topic,
        numPartitions: partitions,
        replicationFactor: replication,
        configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
      },
    ],
  })
  await untilKnown(admin, topic)
  return created ? 'created' : 'exists'
}

export const describeTopic = async (admin: Admin, topic: string): Promise<TopicSettings | undefined> => {
  const metadata = await admin.fetchTopicMetadata({ topics: [topic] }).catch((error) => {
    if (isUnknownTopic(error)) return undefined
    throw error
  })
  const partitions = metadata?.topics.find(({ name }) => name === topic)?.partitions
  if (partitions === undefined) return undefined
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }],
  })
  const entries = resources[0]?.configEntries ?? []
  return {
    partitions: partitions.length,
    replication: partitions[0]?.replicas.length ?? 0,
    config: Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue])),
  }
}

/** Where a setting was made for its topic (`config_source` of DescribeConfigs). */
const OF_TOPIC = 1

/** Resolves once brokers tell of the topic's new settings. */
export const configureTopic = async (admin: Admin, topic: string, config: TopicSettings['config']): Promise<void> => {
  const type = kafkajs.ConfigResourceTypes.TOPIC
  const described = async () => {
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type, name: topic }] })
    return resources[0]?.configEntries ?? []
  }
  const before = (await described()).filter(({ configSource }) => configSource === OF_TOPIC)
  // The request sets what it names and resets all else.
  const all = { ...Object.fromEntries(before.map((entry) => [entry.configName, entry.configValue])), ...config }
  const configEntries = Object.entries(all).map(([name, value]) => ({ name, value }))
  await admin.alterConfigs({ validateOnly: false, resources: [{ type, name: topic, configEntries }] })
  const deadline = performance.now() + KNOWN_WITHIN_MS
  const isSet = async () => {
    const now = new Map((await described()).map(({ configName, configValue }) => [configName, configValue]))
    return Object.entries(config).every(([name, value]) => now.get(name) === value)
  }
  while (!(await isSet()) && performance.now() < deadline) await sleep(ASK_AGAIN_MS)
}

/** @throws LogError `log.unknown-topic` */
export const topicBounds = async (admin: Admin, topic: string): Promise<readonly Bounds[]> => {
  const offsets = await admin.fetchTopicOffsets(topic).catch((cause) => {
    if (isUnknownTopic(cause)) throw new LogError('log.unknown-topic', `there is no topic ${topic}`, { cause })
    throw cause
  })
  return offsets
    .map(({ partition, low, high }) => ({ partition, start: Number(low), end: Number(high) }))
    .sort((a, b) => a.partition - b.partition)
    .map(({ start, end }) => ({ start, end }))
}
