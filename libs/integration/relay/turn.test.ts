import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Position } from '#libs/journal/outcome.ts'
import { beforeFirst, decodeState, encodeState, OutcomeMissing, PARKED_LIMIT, startOf, TooMuchParked } from './state.ts'
import { type Prepared, type Reading, turn } from './turn.ts'

const logId = 'log'

/** The nth outcome: one record of `key`, or an error. Offsets start at 1, behind the claim. */
const outcome = (n: number, key: string, code?: string): Prepared => ({
  outcome: { key, offset: n, claim: 0, n },
  made: code ? { code } : { outgoing: [{ topic: 't', record: { key: Buffer.from(key), value: Buffer.from(`${n}`) } }] },
})

const positionAt = (n: number): Position => ({ logId, offset: n, claim: 0, n })

/** A takeover: reads from where the state says, in runs of the sizes given, and hands on what it published. */
const takeOver = (state = beforeFirst(logId), journal: readonly Prepared[] = [], sizes: readonly number[] = [3]) => {
  const from = startOf(state)
  let reading: Reading = { reached: from, blocked: new Set() }
  const published: number[] = []
  const rest = journal.filter(({ outcome: { n } }) => n > from.n)
  for (let index = 0, round = 0; index < rest.length; round++) {
    const run = rest.slice(index, index + (sizes[round % sizes.length] ?? 1))
    index += run.length
    const next = turn(state, reading, run, positionAt(run.at(-1)?.outcome.n ?? 0))
    published.push(...next.outgoing.map(({ record }) => Number(record.value.toString())))
    // What is resumed from is what was written down.
    state = decodeState(encodeState(next.state))
    reading = next.reading
  }
  return { state, published }
}

test('every outcome is published once, in order, and the position stands behind the last', () => {
  const journal = [outcome(1, 'a'), outcome(2, 'b'), outcome(3, 'a'), outcome(4, 'a')]
  const { state, published } = takeOver(undefined, journal)
  assert.deepEqual(published, [1, 2, 3, 4])
  assert.deepEqual(state, { position: positionAt(4), parked: new Map(), grants: 0 })
})

test('a key whose event fails stands still, and the others go on', () => {
  const journal = [outcome(1, 'a'), outcome(2, 'a', 'bad'), outcome(3, 'b'), outcome(4, 'a'), outcome(5, 'b')]
  const { state, published } = takeOver(undefined, journal, [2])
  assert.deepEqual(published, [1, 3, 5])
  assert.deepEqual(state.parked, new Map([['a', { position: positionAt(1), code: 'bad' }]]))
})

test('once it can be published the key is repaired by the next takeover, and nothing else is published again', () => {
  const broken = [outcome(1, 'a'), outcome(2, 'a', 'bad'), outcome(3, 'b'), outcome(4, 'a')]
  const before = takeOver(undefined, broken)
  const repaired = [...broken.slice(0, 1), outcome(2, 'a'), ...broken.slice(2), outcome(5, 'a'), outcome(6, 'b')]
  const after = takeOver(before.state, repaired, [1])
  assert.deepEqual(after.published, [2, 4, 5, 6])
  assert.equal(after.state.parked.size, 0)
})

test('a key that fails again stands still where it did', () => {
  const journal = [outcome(1, 'a', 'bad'), outcome(2, 'b')]
  const before = takeOver(undefined, journal)
  const after = takeOver(before.state, [...journal, outcome(3, 'b')])
  assert.deepEqual(after.published, [3])
  assert.deepEqual(after.state.parked, before.state.parked)
})

test('a hole between outcomes is refused', () => {
  assert.throws(() => takeOver(undefined, [outcome(1, 'a'), outcome(3, 'a')]), OutcomeMissing)
})

test('when so many keys fail, it is no fault of theirs', () => {
  const journal = Array.from({ length: PARKED_LIMIT + 1 }, (_, index) => outcome(index + 1, `key ${index}`, 'bad'))
  assert.throws(() => takeOver(undefined, journal), TooMuchParked)
})

test('however it is cut into runs and takeovers, and whatever fails meanwhile, each is published once, in order', () => {
  const journals = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), bad: fc.boolean() }), { maxLength: 20 })
  const cuts = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 4 })
  fc.assert(
    fc.property(journals, cuts, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }), (entries, ends, sizes) => {
      const all: number[] = []
      let state = beforeFirst(logId)
      const life = (length: number, healed: boolean) => {
        const journal = entries
          .slice(0, length)
          .map(({ key, bad }, index) => outcome(index + 1, key, bad && !healed ? 'bad' : undefined))
        const next = takeOver(state, journal, sizes)
        state = next.state
        all.push(...next.published)
      }
      for (const end of ends.toSorted((a, b) => a - b)) life(end, false)
      life(entries.length, true)
      life(entries.length, true)
      assert.deepEqual(
        all.toSorted((a, b) => a - b),
        entries.map((_, index) => index + 1),
      )
      for (const key of ['a', 'b', 'c']) {
        const ofKey = all.filter((n) => entries[n - 1]?.key === key)
        assert.deepEqual(
          ofKey,
          ofKey.toSorted((a, b) => a - b),
        )
      }
    }),
  )
})
