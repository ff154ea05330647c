import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { framesIn } from './edge.fixtures.ts'
import { createRing, encodeEntry, type RingBudget } from './ring.ts'

const channel = '1001'

const message = (number: number, author = '42') =>
  encodeEntry({
    lane: 'public',
    number,
    subject: author,
    frame: {
      type: 'event',
      channel,
      seq: number,
      at: 0,
      event: { kind: 'message', id: `m${number}`, author: { id: author, name: 'Ada' }, text: `text ${number}` },
    },
  })

const setting = (number: number) =>
  encodeEntry({
    lane: 'public',
    number,
    frame: { type: 'event', channel, seq: number, at: 0, event: { kind: 'settings', slowModeSeconds: number } },
  })

const budgetOf = (limit = 1e9): RingBudget => ({ used: 0, limit })

/** Sees nothing that is for some alone. */
const nobody = () => false

test('a ring gives back what was appended, in order and without a hole, however it is cut', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 5000 }),
      (count, capacity, maxBytes) => {
        const budget = budgetOf()
        const ring = createRing(channel, budget, capacity)
        for (let number = 7; number < 7 + count; number++) ring.append(message(number))
        assert.equal(ring.last(), 6 + count)
        assert.equal(ring.first(), 7 + Math.max(0, count - capacity))
        const seen: number[] = []
        let next = ring.first()
        let bytes = 0
        while (next <= ring.last()) {
          const slice = ring.slice(next, maxBytes, nobody)
          for (const frame of framesIn(slice.bytes)) if (frame.type === 'event') seen.push(frame.seq)
          bytes += slice.bytes.length
          next = slice.next
        }
        assert.deepEqual(
          seen,
          Array.from({ length: ring.last() - ring.first() + 1 }, (_, index) => ring.first() + index),
        )
        assert.equal(budget.used, bytes)
      },
    ),
  )
})

test('a deleted message keeps its number as a skip', () => {
  const budget = budgetOf()
  const ring = createRing(channel, budget)
  for (const number of [1, 2, 3]) ring.append(message(number))
  ring.hide(2)
  const { bytes, next } = ring.slice(1, 1e6, nobody)
  assert.equal(next, 4)
  assert.deepEqual(framesIn(bytes)[1], { type: 'skip', channel, from: 2, to: 2 })
  assert.equal(budget.used, bytes.length)
  assert.doesNotThrow(() => ring.hide(99))
  assert.equal(ring.last(), 3)
})

test('what an erased author wrote is a skip, what others wrote stays', () => {
  const ring = createRing(channel, budgetOf())
  ring.append(message(1, '42'))
  ring.append(message(2, '43'))
  ring.append(message(3, '42'))
  ring.hideSubject('42')
  const frames = framesIn(ring.slice(1, 1e6, nobody).bytes)
  assert.deepEqual(
    frames.map(({ type }) => type),
    ['skip', 'event', 'skip'],
  )
})

test('rings together stay within their budget, and each keeps its newest', () => {
  const budget = budgetOf(2000)
  const rings = [createRing('1', budget), createRing('2', budget)]
  for (let number = 1; number <= 500; number++) for (const ring of rings) ring.append(message(number))
  assert.ok(budget.used <= 2000 + 300, `${budget.used} bytes`)
  for (const ring of rings) assert.equal(ring.last(), 500)
  for (const ring of rings) ring.clear()
  assert.equal(budget.used, 0)
})

test('the last messages are counted without what lies between them', () => {
  const ring = createRing(channel, budgetOf())
  ring.append(message(1))
  ring.append(setting(2))
  ring.append(message(3))
  ring.append(setting(4))
  assert.deepEqual(ring.startOfLast(1), { from: 3 })
  assert.deepEqual(ring.startOfLast(2), { from: 1 })
  assert.deepEqual(ring.startOfLast(3), { found: 2 })
})

const edit = (number: number, of: number, text: string) =>
  encodeEntry({
    lane: 'public',
    number,
    subject: '42',
    frame: {
      type: 'event',
      channel,
      seq: number,
      at: 9,
      event: { kind: 'message-edited', messageId: `m${of}`, messageSeq: of, text },
    },
    edits: { number: of, at: 9, text, entities: undefined },
  })

const change = (number: number, text: string) => ({ number, at: 9, text, entities: undefined })

test('a message that was edited says what its last edit says, and earlier edits say nothing', () => {
  const budget = budgetOf()
  const ring = createRing(channel, budget)
  for (const number of [1, 2]) ring.append(message(number))
  ring.edit(change(1, 'first'))
  ring.append(edit(3, 1, 'first'))
  ring.edit(change(1, 'second'))
  ring.append(edit(4, 1, 'second'))
  const shown = () =>
    framesIn(ring.slice(1, 1e9, nobody).bytes).map((frame) =>
      frame.type === 'event' && 'text' in frame.event ? `${frame.event.kind} ${frame.event.text}` : frame.type,
    )
  assert.deepEqual(shown(), ['message second', 'message text 2', 'skip', 'message-edited second'])
  const [first] = framesIn(ring.slice(1, 1, nobody).bytes)
  assert.equal(first?.type === 'event' && first.event.kind === 'message' && first.event.edited, 9)
  assert.equal(budget.used, ring.slice(1, 1e9, nobody).bytes.length)
  ring.hide(1)
  assert.deepEqual(shown(), ['skip', 'message text 2', 'skip', 'skip'])
  ring.edit(change(2, 'other'))
  ring.append(edit(5, 2, 'other'))
  ring.hideMessages('42')
  assert.deepEqual(shown(), ['skip', 'skip', 'skip', 'skip', 'skip'])
})

test('what only its author sees is edited for its author alone', () => {
  const ring = createRing(channel, budgetOf())
  const hidden = encodeEntry({
    lane: 'public',
    number: 1,
    subject: '42',
    only: '42',
    frame: {
      type: 'event',
      channel,
      seq: 1,
      at: 0,
      event: { kind: 'message', id: 'm1', author: { id: '42', name: 'Ada' }, text: 'unseen' },
    },
  })
  ring.append(hidden)
  ring.edit(change(1, 'changed'))
  const textFor = (who: string) =>
    framesIn(ring.slice(1, 1e9, (author) => author === who).bytes).map((frame) =>
      frame.type === 'event' && frame.event.kind === 'message' ? frame.event.text : frame.type,
    )
  assert.deepEqual([textFor('42'), textFor('43')], [['changed'], ['skip']])
})
