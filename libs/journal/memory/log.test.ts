import { logContract } from '../log.contract.ts'
import { memoryLog } from './log.ts'

logContract('the in-memory log', async () => {
  const log = memoryLog()
  let names = 0
  return {
    connect: log.connect,
    uniqueName: (prefix) => `${prefix}-${names++}`,
    trim: async (topic, partition, start) => log.trim(topic, partition, start),
    close: log.close,
  }
})
