import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Admin, Kafka, type KafkaConfig, logLevel } from 'kafkajs'
import { freePort } from '#infra/embedded/engine.ts'
import { startKafka } from '#infra/embedded/kafka.ts'
import { temporaryFolder } from '#libs/testing/shared-engines.ts'

/** A login at the integrators' listener. */
export type Login = { readonly username: string; readonly password: string }

/** Long enough for clients that log in anew 10 s ahead of its end, as kafkajs does. */
export const SESSION_MS = 11_500

const client = (brokers: readonly string[], settings: Partial<KafkaConfig>): Kafka =>
  new Kafka({
    brokers: [...brokers],
    retry: { initialRetryTime: 20, retries: 8 },
    logLevel: logLevel.NOTHING,
    ...settings,
  })

/**
 * The embedded broker with both its doors.
 * @param before what is done while it has but one, as in an older release; left out, it never was one
 */
export const world = async (t: Pick<TestContext, 'after'>, before?: (own: Kafka) => Promise<void>) => {
  const dataDir = await mkdtemp(join(temporaryFolder(), 'whiply-access-'))
  const [port, integratorsPort] = [await freePort(), await freePort()]
  const options = { dataDir, port, quickStart: true, heapMb: 256 }
  const own = client([`127.0.0.1:${port}`], {})
  if (before) {
    const older = await startKafka(options)
    try {
      await before(own)
    } finally {
      await older.stop()
    }
  }
  const address = `127.0.0.1:${integratorsPort}`
  const integrators = { host: '127.0.0.1', port: integratorsPort, advertised: address, sessionMs: SESSION_MS }
  const broker = await startKafka({ ...options, integrators })
  t.after(async () => {
    process.kill(broker.pid, 'SIGKILL')
    await broker.exited
    await rm(dataDir, { recursive: true, force: true })
  })
  return {
    brokers: broker.brokers,
    integrators: [address],
    /** A client of the platform itself. */
    own,
    /** A client of an integrator. */
    as: (login: Login, settings: Partial<KafkaConfig> = {}) =>
      client([address], { sasl: { mechanism: 'scram-sha-512', ...login }, ...settings }),
  }
}

export const withAdmin = async <Result>(kafka: Kafka, use: (admin: Admin) => Promise<Result>): Promise<Result> => {
  const admin = kafka.admin()
  await admin.connect()
  try {
    return await use(admin)
  } finally {
    await admin.disconnect()
  }
}

export const write = async (kafka: Kafka, topic: string, transactionalId?: string): Promise<void> => {
  const producer = kafka.producer(transactionalId ? { transactionalId, idempotent: true, maxInFlightRequests: 1 } : {})
  await producer.connect()
  try {
    await producer.send({ topic, messages: [{ key: 'key', value: `of ${topic}` }] })
  } finally {
    await producer.disconnect()
  }
}

/** The first value of a topic, as a consumer of this group reads it. */
export const read = async (kafka: Kafka, topic: string, groupId: string): Promise<string> => {
  const consumer = kafka.consumer({ groupId })
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  // After some errors, as of a group that is still being loaded, kafkajs goes on by itself.
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) reject(payload.error)
  })
  try {
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    await consumer.run({ eachMessage: async ({ message }) => resolve(String(message.value)) })
    return await promise
  } finally {
    await consumer.disconnect()
  }
}
