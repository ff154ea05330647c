import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSchemaRegistry } from '#apps/schema-registry/app.ts'
import { freePort } from '#infra/embedded/engine.ts'
import { startKafka } from '#infra/embedded/kafka.ts'
import { startPostgres } from '#infra/embedded/postgres.ts'
import { readConfig } from '#libs/config/config.ts'
import { ensureConfiguredTopics } from '#libs/journal/configured-log.ts'
import { kafkaLog } from '#libs/journal/kafka/log.ts'
import { kafkaTransactions } from '#libs/journal/kafka/transactions.ts'
import { openVault } from '#libs/vault/open.ts'
import type { Bench, BenchOptions, BenchResult } from '../bench.ts'
import { cpuSeconds } from '../processes.ts'
import { openJournalWriter } from '../project/journal.ts'
import { startAppProcess } from './app-process.ts'
import { followLatencies, percentile, publishedUpTo, untilPublished, writeAtRate } from './relay.ts'
import { measureSse } from './sse.ts'

const BACKLOG_PER_SECOND = 20_000
const LIVE_PER_SECOND = 2_000
const SECONDS = 15
/** The broker's compiler works on what a transaction runs through for so long after a start. */
const WARM_UP_SECONDS = 20
const SSE_READERS = 50
const WRITE_AT_ONCE = 4_000
/** What is still on its way when the writer ends. */
const LAST_MS = 1_000

const run = async ({
  say,
  seconds = SECONDS,
  warmUpSeconds = WARM_UP_SECONDS,
  clients = SSE_READERS,
}: BenchOptions): Promise<BenchResult> => {
  const data = await mkdtemp(join(tmpdir(), 'whiply-bench-'))
  await using stack = new AsyncDisposableStack()
  stack.defer(() => rm(data, { recursive: true, force: true }))
  const kafka = await startKafka({ dataDir: join(data, 'kafka'), port: await freePort() })
  stack.defer(() => kafka.stop())
  const database = { dataDir: join(data, 'postgres'), port: await freePort(), database: 'whiply' }
  const postgres = await startPostgres(database)
  stack.defer(() => postgres.stop())
  const registryPort = await freePort()
  const settings = {
    WHIPLY_DATA: data,
    WHIPLY_MASTER_KEY: randomBytes(32).toString('base64'),
    KAFKA_BROKERS: kafka.brokers.join(','),
    DATABASE_URL: postgres.databaseUrl,
    SCHEMA_REGISTRY_URL: `http://127.0.0.1:${registryPort}`,
    SCHEMA_REGISTRY_PORT: String(registryPort),
    LOG_LEVEL: 'warn',
  }
  const config = readConfig(settings)
  stack.adopt(await startSchemaRegistry(config, new AbortController().signal), (registry) => registry.close())
  const vault = stack.adopt(await openVault(config), (opened) => opened.close())
  const log = stack.adopt(kafkaLog({ brokers: kafka.brokers }), (opened) => opened.close())
  const transactions = stack.adopt(kafkaTransactions({ brokers: kafka.brokers }), (opened) => opened.close())
  const meta = await ensureConfiguredTopics(log, config)
  const partitions = meta.partitions.channel
  const writer = stack.adopt(await openJournalWriter(log, meta, vault.keys), (opened) => opened.close())

  const backlog = seconds * BACKLOG_PER_SECOND
  for (let left = backlog; left > 0; left -= WRITE_AT_ONCE) await writer.write(Math.min(left, WRITE_AT_ONCE))
  say(`${backlog} messages are in the journal`)
  const relay = await startAppProcess('relay', settings)
  stack.defer(relay.stop)
  const spentBefore = cpuSeconds([relay.pid, kafka.pid])
  // The first partitions are under way by the time at which the last is taken over.
  const already = await publishedUpTo(transactions, partitions)
  const backlogMs = await untilPublished(transactions, partitions, backlog)
  const relayEventsPerSecond = Math.round(((backlog - already) / backlogMs) * 1_000)
  const cpuMicrosPerEvent = Math.round(((cpuSeconds([relay.pid, kafka.pid]) - spentBefore) / (backlog - already)) * 1e6)
  say(`relayed at ${relayEventsPerSecond} events/s, ${cpuMicrosPerEvent} µs of CPU an event in relay and broker`)

  const warm = await writeAtRate(writer, LIVE_PER_SECOND, warmUpSeconds)
  const live = await followLatencies(transactions, partitions)
  const liveBefore = cpuSeconds([relay.pid, kafka.pid])
  const written = await writeAtRate(writer, LIVE_PER_SECOND, seconds)
  const cpuPercent = Math.round(((cpuSeconds([relay.pid, kafka.pid]) - liveBefore) / seconds) * 100)
  await untilPublished(transactions, partitions, backlog + warm + written)
  await new Promise((resolve) => setTimeout(resolve, LAST_MS))
  await live.stop()
  const [relayP50Ms, relayP95Ms, relayP99Ms] = [0.5, 0.95, 0.99].map((share) => percentile(live.latencies, share)) as [
    number,
    number,
    number,
  ]
  say(
    `${live.latencies.length} events at ${LIVE_PER_SECOND}/s: P50 ${relayP50Ms}, P95 ${relayP95Ms}, P99 ${relayP99Ms} ms`,
  )
  say(`relay and broker took ${cpuPercent}% of a core meanwhile`)
  const { missing, ...sse } = await measureSse(settings, writer, {
    readers: clients,
    perSecond: LIVE_PER_SECOND,
    seconds,
  })
  say(`${sse.ssePerSecond} events/s over ${clients} streams of one edge, which took ${sse.sseCpuPercent}% of a core`)
  if (missing > 0) say(`${missing} events did not arrive`)
  return {
    figures: { relayP50Ms, relayP95Ms, relayP99Ms, relayEventsPerSecond, cpuMicrosPerEvent, cpuPercent, ...sse },
    failed: live.latencies.length < written || missing > 0,
  }
}

export const streamsBench: Bench = {
  name: 'streams',
  summary: 'How soon and how fast events go from the journal into public topics, and on to streams over HTTP',
  run,
}
