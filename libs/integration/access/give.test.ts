import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { kafkaLog } from '#libs/journal/kafka/log.ts'
import { kafkaTransactions } from '#libs/journal/kafka/transactions.ts'
import { lentKafka } from '#libs/testing/lent-kafka.ts'
import { topicFor } from '../public-topic.ts'
import { add, setChannels } from './give.ts'
import { MOST_CHANNELS, MOST_OF_CHANNELS } from './integrator.ts'
import type { Parts } from './parts.ts'
import { readRecords, recordAdded } from './records.ts'

const chat = 'whiply.public.chat.v1'
const channel = 'whiply.public.channel.v1'

/** Kafka as it is, but for users and rights, of which only what is given is noted. */
const world = async (t: TestContext) => {
  const { brokers } = await lentKafka(t)
  const [log, transactions] = [kafkaLog({ brokers }), kafkaTransactions({ brokers })]
  t.after(() => Promise.all([log.close(), transactions.close()]))
  const granted: string[] = []
  const passwords = new Map<string, string>()
  const parts = {
    admin: {
      describeAcls: async () => ({ resources: [] }),
      createAcls: async ({ acl }: { readonly acl: readonly { readonly resourceName: string }[] }) =>
        void granted.push(...new Set(acl.map(({ resourceName }) => resourceName))),
    },
    users: {
      names: async () => [...passwords.keys()],
      setPassword: async (name: string, password: string) => void passwords.set(name, password),
    },
    ...{ log, transactions, replication: 1 },
  } as unknown as Parts
  return { parts, granted, records: () => readRecords(log, transactions, 1), log }
}

test('who is given some channels, and who is not', async (t) => {
  const { parts, granted, records, log } = await world(t)

  await t.test('rights are given to topics of its own and to nothing else', async () => {
    const given = await add(parts, 'acme', [chat], ['1000', '1001', '1000'])
    assert.deepEqual([given.topics, given.channels], [[topicFor(chat, 'acme')], ['1000', '1001']])
    assert.deepEqual(granted, ['acme.', topicFor(chat, 'acme')])
  })

  await t.test('a topic more is of its channels, though none is named, and channels are added', async () => {
    const more = await add(parts, 'acme', [channel])
    assert.deepEqual([more.topics, more.channels], [[topicFor(channel, 'acme')], ['1000', '1001']])
    assert.deepEqual((await add(parts, 'acme', [chat], ['1002'])).channels, ['1000', '1001', '1002'])
    const set = await setChannels(parts, 'acme', ['1003'])
    assert.ok(set.revision > more.revision)
    assert.deepEqual([...(await records())].length, 1)
    assert.deepEqual((await records()).get('acme')?.channels, ['1003'])
  })

  await t.test('who reads whole topics is not narrowed', async () => {
    await add(parts, 'bolt', [chat])
    for (const work of [() => add(parts, 'bolt', [chat], ['1000']), () => setChannels(parts, 'bolt', ['1000'])])
      await assert.rejects(work, { code: 'integrator.reads_whole_topics' })
    await assert.rejects(setChannels(parts, 'nobody', ['1000']), { code: 'integrator.unknown' })
  })

  await t.test('who is being revoked is given nothing', async () => {
    await recordAdded(log, 'delta', { reads: {}, channels: [], passwordSince: undefined, leaving: true })
    for (const work of [() => add(parts, 'delta', [chat]), () => setChannels(parts, 'delta', ['1000'])])
      await assert.rejects(work, { code: 'integrator.leaving' })
  })

  await t.test('neither too many channels nor too many integrators of some', async () => {
    const ids = Array.from({ length: MOST_CHANNELS + 1 }, (_, index) => String(2_000 + index))
    for (const work of [() => add(parts, 'echo', [chat], ids), () => setChannels(parts, 'acme', ids)])
      await assert.rejects(work, { code: 'integrator.too_many_channels' })
    await setChannels(parts, 'acme', ids.slice(1))
    for (let number = (await records()).size; number < MOST_OF_CHANNELS + 1; number++)
      await recordAdded(log, `other-${number}`, { reads: {}, channels: ['1'], passwordSince: undefined })
    await assert.rejects(add(parts, 'echo', [chat], ['1000']), { code: 'integrator.too_many' })
    // Of whole topics as many as one likes, and those that are there are changed still.
    await add(parts, 'echo', [chat])
    await setChannels(parts, 'acme', ['1000'])
  })
})
