import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoredRecord } from '../log.ts'
import { LogError } from '../log-error.ts'
import { startReading } from './reading.ts'

const run = (from: number, count: number, bytes = 1): readonly StoredRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    offset: from + index,
    timestamp: 0,
    key: null,
    value: Buffer.alloc(bytes),
    headers: {},
  }))

const reading = (onRecords: (records: readonly StoredRecord[]) => void | Promise<void>) => {
  let room = 0
  const failures: unknown[] = []
  const started = startReading({
    topic: 't',
    partition: 0,
    onRecords: (_topic, _partition, records) => onRecords(records),
    onRoom: () => room++,
    onFailure: (error) => failures.push(error),
  })
  started.move(0)
  return { reading: started, room: () => room, failures }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

for (const [what, bytes] of [
  ['records', 1],
  ['bytes', 4_000],
] as const) {
  test(`a queue of so many ${what} is not fetched for until the handler has taken it`, async () => {
    const gate = Promise.withResolvers<void>()
    const taken: number[] = []
    const { reading: slow, room } = reading((records) => {
      taken.push(records.length)
      return taken.length === 1 ? gate.promise : undefined
    })
    slow.accept(0, run(0, 1, bytes))
    let next = 1
    while (slow.wanted() !== undefined) {
      assert.equal(slow.wanted(), next)
      slow.accept(next, run(next, 100, bytes))
      next += 100
      assert.ok(next < 10_000, 'the queue has no bound')
    }
    assert.equal(room(), 0)
    gate.resolve()
    await turn()
    assert.deepEqual(taken, [1, next - 1])
    assert.equal(room(), 1)
    assert.equal(slow.wanted(), next)
  })
}

test('an answer to a fetch from before the position was moved is dropped', () => {
  const seen: number[] = []
  const { reading: moved } = reading((records) => {
    seen.push(...records.map(({ offset }) => offset))
  })
  moved.accept(0, run(0, 2))
  moved.move(7)
  moved.accept(2, run(2, 2))
  moved.accept(7, run(7, 1))
  assert.deepEqual(seen, [0, 1, 7])
})

test('what waits when the partition is stopped is never handed over', async () => {
  const gate = Promise.withResolvers<void>()
  const seen: number[] = []
  const { reading: stopped } = reading((records) => {
    seen.push(...records.map(({ offset }) => offset))
    return gate.promise
  })
  stopped.accept(0, run(0, 1))
  stopped.accept(1, run(1, 3))
  stopped.move(undefined)
  gate.resolve()
  await turn()
  assert.deepEqual(seen, [0])
})

test('a handler that fails is told of once, and handed nothing more', async () => {
  const { reading: failing, failures } = reading(async () => {
    throw new Error('cannot')
  })
  failing.accept(0, run(0, 1))
  failing.accept(1, run(1, 1))
  await turn()
  assert.equal(failures.length, 1)
  assert.equal(failing.wanted(), undefined)
})

test('a hole is read again, and given up when it stays', () => {
  const { reading: holed } = reading(() => {})
  const readHole = (): void => {
    for (let read = 0; read < 100; read++) holed.accept(0, run(1, 2))
  }
  assert.throws(readHole, (error) => error instanceof LogError && error.code === 'log.hole')
  holed.move(0)
  holed.accept(0, run(1, 2))
  assert.equal(holed.wanted(), 0)
  holed.accept(0, run(0, 1))
  assert.equal(holed.wanted(), 1)
})
