import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startSchemaRegistry } from '#apps/schema-registry/app.ts'
import { freePort } from '#infra/embedded/engine.ts'
import { readConfig, withSettings } from '#libs/config/config.ts'
import { clientAddress } from '#libs/http/address.ts'
import { listen } from '#libs/http/listen.ts'
import { originCheck } from '#libs/http/origin.ts'
import { bind } from '#libs/http/route.ts'
import { createApp } from '#libs/http/server.ts'
import { cloudEventHeaders } from '#libs/integration/cloud-event.ts'
import { openEncoder } from '#libs/integration/relay/registry.ts'
import { integrationRoutes } from '#libs/integration/routes.ts'
import { publicTopicSettings } from '#libs/integration/topic-settings.ts'
import { kafkaLog } from '#libs/journal/kafka/log.ts'
import { kafkaTransactions } from '#libs/journal/kafka/transactions.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { inReverse } from '#libs/testing/in-reverse.ts'
import { lentKafka } from '#libs/testing/lent-kafka.ts'
import { until } from '#libs/testing/until.ts'
import { errors } from './errors.ts'
import { openPublicTopics } from './public-topics.ts'

const channels = 'whiply.public.channel.v1'
const logId = '0197d2c5-7a40-7c3e-9d7b-3f0a5c1e8b21'
const role = { channelId: '1000', seq: 3, at: 1_767_225_600_000, memberId: '1001', role: 'vip' }

test('what the relay encodes with the registry is streamed decoded; while the registry is away, nothing is skipped', async (outer) => {
  const t = inReverse(outer)
  const { brokers } = await lentKafka(t)
  const registryPort = await freePort()
  const config = withSettings(readConfig({ CHANNEL_PARTITIONS: '1', LOG_LEVEL: 'silent' }), {
    kafkaBrokers: [...brokers],
    databaseUrl: await testDatabase(t),
    schemaRegistryPort: registryPort,
    schemaRegistryUrl: `http://127.0.0.1:${registryPort}`,
  })
  const { signal } = new AbortController()
  const registry = await startSchemaRegistry(config, signal)
  const encode = await openEncoder({ url: config.schemaRegistryUrl })
  const [log, transactions] = [kafkaLog({ brokers }), kafkaTransactions({ brokers })]
  t.after(() => Promise.all([log.close(), transactions.close()]))
  await log.createTopic(channels, publicTopicSettings(1, 1, 7))
  const publisher = await transactions.publisher('test')
  const at = Date.now()
  const { value } = await encode(channels, { type: 'RoleAssigned', data: role })
  const headers = cloudEventHeaders({ id: 'a/0', logId, type: `${channels}.RoleAssigned`, at, subject: '1000' })
  const publish = async (bytes: Buffer) => {
    const record = { key: Buffer.from('1000'), value: bytes, headers, timestamp: at }
    await publisher.send([{ topic: channels, partition: 0, records: [record] }])
    await publisher.commit()
  }
  await publish(value)
  await registry.close()

  const logger = createLogger('test', 'silent')
  const meta = { logId, partitions: { account: 1, channel: 1, broadcast: 1, conversation: 1 } }
  const revocations = { observe: () => {}, refusal: () => undefined, roleOf: () => undefined, size: () => 0 }
  const topics = openPublicTopics(config, { log, meta, revocations }, logger)
  t.after(topics.close)
  const app = createApp({
    routes: bind(integrationRoutes, topics.edge),
    errors,
    clientAddress: clientAddress([]),
    originCheck: originCheck([]),
    logger,
    authenticate: () => assert.fail('nobody logs in'),
    limit: () => {},
    waitForPosition: async () => {},
    verifyReplies: true,
  })
  const server = await listen(app, { port: 0, host: '127.0.0.1' })
  t.after(() => server.close(0))
  const response = await fetch(`http://127.0.0.1:${server.port}/v1/streams/channel.v1?from=earliest&format=ndjson`)
  const lines: string[] = []
  const reading = (async () => {
    let rest = ''
    for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const parts = (rest + piece).split('\n')
      rest = parts.pop() ?? ''
      lines.push(...parts)
    }
  })()
  const events = () => lines.map((line) => JSON.parse(line)).filter((line) => line.specversion !== undefined)
  await until(() => lines.length > 0)
  await assert.rejects(until(() => events().length > 0, { timeoutMs: 700 }))
  const again = await startSchemaRegistry(config, signal)
  t.after(again.close)
  await until(() => events().length > 0)
  assert.deepEqual([events()[0].id, events()[0].data], ['a/0', role])

  await publish(Buffer.from('no Avro'))
  await publish(value)
  await until(() => events().length === 3)
  assert.deepEqual(
    events().map(({ data }) => data),
    [role, null, role],
  )
  await topics.close()
  await reading
  assert.equal(JSON.parse(lines.at(-1) ?? '').notice, 'closing')
})
