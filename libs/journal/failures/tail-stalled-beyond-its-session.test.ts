import assert from 'node:assert/strict'
import { test } from 'node:test'
import kafkajs from 'kafkajs'
import { collect } from '#libs/testing/collector.ts'
import { testEngines } from '#libs/testing/engines.ts'
import { until } from '#libs/testing/until.ts'
import { commandTopic } from '../families.ts'
import { brokenWorld, say } from './broken-world.fixtures.ts'

test('tail-stalled-beyond-its-session: an owner that slept reads on where it was, and skips nothing', async (t) => {
  const world = await brokenWorld(t)
  const { brokers } = await testEngines()
  const sleeper = await world.ownerProcess()
  const before = [say(), say()]
  await world.send(...before)
  await world.decidedOnce(before)

  const admin = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING }).admin()
  await admin.connect()
  t.after(() => admin.disconnect())
  const seats = async () => {
    const { groups } = await admin.describeGroups([`${world.prefix}.whiply.decider.channel`])
    return groups[0]?.members.length
  }
  assert.equal(await seats(), 1)
  sleeper.kill('SIGSTOP')
  const meanwhile = Array.from({ length: 100 }, () => say())
  await world.send(...meanwhile)
  await until(async () => (await seats()) === 0, { what: 'the end of the session' })
  sleeper.kill('SIGCONT')
  await world.decidedOnce([...before, ...meanwhile])
})

test('tail-stalled-beyond-its-session: a reader whose handler hangs gets everything that came meanwhile', async (t) => {
  const world = await brokenWorld(t)
  const gate = Promise.withResolvers<void>()
  const topic = commandTopic('channel')
  const collector = collect(() => gate.promise)
  const tail = await world.log.tail([topic], collector.handlers)
  tail.read(topic, 0, 0)
  await world.send(say())
  await collector.reached(1)
  await world.send(...Array.from({ length: 200 }, () => say()))
  assert.equal(collector.of(topic, 0).length, 1)
  gate.resolve()
  const records = await collector.reached(201)
  assert.ok(records.every(({ offset }, index) => offset === index))
})
