import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import type { Clear } from '#libs/contracts/sealed.ts'
import type { StepFault } from '#libs/journal/memory/transactions.ts'
import { partitionOf } from '#libs/journal/partitioner.ts'
import { until } from '#libs/testing/until.ts'
import { topicFor } from '../public-topic.ts'
import { positionsTopic } from '../topic-settings.ts'
import { decodeState } from './state.ts'
import { relayWorld } from './world.fixtures.ts'

const chat = 'whiply.public.chat.v1'
const acme = topicFor(chat, 'acme')
const bolt = topicFor(chat, 'bolt')

const posted = (seq: number): Clear<ChannelEvent> => ({
  type: 'MessagePosted',
  ...channelAbsent.MessagePosted,
  ...{ seq, author: '7', authorName: 'Ada', text: `text ${seq}` },
})

const world = async (t: Pick<TestContext, 'after'>, given: Parameters<typeof relayWorld>[0] = {}) => {
  const made = await relayWorld(given)
  const { accept, published, transactions } = made
  const post = (channel: string, seq: number) => accept(channel, [posted(seq)])
  const places = (topic: string) => published(topic).map(({ key, data }) => `${key} ${data.seq}`)
  /** The least revision of grants with which any partition is published. */
  const revision = () =>
    Math.min(
      ...[0, 1].map((partition) => {
        const newest = transactions.records(positionsTopic, partition).at(-1)
        return newest ? decodeState(newest.value).grants : 0
      }),
    )
  const start: typeof made.start = async (more) => {
    const relay = await made.start(more)
    t.after(relay.close)
    return relay
  }
  /** Gives channels, and waits until every partition is published so. */
  const give = async (name: string, channels: readonly string[] | undefined) => {
    const before = revision()
    await made.give(name, channels)
    await until(() => revision() > before)
  }
  return { ...made, post, places, start, give, giveLater: made.give, revision }
}

test('an integrator of some channels has a topic of those alone, from the moment on at which it is given them', async (t) => {
  const { post, places, start, give, published } = await world(t)
  await start()
  await post('1000', 1)
  await until(() => places(chat).length === 1)
  await give('acme', ['1000', '1002'])
  for (const channel of ['1000', '1001', '1002']) await post(channel, 2)
  await until(() => places(chat).length === 4)
  assert.deepEqual(places(acme).sort(), ['1000 2', '1002 2'])
  const [own] = published(acme)
  assert.deepEqual(
    own,
    published(chat).find(({ id }) => id === own?.id),
  )
})

test('channels are changed while it runs, for each integrator by itself', async (t) => {
  const { post, places, start, give } = await world(t)
  await start()
  await give('acme', ['1000'])
  await give('bolt', ['1000', '1001'])
  await post('1000', 1)
  await until(() => places(bolt).length === 1)
  await give('acme', ['1001'])
  await give('bolt', undefined)
  await post('1000', 2)
  await post('1001', 2)
  await until(() => places(chat).length === 3)
  assert.deepEqual([places(acme), places(bolt)], [['1000 1', '1001 2'], ['1000 1']])
})

test('what one relay was told, the next one knows before it publishes anything', async (t) => {
  const { post, places, start, give } = await world(t)
  const first = await start()
  await give('acme', ['1000'])
  await first.close()
  // So much goes at once, and the next one learns late.
  for (let seq = 1; seq <= 600; seq++) await post('1000', seq)
  await start({ ensureTopics: () => sleep(200) })
  await until(() => places(chat).length === 600)
  assert.deepEqual(places(acme), places(chat))
})

test('a topic that cannot be made is waited for, and nothing is published without it', async (t) => {
  const { post, places, start, giveLater } = await world(t)
  await giveLater('acme', ['1000'])
  let may = false
  const asked: (readonly string[])[] = []
  const ensureTopics = async (topics: readonly string[]) => {
    asked.push(topics)
    if (!may) throw new Error('no rights')
  }
  await start({ ensureTopics })
  await post('1000', 1)
  await until(() => asked.length > 1)
  assert.deepEqual([asked[0], places(chat)], [[acme], []])
  may = true
  await until(() => places(acme).length === 1)
})

test('where nobody is given channels nothing is written for it', async (t) => {
  const { post, places, start, transactions } = await world(t)
  const relay = await start()
  await until(() => relay.ready())
  await post('1000', 1)
  await until(() => places(chat).length === 1)
  const written = [0, 1].map((partition) => transactions.records(positionsTopic, partition).length)
  assert.deepEqual(
    written,
    [0, 1].map((partition) => Number(partition === partitionOf('1000', 2))),
  )
})

test('whatever is lost or unanswered, and though relays take turns, an own topic has no hole and nothing twice', async (t) => {
  const faults = fc.array(fc.constantFrom<StepFault | undefined>('lost', 'unanswered', undefined), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(faults, fc.boolean(), async (schedule, another) => {
      // The first two steps are those of who gives the channels.
      const { post, places, start, giveLater } = await world(t, {
        fault: (_step, nth) => (nth < 2 ? undefined : schedule[nth - 2]),
      })
      await giveLater('acme', ['1000', '1001'])
      const relay = await start()
      for (let seq = 1; seq <= 6; seq++) {
        for (const channel of ['1000', '1001', '1002']) await post(channel, seq)
        if (another && seq === 3) await start()
      }
      await until(() => places(chat).length >= 18)
      const ofChannel = (topic: string, channel: string) => places(topic).filter((place) => place.startsWith(channel))
      for (const channel of ['1000', '1001']) assert.deepEqual(ofChannel(acme, channel), ofChannel(chat, channel))
      assert.equal(places(acme).length, 12)
      await relay.close()
    }),
    { numRuns: 8 },
  )
})
