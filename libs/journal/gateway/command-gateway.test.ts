import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeCommandRecord } from '../envelope.ts'
import { commandTopic } from '../families.ts'
import { GatewayBusy, type OutboundCommand } from '../gateway.ts'
import { uuidv7 } from '../ids.ts'
import { type AppendFault, faultsInTurn } from '../memory/faults.ts'
import { memoryLog } from '../memory/log.ts'
import type { OutcomeRecord } from '../outcome.ts'
import { openCommandGateway } from './command-gateway.ts'

const partitions = { account: 1, channel: 1, broadcast: 1, conversation: 1 }
const topic = commandTopic('channel')

const command = (id: string = uuidv7()): OutboundCommand => ({
  family: 'channel',
  key: '1000',
  id,
  principal: '1',
  type: 'PostMessage',
  version: 1,
  payload: Buffer.from('hi'),
  facts: {},
})

const outcomeOf = ({ id, principal }: OutboundCommand, origin = 'edge-1', n = 1): OutcomeRecord => ({
  family: 'channel',
  partition: 0,
  offset: n,
  claim: 0,
  n,
  key: '1000',
  at: 0,
  commandOffset: 0,
  commandId: id,
  commandType: 'PostMessage',
  principal,
  origin,
  stateVersion: 1,
  fingerprint: 'f',
  outcome: { kind: 'accepted', events: [], summary: { seq: n } },
})

const setUp = async (
  faults: readonly (AppendFault | undefined)[] = [],
  bounds: { maxPending?: number; shedAfterMs?: number } = {},
) => {
  const log = memoryLog()
  await log.createTopic(topic, { partitions: 1, replication: 1, config: {} })
  const gateway = await openCommandGateway({
    log: log.connect(faultsInTurn({ append: faults })),
    partitions,
    origin: 'edge-1',
    ...bounds,
  })
  const sent = () => log.records(topic, 0).map((record) => decodeCommandRecord(record)?.id)
  const written = async (count: number) => {
    const deadline = Date.now() + 5_000
    while (sent().length < count && Date.now() < deadline) await new Promise(setImmediate)
    return sent()
  }
  return { log, gateway, sent, written }
}

test('a command that no broker would take is refused at once, and does not stand in the way of others', async () => {
  const { gateway, sent, written } = await setUp()
  await assert.rejects(gateway.submit({ ...command(), payload: Buffer.alloc(600_000) }), { code: 'command.too_large' })
  assert.equal(gateway.pending(), 0)
  const post = command()
  const outcome = gateway.submit(post)
  assert.deepEqual(await written(1), [post.id])
  gateway.observe([outcomeOf(post)])
  assert.equal((await outcome)?.n, 1)
  await gateway.close()
  assert.deepEqual(sent(), [post.id])
})

test('a command is told its outcome when the journal is read, not when it is sent', async () => {
  const { gateway, written } = await setUp()
  const post = command()
  let told = false
  const outcome = gateway.submit(post).then((record) => {
    told = true
    return record
  })
  assert.deepEqual(await written(1), [post.id])
  assert.equal(told, false)
  gateway.observe([outcomeOf(post, 'edge-2'), outcomeOf(post)])
  assert.equal((await outcome)?.n, 1)
  await gateway.close()
})

test('two commands with one id are answered in turn', async () => {
  const { gateway } = await setUp()
  const post = command()
  const both = [gateway.submit(post), gateway.submit(post)]
  gateway.observe([outcomeOf(post, 'edge-1', 1), outcomeOf(post, 'edge-1', 2)])
  assert.deepEqual(
    (await Promise.all(both)).map((record) => record?.n),
    [1, 2],
  )
  await gateway.close()
})

test('an outcome that is not seen in time is told as not known', async () => {
  const { gateway } = await setUp()
  assert.equal(await gateway.submit(command(), 10), undefined)
  await gateway.close()
})

test('what failed goes again before anything later, whatever befalls the sends', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom<AppendFault | undefined>('lost', 'unanswered', 'rejected', undefined), { maxLength: 4 }),
      fc.integer({ min: 1, max: 20 }),
      async (faults, count) => {
        const { gateway, sent, written } = await setUp(faults)
        const posts = Array.from({ length: count }, () => command())
        const outcomes = []
        for (const [index, post] of posts.entries()) {
          outcomes.push(gateway.submit(post))
          if (index % 3 === 0) await new Promise(setImmediate)
        }
        while (new Set(await written(count)).size < count) await new Promise(setImmediate)
        // The first time that each id is in the log, in the order of the log, is the order in which they were submitted.
        assert.deepEqual(
          [...new Set(sent())],
          posts.map(({ id }) => id),
        )
        gateway.observe(posts.map((post) => outcomeOf(post)))
        await Promise.all(outcomes)
        await gateway.close()
      },
    ),
    { numRuns: 25 },
  )
})

test('beyond the bound of pending commands it is busy, and nothing is sent', async () => {
  const { gateway, written } = await setUp([], { maxPending: 1 })
  const first = command()
  const outcome = gateway.submit(first)
  await assert.rejects(gateway.submit(command()), GatewayBusy)
  assert.deepEqual(await written(1), [first.id])
  gateway.observe([outcomeOf(first)])
  await outcome
  await gateway.close()
})

test('while outcomes are late it sheds, and takes commands again once they come', async () => {
  const { gateway } = await setUp([], { shedAfterMs: 5 })
  const first = command()
  const outcome = gateway.submit(first)
  const deadline = Date.now() + 5_000
  while (gateway.oldestPendingMs() <= 5 && Date.now() < deadline) await new Promise(setImmediate)
  await assert.rejects(gateway.submit(command()), GatewayBusy)
  gateway.observe([outcomeOf(first)])
  await outcome
  const second = command()
  const next = gateway.submit(second)
  gateway.observe([outcomeOf(second)])
  assert.ok(await next)
  await gateway.close()
})

test('closing sends what is queued, and takes no more', async () => {
  const { gateway, sent } = await setUp()
  const post = command()
  const outcome = gateway.submit(post, 50)
  await gateway.close(1_000)
  await outcome
  assert.deepEqual(sent(), [post.id])
  await assert.rejects(gateway.submit(command()), GatewayBusy)
})

test('what is pending when it closes is told as not known, and keeps no process alive', {
  timeout: 10_000,
}, async () => {
  const { gateway } = await setUp()
  const outcome = gateway.submit(command(), 3_600_000)
  await gateway.close(0)
  assert.equal(await outcome, undefined)
})
