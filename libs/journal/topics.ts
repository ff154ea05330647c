import { setTimeout as wait } from 'node:timers/promises'
import { clockTopic, commandTopic, families, journalTopic, metaTopic } from './families.ts'
import type { Log, TopicSettings } from './log.ts'
import { ensureMeta, type Meta } from './meta.ts'

/** A topic is not as the platform needs it. The message says what to run. */
export class TopicMisconfigured extends Error {
  readonly code = 'journal.topic_misconfigured'
}

export type TopicOptions = {
  /** Copies of each topic made. With 3 or more, an append needs two of them in sync. */
  readonly replication: number
  /** Numbers of partitions at the very first start; afterwards those of the meta topic hold. */
  readonly partitions: Meta['partitions']
}

const dayMs = 86_400_000
const hourMs = 3_600_000

const safety = (replication: number): TopicSettings['config'] => ({
  'unclean.leader.election.enable': 'false',
  ...(replication >= 3 && { 'min.insync.replicas': '2' }),
})

/** Commands hold personal text in clear, so they live one day: a segment goes once its newest record is that old. */
const commandConfig = {
  'cleanup.policy': 'delete',
  'retention.ms': String(dayMs),
  'segment.ms': String(hourMs),
  'message.timestamp.type': 'LogAppendTime',
}

const journalConfig = {
  'cleanup.policy': 'delete',
  'retention.ms': '-1',
  'retention.bytes': '-1',
  'message.timestamp.type': 'LogAppendTime',
}

const metaConfig = { 'cleanup.policy': 'compact', 'message.timestamp.type': 'LogAppendTime' }

const clockConfig = {
  'cleanup.policy': 'delete',
  'retention.ms': '600000',
  'segment.ms': '600000',
  'message.timestamp.type': 'LogAppendTime',
}

/**
 * Makes the topics that are missing, checks those that are there, and tells what was fixed at the first start. Every app
 * calls it before anything else; those that start at once agree.
 * @throws TopicMisconfigured
 */
export const ensureTopics = async (log: Log, options: TopicOptions): Promise<Meta> => {
  const settings = (partitions: number, config: TopicSettings['config']): TopicSettings => ({
    partitions,
    replication: options.replication,
    config: { ...config, ...safety(options.replication) },
  })
  await ensureTopic(log, metaTopic, settings(1, metaConfig))
  const meta = await ensureMeta(log, options.partitions)
  await ensureTopic(log, clockTopic, settings(1, clockConfig))
  for (const family of families) {
    await ensureTopic(log, commandTopic(family), settings(meta.partitions[family], commandConfig))
    await ensureTopic(log, journalTopic(family), settings(meta.partitions[family], journalConfig))
  }
  return meta
}

/** Makes a topic that is missing, and checks one that is there. @throws TopicMisconfigured */
export const ensureTopic = async (log: Log, topic: string, wanted: TopicSettings): Promise<void> => {
  const known = await log.describeTopic(topic)
  if (!known && (await log.createTopic(topic, wanted)) === 'created') return
  const actual = known ?? (await describeSoon(log, topic))
  if (!actual) throw new TopicMisconfigured(`topic ${topic} is neither there nor can it be made`)
  if (actual.partitions < wanted.partitions)
    throw new TopicMisconfigured(
      `topic ${topic} has ${actual.partitions} partitions, and keys were shared out over ${wanted.partitions}; ` +
        'partitions are missing: restore the topic, or start with an empty log',
    )
  for (const [name, value] of Object.entries(wanted.config))
    if (actual.config[name] !== value)
      throw new TopicMisconfigured(
        `topic ${topic} has ${name}=${actual.config[name]}, it must be ${value}: ` +
          `kafka-configs --alter --topic ${topic} --add-config ${name}=${value}`,
      )
}

const describedWithinMs = 10_000
const askAgainMs = 50

/** A topic that another process is making at this moment is refused as existing before brokers tell of it. */
const describeSoon = async (log: Log, topic: string): Promise<TopicSettings | undefined> => {
  const deadline = Date.now() + describedWithinMs
  for (;;) {
    const actual = await log.describeTopic(topic)
    if (actual || Date.now() > deadline) return actual
    await wait(askAgainMs)
  }
}
