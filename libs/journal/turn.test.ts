import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Cells, noCells } from './cells.ts'
import type { ReceivedCommand } from './command.ts'
import { decodeEntry, encodeEntry, type OutcomeEntry } from './envelope.ts'
import { commandErrors } from './errors.ts'
import { post, prepared, type Room, roomRules, storedCommand, t0, timeOut, tinySecrets } from './family.fixtures.ts'
import { uuidv7 } from './ids.ts'
import type { NewRecord, StoredRecord } from './log.ts'
import { dueCommands } from './owner/runtime/dues.ts'
import { familyDomain, prepareCommand, subjectsOf } from './turn.ts'

const domain = familyDomain(roomRules, tinySecrets)
const stored = (record: NewRecord): StoredRecord => ({ offset: 0, timestamp: t0, headers: {}, ...record })

/** Decides one after another, and shows that a follower who reads the records comes to the same. */
const decideAll = (commands: readonly ReceivedCommand[], at = t0) => {
  let cells = noCells<Room>()
  let followed = noCells<Room>()
  const outcomes: OutcomeEntry[] = []
  for (const [index, command] of commands.entries()) {
    const decided = domain.decide(cells, prepared(command), { claim: 0, n: index + 1, at })
    const read = decodeEntry(stored(encodeEntry(decided.outcome)))
    assert.ok(read.kind === 'outcome')
    assert.deepEqual(read, decided.outcome)
    followed = domain.evolve(followed, read)
    assert.deepEqual(followed.byKey.toJS(), decided.fold.byKey.toJS())
    cells = decided.fold
    outcomes.push(decided.outcome)
  }
  return { cells, outcomes: outcomes.map(({ outcome }) => outcome), entries: outcomes }
}

test('an accepted command is one record with its events sealed', () => {
  const { entries, cells } = decideAll([post('hi')])
  const outcome = entries[0]?.outcome
  assert.ok(outcome?.kind === 'accepted')
  assert.deepEqual(outcome.summary, { seq: 1 })
  const event = roomRules.codecs.decodeEvent(outcome.events[0] ?? assert.fail('one event'))
  assert.ok(event.type === 'MessagePosted')
  assert.equal(event.text.toString(), `1001|${entries[0]?.commandId}/0|text|6869`)
  assert.deepEqual(cells.byKey.get('42')?.state, { messages: 1, until: null })
  assert.equal(cells.byKey.get('42')?.n, 1)
})

test('a rejection by the rules is told with its detail, and the aggregate stays as it was', () => {
  const { outcomes, cells } = decideAll([post('no')])
  assert.deepEqual(outcomes, [{ kind: 'rejected', code: 'test.refused', detail: { at: t0 } }])
  assert.deepEqual([cells.byKey.get('42')?.state.messages, cells.byKey.get('42')?.n], [0, 0])
})

test('a command that comes twice is decided once', () => {
  const id = uuidv7(t0)
  const { outcomes, cells } = decideAll([post('hi', { id }), post('hi', { id }), post('other', { id })])
  assert.deepEqual(outcomes.slice(1), [
    { kind: 'repeated', firstN: 1, summary: { kind: 'accepted', summary: { seq: 1 } } },
    { kind: 'rejected', code: 'command.id_reused', detail: {} },
  ])
  assert.equal(cells.byKey.get('42')?.state.messages, 1)
})

test('an expired command is rejected, unless a manager sent it', () => {
  const manager = { name: 'handles', partition: 0, n: 1 }
  const { outcomes } = decideAll([
    post('hi', { expiresAt: t0 - 1 }),
    post('hi', { expiresAt: t0 }),
    post('hi', { expiresAt: t0 - 1, manager, id: 'derived' }),
  ])
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.kind === 'rejected' ? outcome.code : outcome.kind)),
    ['command.expired', 'accepted', 'accepted'],
  )
})

test('a type or payload that nobody can read is malformed, and so are bytes that are no command', () => {
  const { outcomes } = decideAll([
    post('hi', { type: 'PostNonsense' }),
    post('hi', { version: 9 }),
    post('hi', { payload: Buffer.from([255]) }),
    post('hi', { id: 'not-a-uuid' }),
  ])
  for (const outcome of outcomes) assert.deepEqual(outcome, { kind: 'rejected', code: 'command.malformed', detail: {} })
  const garbage = { ...storedCommand(post('hi')), value: Buffer.from('garbage'), offset: 7 }
  const { outcome } = domain.decide(noCells(), prepareCommand(garbage, roomRules, tinySecrets), {
    claim: 0,
    n: 1,
    at: t0,
  })
  assert.equal(outcome.commandOffset, 7)
  assert.deepEqual(outcome.outcome, { kind: 'rejected', code: 'command.malformed', detail: {} })
})

test('what an erased account would say is rejected: command.subject_erased', () => {
  const { outcomes } = decideAll([post('hi', { principal: 'erased' })])
  assert.deepEqual(outcomes, [{ kind: 'rejected', code: 'command.subject_erased', detail: {} }])
})

test('a poisoned command is rejected once, and repeated afterwards', () => {
  const command = prepared(post('crash'))
  const stamp = { claim: 0, n: 1, at: t0 }
  assert.throws(() => domain.decide(noCells(), command, stamp))
  const { outcome, fold } = domain.poisoned(noCells(), command, stamp)
  assert.deepEqual(outcome.outcome, { kind: 'rejected', code: 'command.poisoned', detail: {} })
  assert.equal(domain.decide(fold, command, { ...stamp, n: 2 }).outcome.outcome.kind, 'repeated')
})

test('an aggregate that waits for a moment is found without looking at the others', () => {
  const { cells } = decideAll([post('hi', { key: '1' }), timeOut('7', 500, { key: '2' }), post('hi', { key: '3' })])
  assert.deepEqual(cells.dues.toJS(), { 2: { name: 'timeouts', at: t0 + 500 } })
})

/** The due command of room 42, as its owner sends it. */
const due = (cells: Cells<Room>) => {
  const [command] = dueCommands(roomRules, 0, 'tests').of(cells, Number.MAX_SAFE_INTEGER)
  return { ...(command ?? assert.fail('nothing is due')), offset: 0 }
}

test('a moment before one that was done, or the same one again, is announced like any other, once', () => {
  const lasting = (durationMs: number) => [timeOut('7', durationMs), due(decideAll([timeOut('7', durationMs)]).cells)]
  const [late, early, again] = [lasting(500), lasting(100), lasting(500)]
  const { outcomes, cells } = decideAll([...late, ...early, ...again, ...again.slice(1), ...early.slice(1)])
  assert.deepEqual(
    outcomes.map(({ kind }) => kind),
    ['accepted', 'accepted', 'accepted', 'accepted', 'accepted', 'accepted', 'repeated', 'repeated'],
  )
  assert.equal(cells.byKey.get('42')?.state.messages, 6)
})

test('a moment that nobody could decide is given up, though it is still waited for', () => {
  const { cells } = decideAll([timeOut('7', 500)])
  const command = prepared(due(cells))
  const { outcome, fold } = domain.poisoned(cells, command, { claim: 0, n: 2, at: t0 })
  assert.deepEqual(outcome.outcome, { kind: 'rejected', code: 'command.poisoned', detail: {} })
  assert.equal(domain.decide(fold, command, { claim: 0, n: 3, at: t0 }).outcome.outcome.kind, 'repeated')
})

test('subjects are told before the turn, malformed commands have none', () => {
  const commands = [post('a'), post('b', { principal: '7' }), post('c', { version: 9, principal: '8' })].map(prepared)
  assert.deepEqual([...subjectsOf(commands, roomRules)], ['1001', '7'])
})

test('every code of the shell has a status and a remedy', () => {
  for (const [code, { status, remedy }] of Object.entries(commandErrors)) {
    assert.match(code, /^command\./)
    assert.ok(status >= 400 && remedy.length > 20)
  }
})
