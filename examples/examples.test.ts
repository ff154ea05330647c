import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Kafka, logLevel } from 'kafkajs'
import { testRegistry } from '#apps/schema-registry/registry.fixtures.ts'
import { publicTopicSettings } from '#libs/integration/topic-settings.ts'
import { kafkaLog } from '#libs/journal/kafka/log.ts'
import { kafkaTransactions } from '#libs/journal/kafka/transactions.ts'
import { testEngines, uniqueName } from '#libs/testing/engines.ts'
import { isolatedKafka } from '#libs/testing/isolated-kafka.ts'
import { secureKafka } from '#libs/testing/secure-kafka.ts'
import { until } from '#libs/testing/until.ts'
import { consume, type Example, examples, type Wanted } from './consumers.fixtures.ts'
import { batches, byChannel, channels, type Made, type Printed, publicEvents } from './published.fixtures.ts'

const settings = publicTopicSettings(channels.length, 1, 7)

/** What each is expected to print is the same, so all three give the same ids, contents and order. */
const expected = (...made: readonly (readonly Made[])[]) => byChannel(made.flat().map(({ printed }) => printed))

const platform = async (t: TestContext) => {
  const [{ brokers }, { url }] = [await testEngines(), await testRegistry(t)]
  const [log, transactions] = [kafkaLog({ brokers }), kafkaTransactions({ brokers })]
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  t.after(() => Promise.all([log.close(), transactions.close(), admin.disconnect()]))
  const topic = uniqueName('whiply.public.chat')
  await log.createTopic(topic, settings)

  const publish = async (made: readonly Made[], outcome: 'commit' | 'abort'): Promise<void> => {
    const publisher = await transactions.publisher(topic)
    await publisher.send(batches(topic, made))
    if (outcome === 'commit') await publisher.commit()
    // Whoever opens another of its id aborts what was left open.
    else await (await transactions.publisher(topic)).close()
    await publisher.close()
  }

  /** Whether a group has committed all that there is. */
  const isThrough = async (group: string): Promise<boolean> => {
    const [of] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
    const ends = await log.bounds(topic)
    return ends.every(({ end }, partition) => {
      const committed = of?.partitions.find((one) => one.partition === partition)?.offset ?? '-1'
      // Behind the last record stands the end of its transaction.
      return Number(committed) >= end - 1
    })
  }
  const env = { KAFKA_BROKERS: brokers.join(','), SCHEMA_REGISTRY_URL: url }
  return { topic, env, publish, isThrough, make: await publicEvents(url) }
}

const inEach = async (check: (example: Example) => Promise<void>): Promise<void> => {
  await Promise.all(examples.map(check))
}

test('the consumers in Python, Java and Go print what was committed', { timeout: 290_000 }, async (t) => {
  const { topic, env, publish, isThrough, make } = await platform(t)
  await inEach(async ({ command }) => {
    await command()
  })
  const [then, since] = [Date.now() - 3_600_000, Date.now() - 60_000]
  const [old, aborted] = [await make(40, then), await make(5, then + 1_000)]
  const [late, young] = [await make(5, then + 2_000), await make(20, since)]
  await publish(old, 'commit')
  await publish(aborted, 'abort')
  // Behind the end of a transaction that is younger than what follows, as a relay leaves it that catches up.
  await publish(late, 'commit')
  await publish(young, 'commit')
  const all = { topic, group: uniqueName('all'), env }
  const named = (wanted: Wanted, { name }: Example): Wanted => ({ ...wanted, group: `${wanted.group}.${name}` })

  await t.test('from the beginning, without what was aborted', () =>
    inEach(async (example) => {
      const wanted = named(all, example)
      const consumer = await consume(t, example, wanted)
      await consumer.until(old.length + late.length + young.length)
      assert.deepEqual(byChannel(consumer.printed), expected(old, late, young))
      await until(() => isThrough(wanted.group), { what: `commits of the consumer in ${example.name}` })
      await consumer.kill()
    }),
  )

  await t.test('from a time', () =>
    inEach(async (example) => {
      const wanted = named({ ...all, group: uniqueName('since'), since: new Date(since).toISOString() }, example)
      const consumer = await consume(t, example, wanted)
      await consumer.until(young.length)
      assert.deepEqual(byChannel(consumer.printed), expected(young))
      await consumer.kill()
    }),
  )

  await t.test('killed and started again: it goes on where it was', async () => {
    const later = await make(10, Date.now())
    await publish(later, 'commit')
    await inEach(async (example) => {
      const consumer = await consume(t, example, named(all, example))
      await consumer.until(later.length)
      assert.deepEqual(byChannel(consumer.printed), expected(later))
    })
  })
})

test('the consumers log in to Kafka', { timeout: 290_000 }, async (t) => {
  const [kafka, { url }] = [await secureKafka(t), await testRegistry(t)]
  const log = kafkaLog({ brokers: [kafka.open] })
  t.after(() => log.close())
  const topic = uniqueName('whiply.public.chat')
  await log.createTopic(topic, settings)
  const made = await (await publicEvents(url))(1, Date.now())
  const appender = await log.appender()
  for (const { partition, record } of made) await appender.append(topic, partition, [record])
  const { username: KAFKA_USERNAME, password: KAFKA_PASSWORD } = kafka.user
  const env = { KAFKA_BROKERS: kafka.plainLogin, SCHEMA_REGISTRY_URL: url, KAFKA_USERNAME, KAFKA_PASSWORD }
  await inEach(async (example) => {
    const consumer = await consume(t, example, { topic, group: uniqueName('login'), env })
    await consumer.until(made.length)
    assert.deepEqual(byChannel(consumer.printed), expected(made))
  })
})

test('a broker that goes away is waited for', { timeout: 290_000 }, async (t) => {
  const [kafka, { url }] = [await isolatedKafka(t), await testRegistry(t)]
  const log = kafkaLog({ brokers: kafka.brokers })
  t.after(() => log.close())
  const topic = uniqueName('whiply.public.chat')
  await log.createTopic(topic, settings)
  const make = await publicEvents(url)
  const append = async (made: readonly Made[]) => {
    const appender = await log.appender()
    for (const { partition, record } of made) await appender.append(topic, partition, [record])
    await appender.close()
  }
  const before = await make(2, Date.now())
  await append(before)
  const env = { KAFKA_BROKERS: kafka.brokers.join(), SCHEMA_REGISTRY_URL: url }
  const consumers = await Promise.all(
    examples.map((example) => consume(t, example, { topic, group: example.name, env })),
  )
  await Promise.all(consumers.map((consumer) => consumer.until(before.length)))
  await kafka.kill()
  await kafka.start()
  const after = await make(2, Date.now())
  await append(after)
  // What was printed and not committed comes again.
  const once = (printed: readonly Printed[]) => [...new Map(printed.map((event) => [event.ce_id, event])).values()]
  for (const { printed, until: printedUntil } of consumers) {
    for (let count = before.length + 1; once(printed).length < before.length + after.length; count++)
      await printedUntil(count)
    assert.deepEqual(byChannel(once(printed)), expected(before, after))
  }
})

test('each consumer is one program of less than 60 lines', () => {
  for (const file of ['python/consumer.py', 'java/Consumer.java', 'go/main.go'])
    assert.ok(
      readFileSync(join(import.meta.dirname, file), 'utf8')
        .trimEnd()
        .split('\n').length < 60,
      file,
    )
})
