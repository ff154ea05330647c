import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testEngines } from '#libs/testing/engines.ts'
import { isolatedKafka } from '#libs/testing/isolated-kafka.ts'
import { until } from '#libs/testing/until.ts'
import { drafts, idsOf, read, refusal, streamsWorld } from './streams.fixtures.ts'

const channel = '1000'

test('slow-reader: cut once it is behind the ring, told where to go on, and others do not wait for it', async (t) => {
  const { startEdge, publish } = await streamsWorld(t, { brokers: (await testEngines()).brokers, partitions: 1 })
  const edge = await startEdge({ ringBytes: 256 * 1024 })
  const [slow, quick] = [await read(edge.url()), await read(edge.url())]
  slow.pause()
  // More than the system's buffers on both sides of a connection hold, so that the socket takes nothing any more.
  const text = 'x'.repeat(40_000)
  const all = Array.from({ length: 60 }, (_, round) => drafts(channel, 1 + round * 10, 10, text))
  for (const some of all) await publish(some)
  const ids = idsOf(all.flat())
  await until(() => quick.ids().length >= ids.length)
  assert.deepEqual(quick.ids(), ids)
  assert.ok(slow.ids().length < ids.length)

  slow.resume()
  await until(slow.ended)
  assert.equal(slow.received.at(-1)?.event, 'slow-consumer')
  const taken = slow.ids().length
  assert.ok(taken < ids.length, 'it was cut before the end')
  const resumed = await read(edge.url(), { 'last-event-id': slow.position() })
  await until(() => resumed.ids().length >= ids.length - taken)
  assert.deepEqual([...slow.ids(), ...resumed.ids()], ids)
})

test('stalled-reader: who takes nothing for too long is cut, in the past too, and its connection is closed', async (t) => {
  const { startEdge, publish } = await streamsWorld(t, { brokers: (await testEngines()).brokers, partitions: 1 })
  const edge = await startEdge({ ringBytes: 1, stalledMs: 100, endingMs: 100 })
  const text = 'x'.repeat(40_000)
  for (let round = 0; round < 60; round++) await publish(drafts(channel, 1 + round * 10, 10, text))
  const reading = await read(edge.url('?from=earliest'))
  reading.pause()
  await until(() => edge.open() === 0)
  reading.resume()
  await until(reading.ended)
  assert.ok(reading.ids().length < 600)
  const resumed = await read(edge.url(), { 'last-event-id': reading.position() })
  await until(() => reading.ids().length + resumed.ids().length >= 600)
  assert.deepEqual([...reading.ids(), ...resumed.ids()], idsOf(drafts(channel, 1, 600)))
})

test('kafka-away-and-back: streams stay open and go on without a hole; new ones are told to come again', async (t) => {
  const kafka = await isolatedKafka(t)
  const { startEdge, publish, reconnect } = await streamsWorld(t, { brokers: kafka.brokers, partitions: 2 })
  const [edge, fresh] = [await startEdge({ heartbeatMs: 50 }), await startEdge()]
  await publish(drafts(channel, 1, 3))
  const reading = await read(edge.url('?from=earliest'))
  await until(() => reading.ids().length === 3)
  await kafka.stop()
  assert.deepEqual((await refusal(fresh.url())).code, 'platform.unavailable')
  const [beats, last] = [reading.comments.length, reading.position()]
  await until(() => reading.comments.length > beats)
  // What the ring holds needs no Kafka.
  const resumed = await read(edge.url(), { 'last-event-id': last })
  assert.equal(resumed.status, 200)
  await kafka.start()
  reconnect()
  await publish(drafts(channel, 4, 3))
  await until(() => reading.ids().length >= 6 && resumed.ids().length >= 3)
  assert.deepEqual(reading.ids(), idsOf(drafts(channel, 1, 6)))
  assert.deepEqual(resumed.ids(), idsOf(drafts(channel, 4, 3)))
  assert.equal((await read(fresh.url())).status, 200)
})
