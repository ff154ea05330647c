import type { Kafka } from 'kafkajs'
import type { Assignment } from '../assign.ts'
import type { Membership, MembershipOptions } from '../log.ts'
import { LogError } from '../log-error.ts'
import { stickyAssigner } from './assigner.ts'
import type { KafkaSettings } from './options.ts'

/** How soon a member learns that others came or went. */
const HEARTBEAT_MS = 500

/**
 * A kafkajs consumer that never fetches: all its topics are paused from the moment at which it has joined. What it held
 * is kept over rebalances and lost sessions until a new assignment says otherwise: journals arbitrate, not the group.
 */
export const joinGroup = async (
  kafka: Kafka,
  settings: KafkaSettings,
  { group, topics, onAssignment }: MembershipOptions,
): Promise<Membership> => {
  let held: Assignment = new Map()
  let left = false
  const joined = Promise.withResolvers<void>()
  const consumer = kafka.consumer({
    groupId: group,
    partitionAssigners: [stickyAssigner(() => held)],
    sessionTimeout: settings.sessionTimeoutMs,
    rebalanceTimeout: settings.sessionTimeoutMs,
    heartbeatInterval: HEARTBEAT_MS,
    // Nothing is fetched, so this is how often the consumer looks whether a heartbeat is due.
    maxWaitTimeInMs: HEARTBEAT_MS,
    allowAutoTopicCreation: false,
    retry: { initialRetryTime: 20, maxRetryTime: 1_000, retries: 5, restartOnFailure: async () => !left },
  })

  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    consumer.pause(topics.map((topic) => ({ topic })))
    if (left) return
    held = new Map(topics.map((topic) => [topic, payload.memberAssignment[topic] ?? []]))
    onAssignment(held)
    joined.resolve()
  })
  consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
    settings.log('warn', 'kafka: a member of a group has to join anew', { group, restart, error: String(error) })
  })

  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [...topics], fromBeginning: true })
    await consumer.run({ autoCommit: false, eachBatch: async () => {} })
  } catch (cause) {
    await consumer.disconnect().catch(() => {})
    throw joinError(group, cause)
  }
  await joined.promise

  return {
    leave: async () => {
      if (left) return
      left = true
      await consumer.disconnect()
    },
  }
}

const joinError = (group: string, cause: unknown): LogError => {
  const { type, message } = cause as { readonly type?: unknown; readonly message?: unknown }
  const code = type === 'UNKNOWN_TOPIC_OR_PARTITION' ? 'log.unknown-topic' : 'log.unavailable'
  return new LogError(code, `cannot join the group ${group}: ${message}`, { cause })
}
