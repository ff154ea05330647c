import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '#infra/embedded/engine.ts'
import { startKafka } from '#infra/embedded/kafka.ts'
import { kafkaLog } from '#libs/journal/kafka/log.ts'
import type { Appender, Log, NewRecord } from '#libs/journal/log.ts'
import type { Bench, BenchResult } from './bench.ts'

const PARTITIONS = 16
const RECORD_BYTES = 300
const RATES = [500, 2_000] as const
const SECONDS = 20
const WARM_UP_SECONDS = 5
const DRAIN_MS = 10_000
const TOPIC = 'bench.log'

type Samples = { readonly produceMs: number[]; readonly consumeMs: number[]; sent: number; cpuMicros: number }

/** A record says when it was due, so that latency counts from there; one of the warm-up says nothing. */
const recordDue = (due: number | undefined): NewRecord => {
  const value = Buffer.alloc(RECORD_BYTES)
  value.writeDoubleBE(due ?? -1)
  return { key: null, value }
}

const dueOf = ({ value }: { readonly value: Buffer }): number | undefined => {
  const due = value.readDoubleBE(0)
  return due < 0 ? undefined : due
}

/** One send in flight for each partition, as owners do; what comes due meanwhile goes with the next. */
const startLane = (appender: Appender, partition: number, onWritten: (records: readonly NewRecord[]) => void) => {
  let queue: NewRecord[] = []
  let sending = false
  const flush = async (): Promise<void> => {
    sending = true
    while (queue.length > 0) {
      const batch = queue
      queue = []
      await appender.append(TOPIC, partition, batch)
      onWritten(batch)
    }
    sending = false
  }
  return (record: NewRecord): void => {
    queue.push(record)
    if (!sending) void flush()
  }
}

const produce = async (
  lanes: readonly ((record: NewRecord) => void)[],
  rate: number,
  seconds: number,
  measured: boolean,
): Promise<number> => {
  const began = performance.now()
  const total = Math.round(seconds * rate)
  const dueAt = (nth: number): number => began + (nth * 1000) / rate
  for (let sent = 0; sent < total; await sleep(1))
    for (; sent < total && dueAt(sent) <= performance.now(); sent++)
      lanes[sent % lanes.length]?.(recordDue(measured ? dueAt(sent) : undefined))
  return total
}

const measure = async (log: Log, rate: number, seconds: number, warmUpSeconds: number): Promise<Samples> => {
  const samples: Samples = { produceMs: [], consumeMs: [], sent: 0, cpuMicros: 0 }
  const sample = (into: number[]) => (records: readonly { readonly value: Buffer }[]) => {
    const now = performance.now()
    for (const due of records.map(dueOf)) if (due !== undefined) into.push(now - due)
  }
  const take = sample(samples.consumeMs)
  const tail = await log.tail([TOPIC], {
    onRecords: (_topic, _partition, records) => take(records),
    onOutOfRange: (_topic, partition) => {
      throw new Error(`partition ${partition} is out of range`)
    },
    onError: (error) => {
      throw error
    },
  })
  for (const [partition, { end }] of (await log.bounds(TOPIC)).entries()) tail.read(TOPIC, partition, end)
  const appenders = await Promise.all(Array.from({ length: PARTITIONS }, () => log.appender()))
  const lanes = appenders.map((appender, partition) => startLane(appender, partition, sample(samples.produceMs)))
  await produce(lanes, rate, warmUpSeconds, false)
  const cpu = process.cpuUsage()
  samples.sent = await produce(lanes, rate, seconds, true)
  const deadline = performance.now() + DRAIN_MS
  while (samples.consumeMs.length < samples.sent && performance.now() < deadline) await sleep(10)
  const { user, system } = process.cpuUsage(cpu)
  samples.cpuMicros = user + system
  await Promise.all([tail.close(), ...appenders.map((appender) => appender.close())])
  return samples
}

const percentile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) * 100) / 100
}

const figuresOf = ({ produceMs, consumeMs, sent, cpuMicros }: Samples, rate: number): BenchResult['figures'] => ({
  [`produceP50MsAt${rate}`]: percentile(produceMs, 0.5),
  [`produceP95MsAt${rate}`]: percentile(produceMs, 0.95),
  [`consumeP50MsAt${rate}`]: percentile(consumeMs, 0.5),
  [`consumeP95MsAt${rate}`]: percentile(consumeMs, 0.95),
  [`consumeP99MsAt${rate}`]: percentile(consumeMs, 0.99),
  [`clientCpuMicrosPerRecordAt${rate}`]: Math.round(cpuMicros / sent),
  [`lostAt${rate}`]: sent - consumeMs.length,
})

/** The log alone, on a broker of its own: what every path through the journal is made of. */
export const logBench: Bench = {
  name: 'log',
  summary: 'Latency from an append to its acknowledgement and to a tail, on Kafka with acks=all',
  run: async ({ say, seconds = SECONDS, warmUpSeconds = WARM_UP_SECONDS }) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'whiply-bench-log-'))
    const kafka = await startKafka({ dataDir, port: await freePort() })
    const log = kafkaLog({ brokers: kafka.brokers })
    try {
      await log.createTopic(TOPIC, { partitions: PARTITIONS, replication: 1, config: {} })
      let figures: BenchResult['figures'] = { partitions: PARTITIONS, recordBytes: RECORD_BYTES, seconds }
      let lost = 0
      for (const rate of RATES) {
        say(`${rate} records/s for ${seconds} s, after ${warmUpSeconds} s of warm-up`)
        const samples = await measure(log, rate, seconds, warmUpSeconds)
        lost += samples.sent - samples.consumeMs.length
        figures = { ...figures, ...figuresOf(samples, rate) }
      }
      return { figures, failed: lost !== 0 }
    } finally {
      await log.close()
      await kafka.stop()
      await rm(dataDir, { recursive: true, force: true })
    }
  },
}
