import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { RunningApp } from '#libs/config/app.ts'
import { readConfig, withSettings } from '#libs/config/config.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import type { ChannelCommand } from '#libs/contracts/generated/channel.ts'
import { decodeEntry, encodeCommandRecord, type OutcomeEntry } from '#libs/journal/envelope.ts'
import { commandTopic, journalTopic } from '#libs/journal/families.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { kafkaLog } from '#libs/journal/kafka/log.ts'
import { partitionOf } from '#libs/journal/partitioner.ts'
import { readAll } from '#libs/journal/read-all.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { isolatedKafka } from '#libs/testing/isolated-kafka.ts'
import { until } from '#libs/testing/until.ts'
import { openVault } from '#libs/vault/open.ts'
import { start } from './app.ts'

const partitions = 4
const channel = '1001'

const platform = async (t: TestContext) => {
  const kafka = await isolatedKafka(t)
  const data = await mkdtemp(join(tmpdir(), 'whiply-decider-'))
  t.after(() => rm(data, { recursive: true, force: true }))
  const config = withSettings(readConfig({ CHANNEL_PARTITIONS: String(partitions), LOG_LEVEL: 'silent' }), {
    data,
    objectStore: join(data, 'objects'),
    databaseUrl: await testDatabase(t),
    kafkaBrokers: [...kafka.brokers],
    masterKey: randomBytes(32).toString('base64'),
  })
  const vault = await openVault(config)
  t.after(vault.close)
  await vault.keys.create(channel)
  const log = kafkaLog({ brokers: kafka.brokers })
  t.after(log.close)
  const partition = partitionOf(channel, partitions)

  const startDecider = async (): Promise<RunningApp> => {
    const app = await start(config, new AbortController().signal)
    t.after(app.close)
    return app
  }

  const send = async (command: ChannelCommand, id = uuidv7()): Promise<string> => {
    const { type, version, bytes } = codecs.channel.encodeCommand(command)
    const envelope = { key: channel, id, principal: channel, type, version, payload: bytes, origin: 'test' }
    const record = encodeCommandRecord({ ...envelope, facts: { displayName: 'Ada' } })
    const appender = await log.appender()
    try {
      await appender.append(commandTopic('channel'), partition, [record])
    } finally {
      await appender.close()
    }
    return id
  }

  const outcomes = async (): Promise<readonly OutcomeEntry[]> => {
    const entries = (await readAll(log, journalTopic('channel'), partition)).map(decodeEntry)
    return entries.flatMap((entry) => (entry.kind === 'outcome' ? [entry] : []))
  }
  return { startDecider, send, outcomes }
}

test('commands are decided over Kafka and Postgres, by one decider after the other', async (t) => {
  const { startDecider, send, outcomes } = await platform(t)
  const first = await startDecider()
  await until(first.ready)
  await send({ type: 'CreateChannel', ownerId: channel, slug: null })
  const id = await send({ type: 'PostMessage', text: 'hello' })
  await until(async () => (await outcomes()).length === 2)
  assert.deepEqual(
    (await outcomes()).map(({ outcome }) => outcome.kind),
    ['accepted', 'accepted'],
  )

  const second = await startDecider()
  const stopping = performance.now()
  await first.close()
  assert.ok(performance.now() - stopping < 2_000, 'a planned stop is quick')
  await until(second.ready)
  await send({ type: 'PostMessage', text: 'hello' }, id)
  await until(async () => (await outcomes()).length === 3)
  assert.deepEqual((await outcomes()).at(-1)?.outcome.kind, 'repeated')
})
