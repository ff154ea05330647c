import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beginning } from './follow.ts'
import { newOwner } from './state.ts'
import {
  readTiny,
  type TinyEffect,
  type TinyEntry,
  type TinyInput,
  type TinyOutcome,
  type TinyState,
  tinyClaim,
  tinyMachine,
} from './tiny.fixtures.ts'

const step = tinyMachine({ batchRecords: 3 })

/** An owner and all that it asked for, in order. */
const play = (inputs: readonly TinyInput[], from: TinyState = newOwner('A', [])) => {
  let state = from
  const effects: TinyEffect[] = []
  for (const input of inputs) {
    const stepped = step(state, input)
    state = stepped.state
    effects.push(...stepped.effects)
  }
  return { state, effects: effects.filter((effect) => effect.type !== 'judged') }
}

const record = (offset: number, entry: TinyEntry): TinyInput => ({ type: 'record', offset, entry })
const claim: TinyInput = { type: 'claim', commandsEnd: 0 }
const turn = (...ids: string[]): TinyInput => ({
  type: 'turn',
  clock: 1_000,
  commands: ids.map((id, offset) => ({ id, offset })),
})
const outcome = (claimOffset: number, n: number, id: string, commandOffset = n - 1): TinyOutcome => ({
  kind: 'outcome',
  claim: claimOffset,
  n,
  at: 1_000,
  commandOffset,
  commandId: id,
  id,
  result: 'accepted',
})

const claimed: readonly TinyInput[] = [
  { type: 'assigned' },
  claim,
  { type: 'acknowledged', send: 1, offset: 0 },
  record(0, tinyClaim('A/1')),
]

test('an owner claims, reads up to its claim, and then asks for commands', () => {
  const { state, effects } = play(claimed)
  assert.equal(state.phase.name, 'owning')
  assert.deepEqual(effects, [
    { type: 'claim', send: 1, nonce: 'A/1' },
    { type: 'commands', from: 0 },
  ])
})

test('a claim that is read back before its acknowledgement is owned with the acknowledgement', () => {
  const early = play([{ type: 'assigned' }, claim, record(0, tinyClaim('A/1'))])
  assert.equal(early.state.phase.name, 'claiming')
  assert.equal(play([{ type: 'acknowledged', send: 1, offset: 0 }], early.state).state.phase.name, 'owning')
})

test('nobody claims who is not assigned', () => {
  assert.deepEqual(play([claim]).effects, [])
})

test('an owner takes up where the records before its claim end', () => {
  const { state, effects } = play([
    { type: 'assigned' },
    record(0, tinyClaim('B/1')),
    claim,
    { type: 'acknowledged', send: 1, offset: 2 },
    record(1, outcome(0, 1, 'x', 7)),
    record(2, tinyClaim('A/1')),
  ])
  assert.deepEqual(effects.at(-1), { type: 'commands', from: 8, after: 'x' })
  assert.deepEqual(state.read.fold, ['x'])
})

test('a turn is one batch, bounded; the next waits for its acknowledgement, not for its reading', () => {
  const first = play([...claimed, turn('a', 'b', 'c', 'd')])
  const append = first.effects.at(-1)
  assert.ok(append?.type === 'append')
  assert.deepEqual(append.entries, [outcome(0, 1, 'a'), outcome(0, 2, 'b'), outcome(0, 3, 'c')])
  assert.deepEqual(first.state.read.fold, [], 'nothing is confirmed before it is read back')
  assert.deepEqual(play([turn('d')], first.state).effects, [])

  const second = play(
    [
      { type: 'acknowledged', send: 2, offset: 1 },
      { type: 'turn', clock: 2_000, commands: [{ id: 'd', offset: 3 }] },
    ],
    first.state,
  )
  assert.equal(second.effects.at(-1)?.type, 'append')

  const read = play(
    [1, 2, 3].map((n) => record(n, outcome(0, n, 'abc'[n - 1] ?? ''))),
    second.state,
  )
  assert.deepEqual(read.state.read.fold, ['a', 'b', 'c'])
  assert.equal(read.state.phase.name === 'owning' && read.state.phase.unread.length, 1)
})

test('in the middle of a batch it knows what has been read so far, and goes on from there when the claim ends', () => {
  const { state } = play([...claimed, turn('a', 'b', 'c'), { type: 'acknowledged', send: 2, offset: 1 }])
  const midway = play([record(1, outcome(0, 1, 'a')), record(2, outcome(0, 2, 'b'))], state)
  assert.deepEqual(midway.state.read.fold, ['a', 'b'])
  const superseded = play([record(3, tinyClaim('another'))], midway.state)
  assert.deepEqual([superseded.state.phase.name, superseded.state.read.fold], ['following', ['a', 'b']])
})

test('the same id is repeated, within a batch too', () => {
  const { effects } = play([...claimed, turn('a', 'a')])
  const append = effects.at(-1)
  assert.ok(append?.type === 'append')
  assert.deepEqual(
    append.entries.map((entry) => entry.kind === 'outcome' && entry.result),
    ['accepted', 'repeated'],
  )
})

test('time never goes back, and a clock far behind decides nothing', () => {
  const sent = play([...claimed, turn('a'), { type: 'acknowledged', send: 2, offset: 1 }])
  const next = (clock: number): TinyInput => ({ type: 'turn', clock, commands: [{ id: 'b', offset: 1 }] })
  const append = play([next(400)], sent.state).effects.at(-1)
  assert.ok(append?.type === 'append' && append.entries[0]?.kind === 'outcome')
  assert.equal(append.entries[0].at, 1_000)
  assert.deepEqual(play([next(-4_001)], sent.state).effects, [{ type: 'clockBehind', byMs: 5_001 }])
})

test('a send that fails ends the claim: what was ahead is dropped, and a new claim goes out', () => {
  const { state, effects } = play([...claimed, turn('a'), { type: 'failed', send: 2 }])
  assert.deepEqual(effects.slice(-3), [{ type: 'discard' }, { type: 'idle' }, { type: 'claim', send: 3, nonce: 'A/3' }])
  assert.equal(state.phase.name, 'claiming')
})

test('a batch that arrived although its send failed counts, and its commands are not decided again', () => {
  const failed = play([...claimed, turn('a', 'b'), { type: 'failed', send: 2 }])
  const { state, effects } = play(
    [
      record(1, outcome(0, 1, 'a')),
      record(2, outcome(0, 2, 'b')),
      { type: 'acknowledged', send: 3, offset: 3 },
      record(3, tinyClaim('A/3')),
    ],
    failed.state,
  )
  assert.deepEqual(effects.at(-1), { type: 'commands', from: 2, after: 'b' })
  assert.deepEqual(state.read.fold, ['a', 'b'])
})

test('a batch that arrives after the new claim is void', () => {
  const { state } = play([
    ...claimed,
    turn('a'),
    { type: 'failed', send: 2 },
    { type: 'acknowledged', send: 3, offset: 1 },
    record(1, tinyClaim('A/3')),
    record(2, outcome(0, 1, 'a')),
  ])
  assert.deepEqual([state.read.n, state.read.fold, state.phase.name], [0, [], 'owning'])
})

test('a late answer to an old send changes nothing', () => {
  const failed = play([...claimed, turn('a'), { type: 'failed', send: 2 }])
  assert.equal(play([{ type: 'acknowledged', send: 2, offset: 1 }], failed.state).state, failed.state)
  assert.equal(play([{ type: 'failed', send: 2 }], failed.state).state, failed.state)
})

test('an owner that reads a younger claim stops, and claims again only when it is told to', () => {
  const { state, effects } = play([...claimed, turn('a'), record(1, tinyClaim('B/1'))])
  assert.deepEqual([state.phase.name, effects.slice(-2)], ['following', [{ type: 'discard' }, { type: 'idle' }]])
  assert.equal(play([claim], state).state.phase.name, 'claiming')
})

test('an acknowledgement that names somebody else’s record is none', () => {
  const ofClaim = play([
    { type: 'assigned' },
    claim,
    { type: 'acknowledged', send: 1, offset: 0 },
    record(0, tinyClaim('B/1')),
  ])
  assert.deepEqual(ofClaim.effects.at(-1), { type: 'claim', send: 2, nonce: 'A/2' })
  const ofBatch = play([
    ...claimed,
    turn('a'),
    { type: 'acknowledged', send: 2, offset: 1 },
    record(1, { kind: 'unreadable' }),
  ])
  assert.deepEqual(ofBatch.effects.at(-1), { type: 'claim', send: 3, nonce: 'A/3' })
})

test('a record that is not the next one is not taken', () => {
  const { state, effects } = play([...claimed, record(2, tinyClaim('B/1'))])
  assert.deepEqual([state.phase.name, effects.at(-1)], ['owning', { type: 'reread', from: 1 }])
  const again = play([record(0, tinyClaim('A/1'))], state)
  assert.equal(again.state, state)
})

test('a claim that a rebalance gave back is kept, while it is the latest and all is read', () => {
  const sent = play([...claimed, turn('a'), { type: 'acknowledged', send: 2, offset: 1 }, { type: 'revoked' }])
  assert.equal(sent.state.phase.name, 'following')
  const read = play([record(1, outcome(0, 1, 'a')), { type: 'assigned' }, claim], sent.state)
  assert.deepEqual([read.state.phase.name, read.effects], ['owning', [{ type: 'commands', from: 1, after: 'a' }]])
  const taken = play(
    [record(1, outcome(0, 1, 'a')), record(2, tinyClaim('B/1')), { type: 'assigned' }, claim],
    sent.state,
  )
  assert.equal(taken.state.phase.name, 'claiming')
  const unread = play([{ type: 'assigned' }, claim], sent.state)
  assert.equal(unread.state.phase.name, 'claiming')
})

test('a claim given up with a send open is not taken up again', () => {
  const { state } = play([...claimed, turn('a'), { type: 'revoked' }, { type: 'assigned' }, claim])
  assert.equal(state.phase.name, 'claiming')
})

test('commands that are gone are passed over by a claim that says so', () => {
  const agedOut = { from: 0, to: 40 }
  const { effects } = play([
    { type: 'assigned' },
    { type: 'claim', commandsEnd: 50, agedOut },
    { type: 'acknowledged', send: 1, offset: 0 },
    record(0, { ...tinyClaim('A/1'), agedOut }),
  ])
  assert.deepEqual(effects, [
    { type: 'claim', send: 1, nonce: 'A/1', agedOut },
    { type: 'commands', from: 40 },
  ])
})

test('an owner that waits for commands that have gone claims anew to say so', () => {
  const { effects } = play([...claimed, { type: 'claim', commandsEnd: 50, agedOut: { from: 0, to: 40 } }])
  assert.deepEqual(effects.at(-1), { type: 'claim', send: 2, nonce: 'A/2', agedOut: { from: 0, to: 40 } })
})

test('a snapshot is restored where its position holds, and never from above the claim', () => {
  const snapshot = readTiny([tinyClaim('B/1'), outcome(0, 1, 'a'), outcome(0, 2, 'b')])
  const restore = (found: TinyEntry | undefined): TinyInput => ({ type: 'restore', snapshot, found })
  assert.deepEqual(play([restore(outcome(0, 2, 'b'))]).state.read, snapshot)
  for (const other of [undefined, outcome(0, 3, 'b'), tinyClaim('C/1')])
    assert.deepEqual(play([restore(other)]).state.read, beginning([]))

  const reading = play([{ type: 'assigned' }, claim, { type: 'acknowledged', send: 1, offset: 1 }])
  assert.equal(play([restore(outcome(0, 2, 'b'))], reading.state).state, reading.state)
  assert.equal(play([restore(outcome(0, 2, 'b'))], play(claimed).state).state.phase.name, 'owning')
})

test('what was decided before a command that cannot be is sent first', () => {
  const { effects } = play([...claimed, turn('a', 'bad')])
  const append = effects.at(-1)
  assert.ok(append?.type === 'append')
  assert.equal(append.entries.length, 1)
})

test('a stopped owner does nothing more', () => {
  const { state } = play([...claimed, { type: 'stop' }])
  const later = play([{ type: 'assigned' }, claim, turn('a'), record(1, tinyClaim('B/1'))], state)
  assert.deepEqual([later.state, later.effects], [state, []])
})

test('a claim for commands that were lost goes back from the place that it was made for, and from no other', () => {
  const lost = { ...tinyClaim('A/1'), agedOut: { from: 3, to: 1 } }
  const before = [tinyClaim('B/1'), outcome(0, 1, 'x', 2)]
  assert.equal(readTiny([...before, lost]).resume, 1)
  assert.equal(readTiny([...before, outcome(0, 2, 'y', 3), lost]).resume, 4)
  assert.equal(readTiny([...before, lost, tinyClaim('B/2'), outcome(3, 2, 'y', 1), lost]).resume, 2)
})

test('behind commands that were passed over nobody knows which one stood there', () => {
  const agedOut = { from: 8, to: 9 }
  const { effects } = play([
    { type: 'assigned' },
    record(0, tinyClaim('B/1')),
    record(1, outcome(0, 1, 'x', 7)),
    { type: 'claim', commandsEnd: 9, agedOut },
    { type: 'acknowledged', send: 1, offset: 2 },
    record(2, { ...tinyClaim('A/1'), agedOut }),
  ])
  assert.deepEqual(effects.at(-1), { type: 'commands', from: 9 })
})

test('a journal that ends before a claim, or a turn, that was acknowledged has lost it: the owner claims anew', () => {
  const reading = play([{ type: 'assigned' }, claim, { type: 'acknowledged', send: 1, offset: 4 }]).state
  const decided = play([...claimed, turn('x'), { type: 'acknowledged', send: 2, offset: 1 }]).state
  for (const [state, offset] of [
    [reading, 4],
    [decided, 1],
  ] as const) {
    assert.deepEqual(play([{ type: 'end', end: offset + 1 }], state).effects, [])
    const { effects, state: after } = play([{ type: 'end', end: offset }], state)
    assert.deepEqual(effects[0], { type: 'lost', offset })
    assert.equal(after.phase.name, 'claiming')
  }
})
