import { Kafka, logLevel } from 'kafkajs'
import { testEngines, uniqueName } from '#libs/testing/engines.ts'
import { logContract } from '../log.contract.ts'
import { kafkaLog } from './log.ts'

logContract('the log on Kafka', async () => {
  const { brokers } = await testEngines()
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  return {
    connect: () => kafkaLog({ brokers }),
    uniqueName,
    trim: async (topic, partition, start) => {
      // This one makes the client learn of the topic, which deleting records does not.
      await admin.fetchTopicOffsets(topic)
      await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(start) }] })
    },
    close: () => admin.disconnect(),
  }
})
