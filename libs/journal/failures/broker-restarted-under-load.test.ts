import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isolatedKafka } from '#libs/testing/isolated-kafka.ts'
import { until } from '#libs/testing/until.ts'
import { openCommandGateway } from '../gateway/command-gateway.ts'
import type { OutcomeRecord } from '../outcome.ts'
import { openJournalReader } from '../reader/journal-reader.ts'
import { ensureTopics } from '../topics.ts'
import { brokenWorld, say } from './broken-world.fixtures.ts'

/** A broker may take long to come back on a machine that is busy with other tests. */
const answeredWithinMs = 90_000

test('broker-restarted-under-load: every command that an edge took is decided, and told', async (t) => {
  const kafka = await isolatedKafka(t)
  const world = await brokenWorld(t, kafka.brokers)
  const { logId, partitions } = await ensureTopics(world.log, {
    replication: 1,
    partitions: { account: 1, channel: 1, broadcast: 1, conversation: 1 },
  })
  await world.owner()
  const gateway = await openCommandGateway({
    log: world.log,
    partitions,
    origin: 'edge',
    shedAfterMs: Number.POSITIVE_INFINITY,
  })
  const reader = await openJournalReader({
    log: world.log,
    logId,
    families: ['channel'],
    onOutcomes: (_family, _partition, outcomes) => gateway.observe(outcomes),
    onPositionInvalid: assert.fail,
    onError: assert.fail,
  })
  t.after(reader.close)
  reader.read('channel', 0, 'beginning')

  const told: Promise<OutcomeRecord | undefined>[] = []
  let stopped = false
  const submitting = (async () => {
    while (!stopped) {
      told.push(gateway.submit({ ...say(), family: 'channel' }, answeredWithinMs))
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })()
  await until(async () => (await world.outcomes()).length > 50)
  await kafka.kill()
  await kafka.start()
  const after = told.length
  await until(() => told.length > after + 50)
  stopped = true
  await submitting

  const outcomes = await Promise.all(told)
  assert.ok(
    outcomes.every((outcome) => outcome !== undefined),
    'a command was never answered',
  )
  const decided = (await world.outcomes()).filter(({ outcome }) => outcome.kind === 'accepted')
  assert.deepEqual(
    new Set(decided.map(({ commandId }) => commandId)),
    new Set(outcomes.map((outcome) => outcome?.commandId)),
  )
  assert.equal(decided.length, told.length, 'a command was accepted twice')
  await gateway.close()
})
