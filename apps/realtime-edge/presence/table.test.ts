import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodePresence, encodePresence } from './message.ts'
import { createPresenceTable, LEASE_MS, NAMED, type Report } from './table.ts'

const channel = '1001'
const ada = { id: '42', name: 'Ada' }
const bob = { id: '43', name: 'Bob' }

const report = (count: number, ...people: readonly { id: string; name: string }[]): ReadonlyMap<string, Report> =>
  new Map([[channel, { count, names: new Map(people.map(({ id, name }) => [id, name])) }]])

const namesOf = (names: ReadonlyMap<string, string>) => [...names.values()].sort()

test('connections are counted, people named once however many they have', () => {
  const table = createPresenceTable()
  table.entered(channel, ada)
  table.entered(channel, ada)
  table.entered(channel, undefined)
  assert.deepEqual([table.of(channel).count, namesOf(table.of(channel).names)], [3, ['Ada']])
  table.left(channel, ada.id)
  assert.deepEqual([table.of(channel).count, namesOf(table.of(channel).names)], [2, ['Ada']])
  table.left(channel, ada.id)
  table.left(channel, undefined)
  assert.deepEqual(table.of(channel), { count: 0, names: new Map() })
  assert.deepEqual([...table.channelsHere()], [])
})

test('what other edges say is added, until their lease is over or they say goodbye', () => {
  const table = createPresenceTable()
  table.entered(channel, ada)
  table.heard('second', report(2, ada, bob), true, 1000)
  table.heard('third', report(5), true, 1000)
  assert.deepEqual([table.of(channel).count, namesOf(table.of(channel).names)], [8, ['Ada', 'Bob']])
  table.gone('third')
  assert.equal(table.of(channel).count, 3)
  table.heard('second', new Map(), false, 2000)
  table.expire(1000 + LEASE_MS)
  assert.equal(table.of(channel).count, 3, 'the lease was renewed')
  table.expire(2000 + LEASE_MS)
  assert.deepEqual([table.of(channel).count, namesOf(table.of(channel).names)], [1, ['Ada']])
})

test('all that an edge says replaces what it said before', () => {
  const table = createPresenceTable()
  table.heard('second', report(2, ada), true, 0)
  table.takeChanged()
  table.heard('second', new Map(), true, 0)
  assert.equal(table.of(channel).count, 0)
  assert.deepEqual([...table.takeChanged()], [channel])
})

test('of a crowd only the count is known', () => {
  const table = createPresenceTable()
  for (let id = 0; id <= NAMED; id++) table.entered(channel, { id: `${id}`, name: `Person ${id}` })
  assert.deepEqual([table.of(channel).count, table.of(channel).names.size], [NAMED + 1, 0])
  assert.equal(table.here(channel).names.size, 0)
})

test('whatever comes and goes, the count is that of the connections that are there', () => {
  const person = fc.constantFrom(ada, bob, undefined)
  fc.assert(
    fc.property(fc.array(fc.record({ person, leaves: fc.boolean() }), { maxLength: 60 }), (steps) => {
      const table = createPresenceTable()
      const there: (typeof ada | undefined)[] = []
      for (const step of steps) {
        const index = there.indexOf(step.person)
        if (step.leaves && index >= 0) {
          there.splice(index, 1)
          table.left(channel, step.person?.id)
        } else if (!step.leaves) {
          there.push(step.person)
          table.entered(channel, step.person)
        }
      }
      const { count, names } = table.of(channel)
      assert.equal(count, there.length)
      const named = there.flatMap((each) => (each ? [each.name] : []))
      assert.deepEqual(namesOf(names), [...new Set(named)].sort())
    }),
  )
})

test('a message is read as it was written, and anything else is none', () => {
  const message = { edge: 'first', kind: 'all', ask: true, channels: report(2, ada) } as const
  assert.deepEqual(decodePresence(encodePresence(message)), message)
  assert.equal(decodePresence(Buffer.from('{"edge":1}')), undefined)
  assert.equal(decodePresence(Buffer.from([0xff, 0])), undefined)
})
