import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Assignment, assignSticky, type Member } from './assign.ts'

const member = (id: string, owned: readonly number[] = [], topics: readonly string[] = ['t']): Member => ({
  id,
  topics,
  owned: new Map([['t', owned]]),
})

const refusing = (refused: readonly number[], of: Member): Member => ({ ...of, refused: new Map([['t', refused]]) })

const sharesOf = (assigned: ReadonlyMap<string, Assignment>, topic = 't') =>
  Object.fromEntries([...assigned].map(([id, assignment]) => [id, assignment.get(topic)]))

const shares = (members: readonly Member[], partitions: number) =>
  sharesOf(assignSticky(members, new Map([['t', partitions]])))

test('one member takes all', () => {
  assert.deepEqual(shares([member('a')], 3), { a: [0, 1, 2] })
})

test('a member that comes gets its part from the one that has most, who keeps the rest', () => {
  assert.deepEqual(shares([member('a', [0, 1, 2, 3]), member('b')], 4), { a: [0, 1], b: [2, 3] })
})

test('what a member leaves behind goes to the others, who keep what they had', () => {
  assert.deepEqual(shares([member('a', [0, 1]), member('c', [4, 5])], 6), { a: [0, 1, 2], c: [3, 4, 5] })
})

test('the larger share stays with whom it was', () => {
  assert.deepEqual(shares([member('a', [0]), member('b', [1, 2])], 3), { a: [0], b: [1, 2] })
})

test('two that believe that they own the same get it once', () => {
  assert.deepEqual(shares([member('a', [0, 1]), member('b', [0, 1])], 2), { a: [0], b: [1] })
})

test('a topic goes to those who asked for it, and small topics are spread', () => {
  const members = [member('a', [], ['t', 'u']), member('b', [], ['t', 'u']), member('c', [], ['u'])]
  const assigned = assignSticky(
    members,
    new Map([
      ['t', 1],
      ['u', 2],
    ]),
  )
  assert.deepEqual(sharesOf(assigned, 't'), { a: [0], b: [], c: undefined })
  assert.deepEqual(sharesOf(assigned, 'u'), { a: [], b: [0], c: [1] })
})

test('what a member refuses goes to another, though it be held, and to nobody where all refuse it', () => {
  assert.deepEqual(shares([refusing([0], member('a', [0, 1])), member('b', [2, 3])], 4), { a: [1], b: [0, 2, 3] })
  assert.deepEqual(shares([refusing([0], member('a', [0, 1]))], 2), { a: [1] })
})

const group = fc.uniqueArray(
  fc.record({ id: fc.string({ minLength: 1, maxLength: 3 }), owned: fc.uniqueArray(fc.nat(30)) }),
  { selector: ({ id }) => id, minLength: 1, maxLength: 6 },
)

test('all is given out, to one each, evenly, whatever members believe and in whatever order they come', () => {
  fc.assert(
    fc.property(group, fc.nat(24), (seats, partitions) => {
      const members = seats.map(({ id, owned }) => member(id, owned))
      const given = shares(members, partitions)
      const all = Object.values(given).flatMap((numbers) => numbers ?? [])
      assert.deepEqual(
        all.toSorted((a, b) => a - b),
        Array.from({ length: partitions }, (_, partition) => partition),
      )
      const counts = Object.values(given).map((numbers) => numbers?.length ?? 0)
      assert.ok(Math.max(...counts) - Math.min(...counts) <= 1)
      assert.deepEqual(shares(members.toReversed(), partitions), given)
    }),
  )
})

test('sharing out again without a change moves nothing', () => {
  fc.assert(
    fc.property(group, fc.nat(24), (seats, partitions) => {
      const first = shares(
        seats.map(({ id, owned }) => member(id, owned)),
        partitions,
      )
      const again = shares(
        seats.map(({ id }) => member(id, first[id] ?? [])),
        partitions,
      )
      assert.deepEqual(again, first)
    }),
  )
})
