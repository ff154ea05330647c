import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, Kafka } from 'kafkajs'
import type { Assignment } from '../assign.ts'
import { pauses } from '../backoff.ts'
import type { Membership, MembershipOptions } from '../log.ts'
import { LogError } from '../log-error.ts'
import { stickyAssigner } from './assigner.ts'
import { removeFormerSelf } from './former-self.ts'
import type { KafkaSettings } from './options.ts'

/** How soon a member learns that others came or went. */
const HEARTBEAT_MS = 500
const GOODBYE_MS = 1_500

/**
 * A kafkajs consumer that never fetches: all its topics are paused from the moment at which it has joined. What it held
 * is kept over rebalances and lost sessions until a new assignment says otherwise: journals arbitrate, not the group.
 * A consumer that has crashed is thrown away, and another joins in its place.
 */
export const joinGroup = async (
  kafka: Kafka,
  settings: KafkaSettings,
  { group, topics, onAssignment }: MembershipOptions,
): Promise<Membership> => {
  const leaving = new AbortController()
  const { signal } = leaving
  const left = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  let held: Assignment = new Map()
  const refused = new Map<string, readonly number[]>()
  /** Ends this life as a member, for another. */
  let again: (() => void) | undefined
  const between = pauses({ firstMs: 50, mostMs: 1_000, steadyMs: Number.POSITIVE_INFINITY })
  let consumer: Consumer | undefined

  const create = (onCrash: () => void): Consumer => {
    const created = kafka.consumer({
      groupId: group,
      partitionAssigners: [stickyAssigner(() => ({ held, refused }))],
      sessionTimeout: settings.sessionTimeoutMs,
      rebalanceTimeout: settings.sessionTimeoutMs,
      heartbeatInterval: HEARTBEAT_MS,
      // Nothing is fetched, so this is how often the consumer looks whether a heartbeat is due.
      maxWaitTimeInMs: HEARTBEAT_MS,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 20, maxRetryTime: 500, retries: 5, restartOnFailure: async () => false },
    })
    created.on(created.events.GROUP_JOIN, ({ payload }) => {
      created.pause(topics.map((topic) => ({ topic })))
      if (signal.aborted || created !== consumer) return
      between.reset()
      held = new Map(topics.map((topic) => [topic, payload.memberAssignment[topic] ?? []]))
      onAssignment(held)
    })
    created.on(created.events.CRASH, ({ payload: { error } }) => {
      settings.log('warn', 'kafka: a member of a group has to join anew', { group, error: String(error) })
      onCrash()
    })
    return created
  }

  /** Resolves once the consumer runs, which it does also when it could not join: then it has crashed by then. */
  const start = async (): Promise<{ readonly crashed: Promise<void> }> => {
    const { promise: crashed, resolve } = Promise.withResolvers<void>()
    again = resolve
    consumer = create(resolve)
    await consumer.connect()
    await consumer.subscribe({ topics: [...topics], fromBeginning: true })
    await consumer.run({ autoCommit: false, eachBatch: async () => {} })
    return { crashed }
  }

  const drop = async (): Promise<void> => {
    const dropped = consumer
    consumer = undefined
    // Without a broker there is nobody to say goodbye to; a session that is left open ends by itself.
    await Promise.race([dropped?.disconnect().catch(() => {}), sleep(GOODBYE_MS, undefined, { ref: false })])
  }

  const stay = async (first: { readonly crashed: Promise<void> }): Promise<void> => {
    let life: { readonly crashed: Promise<void> } | undefined = first
    while (true) {
      await Promise.race([life?.crashed, left])
      await drop()
      if (signal.aborted) return
      await sleep(between.next(), undefined, { signal }).catch(() => {})
      life = await start().catch((error) => {
        settings.log('warn', 'kafka: a member of a group cannot join yet', { group, error: String(error) })
        return undefined
      })
    }
  }

  if (settings.instance)
    await removeFormerSelf(settings, group).catch((error) =>
      settings.log('warn', 'kafka: a group could not be asked for former members', { group, error: String(error) }),
    )
  const first = await start().catch(async (cause) => {
    await drop()
    throw joinError(group, cause)
  })
  const staying = stay(first)

  return {
    leave: async () => {
      leaving.abort()
      await Promise.race([staying, sleep(2 * GOODBYE_MS, undefined, { ref: false })])
    },
    refuse: (topic, partition) => {
      refused.set(topic, [...(refused.get(topic) ?? []), partition])
      // Members tell of themselves only as they join. Those who stay keep what they have: this one is back before long.
      again?.()
    },
  }
}

const joinError = (group: string, cause: unknown): LogError => {
  const { type, message } = cause as { readonly type?: unknown; readonly message?: unknown }
  const code = type === 'UNKNOWN_TOPIC_OR_PARTITION' ? 'log.unknown-topic' : 'log.unavailable'
  return new LogError(code, `cannot join the group ${group}: ${message}`, { cause })
}
