import assert from 'node:assert/strict'
import { test } from 'node:test'
import { check, type Evidence } from './check.ts'

const messages = [1, 2, 3, 4].map((seq) => ({ channel: '1000', seq, id: `m${seq}`, author: 'ada' }))
const clean: Evidence = {
  acknowledged: messages.map(({ channel, id }) => ({ sender: 'ada', channel, id })),
  journal: messages,
  bans: [],
  history: messages,
  clients: [{ channel: '1000', numbers: [1, 2, 3, 4], messages, gaps: [] }],
}
const without = (index: number) => messages.filter((_, at) => at !== index)
const swapped = messages.map((_, at) => messages[[0, 2, 1, 3][at] ?? 0] as (typeof messages)[number])
const none = { lost: 0, duplicated: 0, outOfOrder: 0, unexplainedGaps: 0, afterBan: 0 }

test('what is whole passes', () => assert.deepEqual(check(clean), none))

for (const source of ['journal', 'history'] as const) {
  test(`a message lost from the ${source} is found`, () => {
    assert.ok(check({ ...clean, [source]: without(1) }).lost > 0)
  })
  test(`a message doubled in the ${source} is found`, () => {
    assert.equal(check({ ...clean, [source]: [...messages, messages[3]] as typeof messages }).duplicated, 1)
  })
  test(`two messages swapped in the ${source} are found`, () => {
    assert.ok(check({ ...clean, [source]: swapped }).outOfOrder > 0)
  })
}

test('a delivery lost on the way to a client is found, unless a gap frame named it', () => {
  const client = { channel: '1000', numbers: [1, 2, 4], messages: without(2), gaps: [] }
  assert.deepEqual(check({ ...clean, clients: [client] }), { ...none, lost: 1, unexplainedGaps: 1 })
  assert.deepEqual(check({ ...clean, clients: [{ ...client, gaps: [{ from: 3, to: 3 }] }] }), none)
})

test('a delivery doubled on the way to a client is found', () => {
  const client = { channel: '1000', numbers: [1, 2, 2, 3, 4], messages, gaps: [] }
  assert.equal(check({ ...clean, clients: [client] }).duplicated, 1)
})

test('two deliveries swapped on the way to a client are found', () => {
  const client = { channel: '1000', numbers: [1, 3, 2, 4], messages: swapped, gaps: [] }
  assert.equal(check({ ...clean, clients: [client] }).outOfOrder, 1)
})

test("a sender's posts decided in another order than they were sent are found", () => {
  const { acknowledged } = clean
  const reordered = [1, 0, 2, 3].map((at) => acknowledged[at] as (typeof acknowledged)[number])
  assert.equal(check({ ...clean, acknowledged: reordered }).outOfOrder, 1)
})

test('a message behind the ban of its author is found, in the journal and where it was shown', () => {
  const ban = (member: string, seq: number) => ({ ...clean, bans: [{ channel: '1000', member, seq }] })
  assert.deepEqual(check(ban('ada', 4)), none)
  assert.deepEqual(check(ban('bob', 1)), none)
  assert.deepEqual(check(ban('ada', 3)), { ...none, afterBan: 2 })
})
