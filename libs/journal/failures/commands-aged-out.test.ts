import assert from 'node:assert/strict'
import { test } from 'node:test'
import kafkajs from 'kafkajs'
import { testEngines } from '#libs/testing/engines.ts'
import { commandTopic } from '../families.ts'
import { brokenWorld, claimsIn, say } from './broken-world.fixtures.ts'

test('commands-aged-out: the owner goes on at the first that is left, and its claim says what is gone', async (t) => {
  const world = await brokenWorld(t)
  const first = await world.owner()
  const decided = [say(), say()]
  await world.send(...decided)
  await world.decidedOnce(decided)
  await first.close()

  const [gone, left] = [
    [say(), say(), say()],
    [say(), say()],
  ]
  await world.send(...gone, ...left)
  const admin = new kafkajs.Kafka({
    brokers: [...(await testEngines()).brokers],
    logLevel: kafkajs.logLevel.NOTHING,
  }).admin()
  await admin.connect()
  t.after(() => admin.disconnect())
  const topic = `${world.prefix}.${commandTopic('channel')}`
  await admin.fetchTopicOffsets(topic)
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '5' }] })

  await world.owner()
  await world.decidedOnce([...decided, ...left])
  const claim = claimsIn(await world.entries()).at(-1)
  assert.deepEqual(claim?.kind === 'claim' && claim.agedOut, { from: 2, to: 5 })
})
