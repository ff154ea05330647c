import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Kafka } from 'kafkajs'
import { freePort } from '#infra/embedded/engine.ts'
import { openAccess } from '#libs/integration/access/access.ts'
import { openRequests } from '#libs/integration/access/requests.fixtures.ts'
import { type Login, withAdmin, world } from '#libs/integration/access/world.fixtures.ts'
import { topicFor } from '#libs/integration/public-topic.ts'
import { positionCodec } from '#libs/integration/streams/position.ts'
import { partitionOf } from '#libs/journal/partitioner.ts'
import { temporaryFolder } from '#libs/testing/shared-engines.ts'
import { until } from '#libs/testing/until.ts'
import { platform } from './platform.fixtures.ts'

const chat = 'whiply.public.chat.v1'
const own = topicFor(chat, 'acme')
const TOPIC_AUTHORIZATION_FAILED = 29
const partitions = 2

type World = Awaited<ReturnType<typeof platform>>

/** The relay in a process of its own, which ends as hard as a process can. */
const relayProcess = async (t: Pick<TestContext, 'after'>, { config }: World) => {
  const data = await mkdtemp(join(temporaryFolder(), 'whiply-relay-'))
  const env = {
    ...process.env,
    WHIPLY_DATA: data,
    WHIPLY_MASTER_KEY: config.masterKey,
    KAFKA_BROKERS: config.kafkaBrokers.join(),
    DATABASE_URL: config.databaseUrl,
    SCHEMA_REGISTRY_URL: config.schemaRegistryUrl,
    CHANNEL_PARTITIONS: String(partitions),
    FAMILY_PARTITIONS: '1',
    LOG_LEVEL: 'silent',
  }
  let child: ChildProcess | undefined
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exited = new Promise((resolve) => child?.once('exit', resolve))
    child.kill('SIGKILL')
    await exited
  }
  t.after(async () => {
    await kill()
    await rm(data, { recursive: true, force: true })
  })
  return {
    start: async (): Promise<void> => {
      const main = join(import.meta.dirname, '../whiply/main.ts')
      child = spawn(process.execPath, [main, 'relay'], {
        env: { ...env, METRICS_PORT: String(await freePort()) },
        stdio: 'ignore',
      })
    },
    kill,
  }
}

/** What a consumer of kafkajs gets of a topic from its beginning on. */
const follow = async (t: Pick<TestContext, 'after'>, kafka: Kafka, topic: string, groupId: string) => {
  const got: { readonly channel: string; readonly id: string }[] = []
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 })
  t.after(() => consumer.disconnect())
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message: { key, headers } }) => {
      got.push({ channel: String(key), id: String(headers?.ce_id) })
    },
  })
  return { got, stop: () => consumer.disconnect() }
}

test('an integrator of some channels, by real clients and with relays that are killed', {
  timeout: 120_000,
}, async (t) => {
  const { brokers, integrators, as, own: platformClient } = await world(t)
  const made = await platform(t, brokers, partitions)
  const { post, committed, transactions, logId } = made
  await made.startRegistry()
  const access = await openAccess({ brokers }, 1)
  t.after(access.close)
  const relay = await relayProcess(t, made)
  await relay.start()
  const idsOf = async (topic: string, channel: string) =>
    (await committed(topic)).flatMap(({ key, headers }) => (key?.toString() === channel ? [headers.ce_id] : []))
  const publicCount = async (channel: string) => (await idsOf(chat, channel).catch(() => [])).length

  assert.notEqual(partitionOf('1000', partitions), partitionOf('1002', partitions))
  await post('1000', 5)
  await until(async () => (await publicCount('1000')) === 5, { timeoutMs: 30_000 })
  const { password = '', revision, topics } = await access.add('acme', [chat], ['1000', '1002'])
  assert.deepEqual(topics, [own])
  const from = (await access.takenUp(revision, [chat]))?.get(chat) ?? ''
  const acme: Login = { username: 'acme', password }
  const { got, stop } = await follow(t, as(acme), own, 'acme.reader')

  await t.test('it gets what happens in its channels, once and in order, whatever becomes of relays', async () => {
    for (let turn = 1; turn <= 12; turn++) {
      for (const channel of ['1000', '1001', '1002']) await post(channel, 5)
      if (turn % 4 !== 1) continue
      // Under way by now, or still taking over.
      await until(async () => (await publicCount('1001')) > 0)
      await relay.kill()
      await relay.start()
    }
    await until(() => got.length >= 120, { timeoutMs: 60_000 })
    const ids = async (channel: string) => (await idsOf(chat, channel)).slice(channel === '1000' ? 5 : 0)
    for (const channel of ['1000', '1002'])
      assert.deepEqual(
        got.filter((each) => each.channel === channel).map(({ id }) => id),
        await ids(channel),
      )
    assert.equal(got.length, 120)
  })

  await t.test('what lies behind the position that was told is all there', async () => {
    const [offset] = [positionCodec(logId, chat, partitions).decode(from)?.[partitionOf('1000', partitions)]]
    const reader = await transactions.committed()
    const { records } = await reader.read(chat, partitionOf('1000', partitions), offset ?? 0)
    await reader.close()
    const behind = records.filter(({ key }) => key?.toString() === '1000')
    assert.deepEqual(
      behind.map(({ headers }) => headers.ce_id),
      (await idsOf(chat, '1000')).slice(5),
    )
  })

  await t.test('it reads that topic and no other, whatever their names begin with', async () => {
    await access.add('acme-2', [chat], ['1001'])
    const others = [chat, 'whiply.public.channel.v1', topicFor(chat, 'acme-2'), 'whiply.channel.journal']
    await until(async () => (await made.log.describeTopic(topicFor(chat, 'acme-2'))) !== undefined)
    const requests = await openRequests({ brokers: integrators, sasl: { mechanism: 'scram-sha-512', ...acme } })
    t.after(requests.close)
    assert.deepEqual(await requests.fetchCodes([own, ...others]), {
      [own]: 0,
      ...Object.fromEntries(others.map((topic) => [topic, TOPIC_AUTHORIZATION_FAILED])),
    })
    assert.deepEqual(await withAdmin(as(acme), (admin) => admin.listTopics()), [own])
  })

  await t.test('channels that are set hold from then on', async () => {
    const set = await access.setChannels('acme', ['1002'])
    assert.ok(await access.takenUp(set.revision, [chat]))
    const [before, published] = [got.length, await publicCount('1000')]
    await post('1000', 3)
    await post('1002', 3)
    await until(async () => got.length === before + 3 && (await publicCount('1000')) === published + 3)
    assert.deepEqual(
      got.slice(before).map(({ channel }) => channel),
      ['1002', '1002', '1002'],
    )
    const [listed] = await access.list()
    assert.deepEqual(
      [listed?.name, listed?.channels, listed?.reads.map(({ topic }) => topic)],
      ['acme', ['1002'], [own]],
    )
  })

  await t.test('a revocation takes its topic away, and others are served on', async () => {
    await stop()
    await access.revoke('acme')
    await until(async () => (await made.log.describeTopic(own)) === undefined)
    const published = await publicCount('1002')
    await post('1002', 2)
    await post('1001', 2)
    await until(async () => (await publicCount('1002')) === published + 2)
    await until(async () => (await idsOf(topicFor(chat, 'acme-2'), '1001')).length === 2)
    await assert.rejects(access.revoke('acme'), { code: 'integrator.unknown' })
  })

  await t.test(
    'who is given the name next begins with nothing, and a topic that was taken away comes back',
    async () => {
      const again = await access.add('acme', [chat], ['1000'])
      assert.ok(await access.takenUp(again.revision, [chat]))
      assert.deepEqual(await committed(own), [])
      await withAdmin(platformClient, (admin) => admin.deleteTopics({ topics: [own] }))
      await post('1000', 2)
      // The relay finds it gone, takes over again and makes it anew; what it was to publish is there then.
      await until(async () => (await idsOf(own, '1000').catch(() => [])).length === 2, { timeoutMs: 30_000 })
    },
  )
})
