import { parseArgs } from 'node:util'
import { kafkaLog } from '#libs/journal/kafka/log.ts'
import type { NewRecord } from '#libs/journal/log.ts'
import { testEngines, uniqueName } from '#libs/testing/engines.ts'

/**
 * How long a record takes from its append to its tail, on Kafka with acks=all, while records are appended at a fixed
 * rate; and how much of the processor that costs this process. Latency counts from when the append was due.
 */

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    brokers: { type: 'string' },
    partitions: { type: 'string', default: '16' },
    rate: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '10' },
    bytes: { type: 'string', default: '300' },
  },
})

const WARM_UP_SECONDS = 3

const percentile = (sorted: Float64Array, share: number): number =>
  Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 100) / 100

const brokers = options.brokers?.split(',') ?? (await testEngines()).brokers
const log = kafkaLog({ brokers })
const topic = uniqueName('bench')
const partitions = Number(options.partitions)
await log.createTopic(topic, {
  partitions,
  replication: 1,
  config: { 'message.timestamp.type': 'LogAppendTime', 'retention.ms': '600000' },
})

const appenders = await Promise.all(Array.from({ length: partitions }, () => log.appender()))
const produced: number[] = []
const consumed: number[] = []
let measuring = false
let sent = 0
let received = 0

const tail = await log.tail([topic], {
  onRecords: (_topic, _partition, records) => {
    const now = performance.now()
    for (const { value } of records) {
      const due = value.readDoubleBE(0)
      if (due < 0) continue
      received++
      consumed.push(now - due)
    }
  },
  onOutOfRange: (_topic, partition) => {
    throw new Error(`partition ${partition} is out of range`)
  },
  onError: (error) => {
    throw error
  },
})
for (let partition = 0; partition < partitions; partition++) tail.read(topic, partition, 0)

/** One send in flight per partition; what comes due meanwhile goes with the next. */
const queues: NewRecord[][] = appenders.map(() => [])
const busy = appenders.map(() => false)

const flush = async (partition: number): Promise<void> => {
  const appender = appenders[partition]
  if (busy[partition] || appender === undefined) return
  busy[partition] = true
  for (let batch = queues[partition]?.splice(0) ?? []; batch.length > 0; batch = queues[partition]?.splice(0) ?? []) {
    await appender.append(topic, partition, batch)
    const now = performance.now()
    for (const { value } of batch) if (value.readDoubleBE(0) >= 0) produced.push(now - value.readDoubleBE(0))
  }
  busy[partition] = false
}

const run = async (seconds: number): Promise<void> => {
  const intervalMs = 1000 / Number(options.rate)
  const start = performance.now()
  const total = seconds * Number(options.rate)
  for (let next = 0; next < total; ) {
    const now = performance.now()
    for (; next < total && start + next * intervalMs <= now; next++) {
      const value = Buffer.alloc(Number(options.bytes))
      value.writeDoubleBE(measuring ? start + next * intervalMs : -1)
      if (measuring) sent++
      const partition = Math.floor(Math.random() * partitions)
      queues[partition]?.push({ key: Buffer.from(String(next)), value })
      void flush(partition)
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

await run(WARM_UP_SECONDS)
measuring = true
const cpu = process.cpuUsage()
await run(Number(options.seconds))
while (received < sent) await new Promise((resolve) => setTimeout(resolve, 10))
const { user, system } = process.cpuUsage(cpu)
await log.close()

const produce = Float64Array.from(produced).sort()
const consume = Float64Array.from(consumed).sort()
const result = {
  bench: 'log',
  recordsPerSecond: Number(options.rate),
  partitions,
  recordBytes: Number(options.bytes),
  records: received,
  lost: sent - received,
  produceP50Ms: percentile(produce, 0.5),
  produceP95Ms: percentile(produce, 0.95),
  consumeP50Ms: percentile(consume, 0.5),
  consumeP95Ms: percentile(consume, 0.95),
  consumeP99Ms: percentile(consume, 0.99),
  clientCpuMicrosPerRecord: Math.round((user + system) / received),
}
console.log(options.json ? JSON.stringify(result) : result)
