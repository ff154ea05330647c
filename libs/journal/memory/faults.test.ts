import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { collect } from '#libs/testing/collector.ts'
import { until } from '#libs/testing/until.ts'
import { LogError } from '../log-error.ts'
import { type AppendFault, type FetchFault, faultsInTurn } from './faults.ts'
import { memoryLog } from './log.ts'

const record = (value: string) => ({ key: null, value: Buffer.from(value) })

const withFaults = async (
  faults: { readonly append?: readonly AppendFault[]; readonly fetch?: readonly FetchFault[] },
  now: () => number = Date.now,
) => {
  const log = memoryLog({ faults: faultsInTurn(faults), now })
  await log.createTopic('t', { partitions: 1, replication: 1, config: {} })
  return log
}

const fates: readonly [AppendFault, 'offset' | 'log.timeout' | 'log.append-failed', number][] = [
  ['lost', 'log.timeout', 0],
  ['unanswered', 'log.timeout', 1],
  ['late', 'log.timeout', 0],
  ['doubled', 'offset', 2],
  ['rejected', 'log.append-failed', 0],
]

for (const [fault, answer, copies] of fates) {
  test(`an append that is ${fault}: ${answer}, and ${copies} in the log`, async () => {
    const log = await withFaults({ append: [fault] })
    const appender = await log.appender()
    const told = await appender.append('t', 0, [record('a')]).then(
      (offset) => (offset === 0 ? 'offset' : offset),
      (error) => error instanceof LogError && error.code,
    )
    assert.equal(told, answer)
    assert.equal(log.records('t', 0).length, copies)
  })
}

test('a late append comes when it is released, stamped with that time, behind what came before', async () => {
  let time = 1
  const log = await withFaults({ append: ['late', 'late'] }, () => time)
  for (const value of ['a', 'b']) await assert.rejects((await log.appender()).append('t', 0, [record(value)]))
  await (await log.appender()).append('t', 0, [record('c')])
  time = 9
  assert.equal(log.releaseLate(1), true)
  assert.equal(log.releaseLate(), true)
  assert.equal(log.releaseLate(), false)
  assert.deepEqual(
    log.records('t', 0).map(({ value, timestamp, offset }) => [value.toString(), timestamp, offset]),
    [
      ['c', 1, 0],
      ['b', 9, 1],
      ['a', 9, 2],
    ],
  )
})

test('whatever befalls its fetches, a tail hands each record over once and in order', async () => {
  const fault = fc.constantFrom<FetchFault>('hole', 'jump', 'redelivery', 'stall', 'out-of-range')
  await fc.assert(
    fc.asyncProperty(fc.array(fault, { maxLength: 30 }), fc.integer({ min: 1, max: 20 }), async (fetch, count) => {
      const log = memoryLog({ faults: { fetch: ({ nth }) => fetch[nth] }, fetchLimit: 3 })
      await log.createTopic('t', { partitions: 1, replication: 1, config: {} })
      const appender = await log.appender()
      const collector = collect()
      const tail = await log.tail(['t'], collector.handlers)
      tail.read('t', 0, 0)
      for (let index = 0; index < count; index++) await appender.append('t', 0, [record(String(index))])
      const records = await collector.reached(count)
      assert.deepEqual(
        records.map(({ offset }) => offset),
        Array.from({ length: count }, (_, index) => index),
      )
      assert.deepEqual(collector.outOfRange, [])
      await tail.close()
    }),
    { numRuns: 50 },
  )
})

test('a hole that stays is the log itself that is broken', async () => {
  const log = memoryLog({ faults: { fetch: () => 'hole' } })
  await log.createTopic('t', { partitions: 1, replication: 1, config: {} })
  await (await log.appender()).append('t', 0, [record('a'), record('b')])
  const collector = collect()
  const tail = await log.tail(['t'], collector.handlers)
  tail.read('t', 0, 0)
  await until(() => collector.errors.length === 1)
  const [error] = collector.errors
  assert.ok(error instanceof LogError && error.code === 'log.hole')
  assert.deepEqual(collector.of('t', 0), [])
})

test('a schedule belongs to its client; others see the same log without faults', async () => {
  const log = await withFaults({ append: ['lost'] })
  const other = log.connect()
  await (await other.appender()).append('t', 0, [record('a')])
  await assert.rejects((await log.appender()).append('t', 0, [record('b')]))
  assert.deepEqual(await other.bounds('t'), [{ start: 0, end: 1 }])
})
