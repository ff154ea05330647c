import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../log.ts'
import { LogError } from '../log-error.ts'
import { kafkaAppender } from './appender.ts'
import { kafkaClient } from './client.ts'
import { joinGroup } from './membership.ts'
import { type KafkaLogOptions, settingsOf } from './options.ts'
import { kafkaTail } from './tail.ts'
import { createTopic, describeTopic, topicBounds } from './topics.ts'
import { openWire } from './wire.ts'

const ATTEMPTS = 4
const BETWEEN_ATTEMPTS_MS = 100

/** A TypeError is kafkajs's own: one call stumbled over metadata that another had just dropped to ask for it anew. */
const mayPass = (error: unknown): boolean =>
  error instanceof TypeError || (error as { readonly retriable?: unknown }).retriable === true

/** What may be asked again without harm is asked again: some of kafkajs's calls give up at the first error. */
const patiently = async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask()
    } catch (error) {
      if (!mayPass(error) || attempt === ATTEMPTS) throw error
      await sleep(BETWEEN_ATTEMPTS_MS * attempt)
    }
  }
}

/**
 * The log on Kafka. Nothing is connected before it is used. Appenders and tails have connections of their own; topics
 * and bounds share one. `close` closes whatever was opened through it.
 */
export const kafkaLog = (options: KafkaLogOptions): Log => {
  const settings = settingsOf(options)
  const kafka = kafkaClient(settings)
  const admin = kafka.admin()
  const closers = new Set<() => Promise<void>>()
  let connected: Promise<void> | undefined
  let closed = false

  const open = (): void => {
    if (closed) throw new LogError('log.closed', 'the log is closed')
  }

  const ready = async (): Promise<typeof admin> => {
    open()
    connected ??= admin.connect().catch((cause) => {
      connected = undefined
      throw new LogError('log.unavailable', `cannot reach Kafka: ${cause.message}`, { cause })
    })
    await connected
    return admin
  }

  /** Closed with the log at the latest. */
  const owned = (close: () => Promise<void>): (() => Promise<void>) => {
    const once = async (): Promise<void> => {
      if (closers.delete(once)) await close()
    }
    closers.add(once)
    return once
  }

  return {
    appender: async () => {
      open()
      const appender = kafkaAppender(await openWire(settings))
      return { ...appender, close: owned(appender.close) }
    },
    tail: async (topics, handlers, { gatherMs = 0 } = {}) => {
      open()
      const tail = await kafkaTail({ open: () => openWire(settings), topics, handlers, log: settings.log, gatherMs })
      return { ...tail, close: owned(tail.close) }
    },
    join: async (membership) => {
      open()
      const joined = await joinGroup(kafka, settings, membership)
      return { ...joined, leave: owned(joined.leave) }
    },
    bounds: (topic) => patiently(async () => topicBounds(await ready(), topic)),
    createTopic: (topic, topicSettings) => patiently(async () => createTopic(await ready(), topic, topicSettings)),
    describeTopic: (topic) => patiently(async () => describeTopic(await ready(), topic)),
    close: async () => {
      if (closed) return
      closed = true
      await Promise.all([...closers].map((close) => close()))
      if (connected) await admin.disconnect()
    },
  }
}
