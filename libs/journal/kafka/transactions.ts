import { LogError } from '../log-error.ts'
import type { TransactionalLog } from '../publisher.ts'
import { kafkaClient } from './client.ts'
import { kafkaCommittedReader } from './committed.ts'
import { type KafkaLogOptions, settingsOf } from './options.ts'
import { kafkaPublisher } from './publisher.ts'
import { configureTopic } from './topics.ts'
import type { TransactionVersion } from './transaction-calls.ts'

/**
 * Transactions on Kafka. Nothing is connected before it is used; each publisher and reader has its own connections.
 * @param version the one to speak, by default that of the cluster
 */
export const kafkaTransactions = (options: KafkaLogOptions, version?: TransactionVersion): TransactionalLog => {
  const settings = settingsOf(options)
  const closers = new Set<() => Promise<void>>()
  let closed = false

  const owned = async <Thing extends { readonly close: () => Promise<void> }>(open: () => Promise<Thing>) => {
    if (closed) throw new LogError('log.closed', 'the log is closed')
    const thing = await open()
    const close = async (): Promise<void> => {
      if (closers.delete(close)) await thing.close()
    }
    closers.add(close)
    if (closed) await close()
    return { ...thing, close }
  }

  return {
    publisher: (transactionalId) =>
      owned(() => kafkaPublisher(settings, transactionalId, version && (async () => version))),
    committed: () => owned(() => kafkaCommittedReader(settings)),
    configure: async (topic, config) => {
      const admin = kafkaClient(settings).admin()
      await admin.connect()
      try {
        await configureTopic(admin, topic, config)
      } finally {
        await admin.disconnect()
      }
    },
    close: async () => {
      closed = true
      await Promise.all([...closers].map((close) => close()))
    },
  }
}
