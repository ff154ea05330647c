import { kafkaLog } from '#libs/journal/kafka/log.ts'
import type { NewRecord, StoredRecord } from '#libs/journal/log.ts'
import { serveFanOut } from './fan-out.ts'

/**
 * The bare way of a command: the fan-out of the floor, and before it two appends that are acknowledged and two reads, by the
 * log adapter of whiply. No claims, rules, sealing, schemas, read models or public topics. Two processes:
 * `node bare-path.ts decider BROKER`, and `node bare-path.ts edge BROKER`, which prints its port.
 */
const [role = '', broker = ''] = process.argv.slice(2)
const partitions = 16
const commands = 'bare.commands'
const journal = 'bare.journal'

const log = kafkaLog({ brokers: [broker], clientId: `bare-${role}` })
for (const topic of [commands, journal]) await log.createTopic(topic, { partitions, replication: 1, config: {} })
const appender = await log.appender()

const fail = (error: unknown): never => {
  console.error(error)
  process.exit(1)
}

/** Appends with one request under way; what comes meanwhile goes with the next. */
const appending = (topic: string): ((partition: number, record: NewRecord) => void) => {
  let waiting: { readonly partition: number; readonly record: NewRecord }[] = []
  let running = false
  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const byPartition = Map.groupBy(waiting, ({ partition }) => partition)
      waiting = []
      const batches = [...byPartition].map(([partition, of]) => ({
        partition,
        records: of.map(({ record }) => record),
      }))
      await appender.appendMany(topic, batches)
    }
    running = false
  }
  return (partition, record) => {
    waiting.push({ partition, record })
    if (running) return
    running = true
    setImmediate(() => run().catch(fail))
  }
}

const follow = async (topic: string, onRecord: (partition: number, record: StoredRecord) => void): Promise<void> => {
  const onRecords = (_: string, partition: number, records: readonly StoredRecord[]) => {
    for (const record of records) onRecord(partition, record)
  }
  const tail = await log.tail([topic], { onRecords, onOutOfRange: fail, onError: fail })
  for (const [partition, { end }] of (await log.bounds(topic)).entries()) tail.read(topic, partition, end)
}

if (role === 'decider') {
  const append = appending(journal)
  await follow(commands, append)
  console.log('ready')
} else {
  const append = appending(commands)
  const { deliver } = serveFanOut(({ channel }, value) =>
    append(Number(channel) % partitions, { key: Buffer.from(channel), value }),
  )
  await follow(journal, (_, { value }) => deliver(JSON.parse(String(value))))
}
