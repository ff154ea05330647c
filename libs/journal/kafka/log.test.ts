import { Kafka, logLevel } from 'kafkajs'
import { testEngines, uniqueName } from '#libs/testing/engines.ts'
import { type ContractSubject, logContract } from '../log.contract.ts'
import type { Log } from '../log.ts'
import { shareTails } from '../shared/log.ts'
import { kafkaLog } from './log.ts'

const onKafka = async (as: (log: Log) => Log): Promise<ContractSubject> => {
  const { brokers } = await testEngines()
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  return {
    connect: () => as(kafkaLog({ brokers })),
    uniqueName,
    trim: async (topic, partition, start) => {
      // This one makes the client learn of the topic, which deleting records does not.
      await admin.fetchTopicOffsets(topic)
      await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(start) }] })
    },
    close: () => admin.disconnect(),
  }
}

logContract('the log on Kafka', () => onKafka((log) => log))
logContract('the log on Kafka, its tails shared,', () => onKafka((log) => shareTails(log, { gatherMs: 0 })))
