import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Kafka, logLevel } from 'kafkajs'
import { start as startDecider } from '#apps/decider/app.ts'
import { start as startProjector } from '#apps/projector/app.ts'
import { openReadSide } from '#apps/projector/read-side.ts'
import { keepHead } from '#libs/audit/chain/keep.ts'
import type { RunningApp } from '#libs/config/app.ts'
import { asEnvironment, type Config, readConfig, withSettings } from '#libs/config/config.ts'
import { openConfiguredLog } from '#libs/journal/configured-log.ts'
import { openConfiguredObjects } from '#libs/journal/configured-objects.ts'
import { journalTopic } from '#libs/journal/families.ts'
import type { Log, NewRecord } from '#libs/journal/log.ts'
import { readRange } from '#libs/journal/read-range.ts'
import { openPostgres } from '#libs/postgres/open.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { lentKafka } from '#libs/testing/lent-kafka.ts'
import { temporaryFolder } from '#libs/testing/shared-engines.ts'
import { until } from '#libs/testing/until.ts'

const quiet = createLogger('test', 'fatal')
const never = new AbortController().signal
const topic = journalTopic('account')

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string }

/** The command line, as an operator starts it. */
const whiply =
  (config: Config) =>
  (...args: readonly string[]): Promise<Ended> =>
    new Promise((resolve) => {
      const script = join(import.meta.dirname, '..', 'main.ts')
      const env = { ...process.env, ...asEnvironment(config) }
      execFile(process.execPath, [script, ...args], { env }, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
      )
    })

const setUp = async (t: TestContext): Promise<Config> => {
  const kafka = await lentKafka(t)
  const databaseUrl = await testDatabase(t)
  const data = await mkdtemp(join(temporaryFolder(), 'whiply-audit-'))
  t.after(() => rm(data, { recursive: true, force: true }))
  const settings = { CHANNEL_PARTITIONS: '1', FAMILY_PARTITIONS: '1', LOG_LEVEL: 'fatal', MIN_FREE_DISK: '0' }
  return withSettings(readConfig({ ...settings, WHIPLY_DATA: data }), {
    kafkaBrokers: [...kafka.brokers],
    databaseUrl,
    masterKey: randomBytes(32).toString('base64'),
  })
}

/** What decides and projects, for as long as the work takes. */
const withApps = async (config: Config, work: () => Promise<void>): Promise<void> => {
  const running: RunningApp[] = []
  try {
    for (const start of [startDecider, startProjector]) running.push(await start(config, never))
    await until(async () => (await Promise.all(running.map((app) => app.ready()))).every(Boolean))
    await work()
  } finally {
    for (const app of running.toReversed()) await app.close()
  }
}

/** Signs what every journal comes to, as is done every hour. */
const signHeads = async (config: Config): Promise<void> => {
  const side = await openReadSide(config, quiet, never)
  const objects = await openConfiguredObjects(config)
  const options = { log: side.log, logId: side.meta.logId, objects, sealing: side.vault.evidence }
  for (const place of side.places) await keepHead(options, place)
  await side.close()
}

/** A client of its own for each work: one that knows a topic asks for it still when it is gone. */
const withLog = async <Result>(config: Config, work: (log: Log) => Promise<Result>): Promise<Result> => {
  const log = openConfiguredLog(config, 'intruder', quiet)
  try {
    return await work(log)
  } finally {
    await log.close()
  }
}

/** Who has the broker in their hands: the journal of accounts as it is, and written anew as they like it. */
const intruder = (config: Config) => ({
  records: () =>
    withLog(config, async (log): Promise<readonly NewRecord[]> => {
      const found: NewRecord[] = []
      const [{ end } = { end: 0 }] = await log.bounds(topic)
      await readRange(log, { topic, partition: 0, from: 0, end }, (read) => {
        for (const { key, value, headers } of read) found.push({ key, value, headers })
      })
      return found
    }),
  rewrite: async (records: readonly NewRecord[]): Promise<void> => {
    const admin = new Kafka({ brokers: [...config.kafkaBrokers], logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    await admin.deleteTopics({ topics: [topic] })
    await admin.disconnect()
    const endless = { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'message.timestamp.type': 'LogAppendTime' }
    await withLog(config, async (log) => {
      await log.createTopic(topic, { partitions: 1, replication: 1, config: endless })
      const appender = await log.appender()
      await appender.append(topic, 0, [...records])
      await appender.close()
    })
  },
})

test('who runs the platform makes an owner, and finds what was done to the journals', {
  timeout: 150_000,
}, async (t) => {
  const config = await setUp(t)
  const run = whiply(config)
  await withApps(config, async () => {
    const created = await run('admin', 'create')
    assert.equal(created.code, 0, created.stderr)
    const nobody = await run('admin', 'owner', 'nobody_here')
    assert.equal(nobody.code, 1)
    assert.match(nobody.stderr, /nobody_here/)
    assert.equal((await run('admin', 'owner')).code, 2)
    assert.deepEqual(await run('admin', 'owner', 'ADMIN'), {
      code: 0,
      stdout: 'ADMIN is an owner of the platform.\n',
      stderr: '',
    })
    const sql = openPostgres(config.databaseUrl, { max: 1 })
    t.after(() => sql.end())
    const roles = async () => sql<{ platform_role: string }[]>`select platform_role from readmodel.accounts`
    await until(async () => (await roles())[0]?.platform_role === 'owner')
  })

  await signHeads(config)
  const { records, rewrite } = intruder(config)
  const asSigned = await records()
  assert.ok(asSigned.length > 3)
  const last = asSigned.length - 1
  const whole = new RegExp(
    `^account\\.0 +whole \\(${asSigned.length} records, ${asSigned.length} signed by \\d heads`,
    'm',
  )
  const first = await run('audit', 'verify')
  assert.deepEqual([first.code, whole.test(first.stdout)], [0, true], first.stdout + first.stderr)

  const [one, two] = [asSigned[1] ?? assert.fail(), asSigned[2] ?? assert.fail()]
  const done: readonly (readonly [string, readonly NewRecord[], RegExp])[] = [
    [
      'a header that was changed',
      asSigned.with(1, { ...one, headers: { ...one.headers, traceparent: 'another' } }),
      // From behind the last head before it: whether one stands between the first two records is a matter of time.
      /changed: records [01] to/,
    ],
    ['two records in another order', asSigned.with(1, two).with(2, one), /reordered: records 1 to/],
    ['a record that is missing', asSigned.toSpliced(last, 1), new RegExp(`missing: records ${last} to ${last}`)],
    ['a record that is missing among the others', asSigned.toSpliced(1, 1), /missing: records/],
  ]
  for (const [what, changed, told] of done) {
    await rewrite(changed)
    const found = await run('audit', 'verify')
    assert.equal(found.code, 1, `${what}: ${found.stdout}${found.stderr}`)
    assert.match(found.stdout, told, what)
  }
  await rewrite(asSigned)
  assert.equal((await run('audit', 'verify')).code, 0, 'as it was it is whole again')
})
