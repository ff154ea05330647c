import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkRelay, type PublicSeen } from './relay-check.ts'

const event = (channel: string, id: string, topic = 'chat'): PublicSeen => ({ topic, channel, id })
const journal = [event('1', 'a'), event('2', 'b'), event('1', 'c'), event('1', 'd', 'channel'), event('1', 'e')]
const none = { missing: 0, duplicated: 0, outOfOrder: 0 }

test('what is whole passes, in whatever order channels and topics are read', () => {
  assert.deepEqual(checkRelay(journal, journal), none)
  const byTopic = [event('1', 'd', 'channel'), event('2', 'b'), event('1', 'a'), event('1', 'c'), event('1', 'e')]
  assert.deepEqual(checkRelay(journal, byTopic), none)
})

test('an event lost on its way is found', () => {
  assert.deepEqual(checkRelay(journal, journal.toSpliced(2, 1)), { ...none, missing: 1 })
})

test('an event published twice is found, and so is one that the journal does not have', () => {
  assert.deepEqual(checkRelay(journal, [...journal, event('1', 'a')]), { ...none, duplicated: 1 })
  assert.deepEqual(checkRelay(journal, [...journal, event('1', 'x')]), { ...none, duplicated: 1 })
})

test('two events of a channel that were swapped are found', () => {
  const swapped = [event('1', 'c'), event('2', 'b'), event('1', 'a'), event('1', 'd', 'channel'), event('1', 'e')]
  assert.deepEqual(checkRelay(journal, swapped), { ...none, outOfOrder: 1 })
})

test('an event in the wrong channel or topic is found', () => {
  const [first, ...rest] = journal
  assert.ok(first)
  const elsewhere = { ...none, missing: 1, duplicated: 1 }
  assert.deepEqual(checkRelay(journal, [{ ...first, channel: '2' }, ...rest]), elsewhere)
  assert.deepEqual(checkRelay(journal, [{ ...first, topic: 'channel' }, ...rest]), elsewhere)
})
