import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openReadSide, type ReadSide } from '#apps/projector/read-side.ts'
import { freePort } from '#infra/embedded/engine.ts'
import { startKafka } from '#infra/embedded/kafka.ts'
import { startPostgres } from '#infra/embedded/postgres.ts'
import { messagesProjection } from '#libs/channel/projections/messages.ts'
import { readConfig, withSettings } from '#libs/config/config.ts'
import { ensureBuild } from '#libs/readmodel/builds.ts'
import { rebuild } from '#libs/readmodel/rebuild.ts'
import { runProjection } from '#libs/readmodel/runner.ts'
import { shareAlone } from '#libs/readmodel/share.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import type { Bench, BenchOptions, BenchResult } from '../bench.ts'
import { cpuSeconds, processTree } from '../processes.ts'
import { writeMessages } from './journal.ts'

const MESSAGES_PER_SECOND = 20_000
const SECONDS = 15
const LANES = 2

const perSecond = (count: number, elapsedMs: number): number => Math.round((count / elapsedMs) * 1000)

const logger = createLogger('bench', 'warn')

/** Process ids of the engines. */
type Engines = { readonly kafka: number; readonly postgres: number }

/** CPU seconds by process: what a figure costs, however busy the machine is with other things. */
type Cpu = { readonly projector: number; readonly kafka: number; readonly postgres: number }

type Measured = { readonly elapsedMs: number; readonly cpu: Cpu }

const cpuNow = ({ kafka, postgres }: Engines): Cpu => ({
  projector: cpuSeconds([process.pid]),
  kafka: cpuSeconds([kafka]),
  postgres: cpuSeconds(processTree(postgres)),
})

/** From an empty read model to the end of the journal. */
const measureProjection = async (side: ReadSide, engines: Engines): Promise<Measured> => {
  const projection = messagesProjection(side.vault.keys)
  const build = await ensureBuild(side.sql, projection, side.places)
  if (!build) throw new Error('a newer version is live in an empty database')
  const sql = side.connect(build.build, LANES + 1)
  const before = cpuNow(engines)
  const started = performance.now()
  const run = await runProjection({
    ...side,
    projection,
    build,
    sql,
    share: shareAlone(side.places),
    logger,
    lanes: LANES,
  })
  await run.caughtUp()
  const elapsedMs = performance.now() - started
  const after = cpuNow(engines)
  await run.close()
  await sql.end({ timeout: 5 })
  const spent = (of: keyof Cpu) => after[of] - before[of]
  return { elapsedMs, cpu: { projector: spent('projector'), kafka: spent('kafka'), postgres: spent('postgres') } }
}

const measure = async (
  side: ReadSide,
  engines: Engines,
  count: number,
  say: BenchOptions['say'],
): Promise<BenchResult> => {
  await writeMessages(side.log, side.meta, side.vault.keys, count)
  say(`${count} messages are in the journal`)
  const { elapsedMs, cpu } = await measureProjection(side, engines)
  const [row] = await side.sql<{ count: number }[]>`select count(*)::integer as count from readmodel.lane_events`
  const eventsPerSecond = perSecond(count, elapsedMs)
  const micros = (seconds: number): number => Math.round((seconds / count) * 1e6)
  say(
    `projected at ${eventsPerSecond} events/s; CPU in µs an event: projector ${micros(cpu.projector)}, ` +
      `Postgres ${micros(cpu.postgres)}, Kafka ${micros(cpu.kafka)}`,
  )
  const rebuilt = await rebuild({ ...side, projection: messagesProjection(side.vault.keys), logger, lanes: LANES })
  const rebuildEventsPerSecond = perSecond(rebuilt.records, rebuilt.elapsedMs)
  say(`rebuilt at ${rebuildEventsPerSecond} events/s, hashes ${rebuilt.hashEqual ? 'equal' : 'differ'}`)
  const cpuMicrosPerEvent = micros(cpu.projector + cpu.postgres + cpu.kafka)
  const figures = {
    events: count,
    eventsPerSecond,
    rebuildEventsPerSecond,
    hashEqual: rebuilt.hashEqual,
    cpuMicrosPerEvent,
  }
  return { figures, failed: !rebuilt.hashEqual || row?.count !== count }
}

const run = async ({ say, seconds }: BenchOptions): Promise<BenchResult> => {
  const data = await mkdtemp(join(tmpdir(), 'whiply-bench-'))
  const stack = new AsyncDisposableStack()
  stack.defer(() => rm(data, { recursive: true, force: true }))
  try {
    const kafka = await startKafka({ dataDir: join(data, 'kafka'), port: await freePort() })
    stack.defer(() => kafka.stop())
    const database = { dataDir: join(data, 'postgres'), port: await freePort(), database: 'whiply' }
    const postgres = await startPostgres(database)
    stack.defer(() => postgres.stop())
    const config = withSettings(readConfig({}), {
      data,
      objectStore: join(data, 'objects'),
      kafkaBrokers: [...kafka.brokers],
      databaseUrl: postgres.databaseUrl,
      masterKey: randomBytes(32).toString('base64'),
    })
    const side = stack.adopt(await openReadSide(config, logger, new AbortController().signal), ({ close }) => close())
    const engines = { kafka: kafka.pid, postgres: postgres.pid }
    return await measure(side, engines, (seconds ?? SECONDS) * MESSAGES_PER_SECOND, say)
  } finally {
    await stack.disposeAsync()
  }
}

export const projectBench: Bench = {
  name: 'project',
  summary: 'How fast messages go from the journal into Postgres, sealed texts opened, and how fast they are rebuilt',
  run,
}
