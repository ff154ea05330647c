import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { newOwner } from './state.ts'
import {
  entriesOf,
  readTiny,
  type TinyCommand,
  type TinyEffect,
  type TinyEntry,
  type TinyInput,
  type TinyState,
  tinyMachine,
  validOutcomes,
} from './tiny.fixtures.ts'

const step = tinyMachine({ batchRecords: 2, idleClaims: 6 })
const commands: readonly TinyCommand[] = ['a', 'b', 'a', 'c', 'd', 'b'].map((id, offset) => ({ id, offset }))

type Send = {
  readonly effect: Extract<TinyEffect, { type: 'claim' | 'append' }>
  readonly entries: readonly TinyEntry[]
}
type Owner = { state: TinyState; open?: Send }

const likely = (weight: number, what: string) => ({ weight, arbitrary: fc.constant(what) })

/** What may happen next, to one of the owners: mostly what should. */
const happening = fc.tuple(
  fc.constantFrom(0, 1),
  fc.oneof(
    likely(24, 'read'),
    likely(16, 'answer'),
    likely(16, 'turn'),
    likely(6, 'claim'),
    ...['lost', 'unanswered', 'late', 'doubled', 'release', 'crash', 'revoke'].map((what) => likely(1, what)),
  ),
)

/** Two owners, both sure that the partition is theirs, over one log on a network that does what it likes. */
const partition = () => {
  const log: TinyEntry[] = []
  const late: (readonly TinyEntry[])[] = []
  let born = 0
  const give = (owner: Owner, input: TinyInput): void => {
    const stepped = step(owner.state, input)
    owner.state = stepped.state
    for (const effect of stepped.effects) {
      if (effect.type === 'discard') delete owner.open
      if (effect.type === 'claim' || effect.type === 'append') {
        assert.equal(owner.open, undefined, 'one send in flight')
        owner.open = { effect, entries: entriesOf(effect) }
      }
    }
  }
  const birth = (): Owner => {
    const owner: Owner = { state: newOwner(`owner${born++}`, []) }
    give(owner, { type: 'assigned' })
    return owner
  }
  const owners: readonly [Owner, Owner] = [birth(), birth()]

  const happen = (owner: Owner, what: string): void => {
    const { open, state } = owner
    switch (what) {
      case 'read': {
        const entry = log[state.read.next]
        if (entry) give(owner, { type: 'record', offset: state.read.next, entry })
        return
      }
      case 'claim':
        give(owner, { type: 'claim', commandsEnd: commands.length })
        return
      case 'turn': {
        const resume = state.phase.name === 'owning' ? state.phase.ahead.resume : 0
        give(owner, { type: 'turn', commands: commands.slice(resume), clock: log.length })
        return
      }
      case 'crash':
        delete owner.open
        owner.state = birth().state
        return
      case 'revoke':
        give(owner, { type: 'revoked' })
        give(owner, { type: 'assigned' })
        return
      case 'release':
        log.push(...(late.shift() ?? []))
        return
    }
    if (!open) return
    delete owner.open
    const offset = log.length
    if (what === 'late') late.push(open.entries)
    else if (what !== 'lost') log.push(...open.entries)
    if (what === 'doubled') log.push(...open.entries)
    const answered = what === 'answer' || what === 'doubled'
    const { send } = open.effect
    give(owner, answered ? { type: 'acknowledged', send, offset } : { type: 'failed', send })
  }
  return { log, owners, happen }
}

const consistent = (log: readonly TinyEntry[], owners: readonly Owner[]): void => {
  const valid = validOutcomes(log)
  const first = valid.filter(({ result }) => result === 'accepted').map(({ id }) => id)
  assert.equal(new Set(first).size, first.length, 'no command has two first outcomes')
  assert.deepEqual(
    valid.map((outcome) => outcome.commandOffset),
    valid.map((_, index) => index),
    'one outcome for each command, in order',
  )
  for (const { state } of owners) {
    assert.deepEqual(state.read, readTiny(log, state.read.next), 'what an owner believes is what the log says')
    if (state.phase.name === 'owning') assert.equal(state.phase.claim, state.read.claim)
  }
}

test('whatever happens to two owners, every reader of their log sees the same', () => {
  let turns = 0
  fc.assert(
    fc.property(fc.array(happening, { minLength: 60, maxLength: 200, size: 'max' }), (happenings) => {
      const { log, owners, happen } = partition()
      for (const [index, what] of happenings) {
        happen(owners[index], what)
        consistent(log, owners)
      }
      turns += log.filter((entry) => entry.kind === 'outcome').length
    }),
    { numRuns: 400 },
  )
  assert.ok(turns > 1_000, `owners decided ${turns} commands between them`)
})

test('when the network is good again, every command gets its outcome', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      const { log, owners, happen } = partition()
      for (const [index, what] of happenings) happen(owners[index], what)
      const [last] = owners
      for (let rounds = 0; rounds < 200 && validOutcomes(log).length < commands.length; rounds++)
        for (const what of ['claim', 'answer', 'read', 'turn']) happen(last, what)
      assert.equal(validOutcomes(log).length, commands.length)
      consistent(log, owners)
    }),
    { numRuns: 200 },
  )
})
