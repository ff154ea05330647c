import { uniqueName } from '#libs/testing/engines.ts'
import { publisherContract } from '../publisher.contract.ts'
import { memoryTransactions } from './transactions.ts'

publisherContract('the log in memory', async () => ({
  log: memoryTransactions(),
  uniqueName,
  createTopic: async () => {},
  close: async () => {},
}))
