import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newOwner } from './state.ts'
import {
  entriesOf,
  type TinyCommand,
  type TinyEffect,
  type TinyEntry,
  type TinyInput,
  type TinyState,
  tinyMachine,
  validOutcomes,
} from './tiny.fixtures.ts'

const step = tinyMachine()

/** Runs one owner over a perfect log until every command has its outcome, or it does no more. */
const run = (
  commands: readonly TinyCommand[],
  log: TinyEntry[],
  crashes: (command: string) => boolean = () => false,
) => {
  let crashed = false
  let state: TinyState = newOwner(`owner${log.length}`, [])
  const input = (each: TinyInput): void => {
    const stepped = step(state, each)
    state = stepped.state
    for (const effect of stepped.effects) carryOut(effect)
  }
  const carryOut = (effect: TinyEffect): void => {
    if (effect.type !== 'claim' && effect.type !== 'append') return
    const offset = log.length
    log.push(...entriesOf(effect))
    input({ type: 'acknowledged', send: effect.send, offset })
    for (const [index, entry] of log.slice(offset).entries()) input({ type: 'record', offset: offset + index, entry })
  }
  for (const [offset, entry] of [...log].entries()) input({ type: 'record', offset, entry })
  input({ type: 'assigned' })
  input({ type: 'claim', commandsEnd: commands.length })
  while (!crashed && state.phase.name === 'owning' && state.phase.ahead.resume < commands.length) {
    const { ahead, careful } = state.phase
    const queue = commands.slice(ahead.resume)
    const tried =
      careful && ahead.resume < careful.until ? queue.slice(0, careful.marked === ahead.resume ? 1 : 0) : queue
    crashed = tried.some(({ id }) => crashes(id))
    if (!crashed) input({ type: 'turn', commands: queue, clock: 0 })
  }
  return crashed
}

const commandsOf = (...ids: string[]): readonly TinyCommand[] => ids.map((id, offset) => ({ id, offset }))
const results = (log: readonly TinyEntry[]) => validOutcomes(log).map(({ id, result }) => `${id} ${result}`)

test('a command that cannot be decided is rejected as poisoned after two attempts, the others are decided', () => {
  const log: TinyEntry[] = []
  run(commandsOf('a', 'bad', 'b', 'c'), log)
  assert.deepEqual(results(log), ['a accepted', 'bad poisoned', 'b accepted', 'c accepted'])
  assert.deepEqual(
    log.flatMap((entry) => (entry.kind === 'attempt' ? [entry.attempt] : [])),
    [1, 2, 1, 1],
    'those behind it, which may have been the cause, are tried one by one as well',
  )
})

test('a command that brings its owners down is poisoned too, by the marks that they left', () => {
  const log: TinyEntry[] = []
  const commands = commandsOf('a', 'killer', 'b')
  let lives = 0
  while (run(commands, log, (id) => id === 'killer')) {
    lives++
    assert.ok(lives < 10)
  }
  assert.deepEqual(results(log), ['a accepted', 'killer poisoned', 'b accepted'])
})

test('claims that came to nothing on an idle partition make nobody careful', () => {
  const log: TinyEntry[] = []
  for (let restart = 0; restart < 5; restart++) run([], log)
  run(commandsOf('a', 'b'), log)
  assert.equal(
    log.some((entry) => entry.kind === 'attempt'),
    true,
    'commands that lay there are tried one by one',
  )
  const idle: TinyEntry[] = []
  for (let restart = 0; restart < 5; restart++) run([], idle)
  let state: TinyState = newOwner('late', [])
  const inputs: TinyInput[] = [
    ...idle.map((entry, offset): TinyInput => ({ type: 'record', offset, entry })),
    { type: 'assigned' },
    { type: 'claim', commandsEnd: 0 },
    { type: 'acknowledged', send: 1, offset: idle.length },
    {
      type: 'record',
      offset: idle.length,
      entry: { ...(idle[0] as Extract<TinyEntry, { kind: 'claim' }>), nonce: 'late/1' },
    },
  ]
  for (const each of inputs) state = step(state, each).state
  assert.equal(state.phase.name, 'owning')
  assert.equal('careful' in state.phase, false, 'those that come later are not')
})
