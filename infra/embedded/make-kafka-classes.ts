import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { describeExit, freePort } from './engine.ts'
import { startKafka } from './kafka.ts'
import { CLASSES, makeClassArchive } from './kafka-classes.ts'
import { stopOrphan } from './orphan.ts'

/** `node make-kafka-classes.ts KEY`: has a broker that is thrown away load Kafka's classes, and keeps them. */

/** What whiply asks of a broker: topics, records, a group. */
const useBroker = async (brokers: readonly string[]): Promise<void> => {
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING })
  const topic = 'training'
  const [admin, producer, consumer] = [kafka.admin(), kafka.producer(), kafka.consumer({ groupId: 'training' })]
  const clients = [admin, producer, consumer]
  try {
    await Promise.all(clients.map((client) => client.connect()))
    await admin.createTopics({ topics: [{ topic, numPartitions: 2 }], waitForLeaders: true })
    await producer.send({ topic, messages: [{ key: 'a', value: 'b' }], acks: -1 })
    await consumer.subscribe({ topic, fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      consumer.run({ eachMessage: async () => resolve() }).catch(reject)
    })
    await admin.deleteTopics({ topics: [topic] })
  } finally {
    await Promise.all(clients.map((client) => client.disconnect()))
  }
}

/** The virtual machine writes the archive when it ends, which takes seconds. */
const STOP_GRACE_MS = 300_000

const train = async (classFlags: readonly string[], scratch: string): Promise<void> => {
  const dataDir = join(scratch, 'kafka')
  await stopOrphan(dataDir)
  await rm(dataDir, { recursive: true, force: true })
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stopOrphan(dataDir, 0).finally(() => process.exit(1)))
  const port = await freePort()
  const options = { dataDir, port, quickStart: true, heapMb: 256, stopGraceMs: STOP_GRACE_MS, classFlags }
  const broker = await startKafka(options)
  await useBroker(broker.brokers).finally(broker.stop)
  const exit = await broker.exited
  if (exit.signal !== null) throw new Error(`Kafka was ended: ${describeExit(exit)}`)
}

const [key = ''] = process.argv.slice(2)
await makeClassArchive({ folder: CLASSES, key, train })
