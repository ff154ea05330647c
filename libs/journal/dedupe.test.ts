import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type CommandIdentity,
  checkCommand,
  type DedupeWindow,
  decodeWindow,
  emptyWindow,
  encodeWindow,
  rememberCommand,
  summaryOf,
  windowIds,
  windowMs,
} from './dedupe.ts'
import { uuidv7 } from './ids.ts'
import type { Outcome } from './outcome.ts'

const t0 = 1_780_000_000_000
const accepted: Outcome = { kind: 'accepted', events: [], summary: { seq: 5 } }

const command = (id: string, more: Partial<CommandIdentity> = {}): CommandIdentity => ({
  id,
  principal: '1001',
  fingerprint: 'f',
  ...more,
})

const byManager = (n: number, id: string, fingerprint = 'f'): CommandIdentity =>
  command(id, { principal: 'manager/handles', fingerprint, manager: { name: 'handles', partition: 2, n } })

const after = (commands: readonly CommandIdentity[], from = emptyWindow): DedupeWindow =>
  commands.reduce((window, each, index) => rememberCommand(window, each, index + 1, accepted), from)

test('a command that comes again is told its first outcome', () => {
  const id = uuidv7(t0)
  assert.deepEqual(checkCommand(emptyWindow, command(id), t0), { kind: 'new' })
  assert.deepEqual(checkCommand(after([command(id)]), command(id), t0), {
    kind: 'repeated',
    firstN: 1,
    summary: { kind: 'accepted', summary: { seq: 5 } },
  })
})

test('a rejection is a first outcome too', () => {
  const id = uuidv7(t0)
  const rejected: Outcome = { kind: 'rejected', code: 'chat.slow_mode', detail: { remainingMs: 900 } }
  const answer = checkCommand(rememberCommand(emptyWindow, command(id), 9, rejected), command(id), t0)
  assert.deepEqual(answer, {
    kind: 'repeated',
    firstN: 9,
    summary: { kind: 'rejected', code: 'chat.slow_mode', detail: { remainingMs: 900 } },
  })
})

test('the same id of somebody else is another command', () => {
  const id = uuidv7(t0)
  assert.deepEqual(checkCommand(after([command(id)]), command(id, { principal: '1002' }), t0), { kind: 'new' })
})

test('the same id with another payload is refused: command.id_reused', () => {
  const id = uuidv7(t0)
  const answer = checkCommand(after([command(id)]), command(id, { fingerprint: 'g' }), t0)
  assert.deepEqual(answer, { kind: 'rejected', code: 'command.id_reused', detail: {} })
})

test('an id older than the window is refused with the time: command.too_old', () => {
  const window = after([command(uuidv7(t0))])
  const answer = checkCommand(window, command(uuidv7(t0 - windowMs - 1)), t0 + 7)
  assert.deepEqual(answer, { kind: 'rejected', code: 'command.too_old', detail: { serverTime: t0 + 7 } })
  assert.equal(checkCommand(window, command(uuidv7(t0 - windowMs)), t0).kind, 'new')
})

test('an id more than a minute ahead is refused with the time: command.too_new', () => {
  const answer = checkCommand(emptyWindow, command(uuidv7(t0 + 60_001)), t0)
  assert.deepEqual(answer, { kind: 'rejected', code: 'command.too_new', detail: { serverTime: t0 } })
  assert.equal(checkCommand(emptyWindow, command(uuidv7(t0 + 60_000)), t0).kind, 'new')
})

test('an id of another form is refused: command.malformed', () => {
  assert.equal(checkCommand(emptyWindow, command('7'), t0).kind, 'rejected')
  assert.equal(after([command('7')]).size, 0)
})

test('refusals of the id leave the window as it is', () => {
  for (const code of ['command.too_old', 'command.too_new', 'command.id_reused', 'command.malformed'])
    assert.equal(
      rememberCommand(emptyWindow, command(uuidv7(t0)), 1, { kind: 'rejected', code, detail: {} }),
      emptyWindow,
    )
})

test('the floor rises where too many ids are kept, and what is below is refused', () => {
  let window = emptyWindow
  const at = (index: number): number => t0 + index * 10
  for (let index = 0; index <= windowIds; index++) window = after([command(uuidv7(at(index)))], window)
  assert.ok(window.size <= windowIds)
  assert.ok(window.floor > t0 && window.floor <= t0 + 5_000)
  const answer = checkCommand(window, command(uuidv7(t0)), at(windowIds))
  assert.ok(answer.kind === 'rejected' && answer.code === 'command.too_old')
})

test("a manager's source has no window", () => {
  const window = after([byManager(7, 'a')])
  assert.equal(checkCommand(window, byManager(8, 'c'), t0).kind, 'new')
  assert.deepEqual(checkCommand(window, byManager(7, 'a'), t0), {
    kind: 'repeated',
    firstN: 1,
    summary: { kind: 'accepted', summary: { seq: 5 } },
  })
  assert.equal(checkCommand(window, byManager(7, 'b'), t0).kind, 'new', 'another command of the same source record')
  assert.deepEqual(checkCommand(window, byManager(6, 'z'), t0), {
    kind: 'repeated',
    firstN: 0,
    summary: { kind: 'accepted', summary: {} },
  })
  const other = { ...byManager(1, 'a'), manager: { name: 'handles', partition: 3, n: 1 } }
  assert.equal(checkCommand(window, other, t0).kind, 'new', 'another partition of the manager is another source')
})

test('a summary beyond 256 bytes is told without its detail', () => {
  const summary = { note: 'x'.repeat(300) }
  assert.deepEqual(summaryOf({ kind: 'accepted', events: [], summary }), { kind: 'accepted', summary: {} })
  assert.deepEqual(summaryOf({ kind: 'rejected', code: 'a.b', detail: summary }), {
    kind: 'rejected',
    code: 'a.b',
    detail: {},
  })
})

const id = fc
  .tuple(fc.nat(20 * 60_000), fc.constantFrom('8000-000000000000', '8000-000000000001'))
  .map(([time, tail]) => `${uuidv7(t0 + time).slice(0, 14)}7000-${tail}`)
const anyCommand: fc.Arbitrary<CommandIdentity> = fc.oneof(
  fc.record({ id, principal: fc.constantFrom('1', '2'), fingerprint: fc.constantFrom('f', 'g') }),
  fc
    .tuple(fc.nat(3), fc.constantFrom('a', 'b'), fc.constantFrom('f', 'g'))
    .map(([n, tail, f]) => byManager(n, tail, f)),
)

test('whatever comes, no command is new twice', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyCommand, fc.boolean()), { maxLength: 60 }), (steps) => {
      const decided = new Set<string>()
      let window = emptyWindow
      for (const [index, [each, clear]] of steps.entries()) {
        const key = `${each.principal}:${each.id}:${each.manager?.n}`
        const answer = checkCommand(window, each, t0 + 20 * 60_000)
        if (answer.kind === 'new') {
          assert.equal(decided.has(key), false)
          decided.add(key)
        }
        const outcome: Outcome =
          answer.kind === 'rejected'
            ? answer
            : clear
              ? accepted
              : { kind: 'rejected', code: 'command.expired', detail: {} }
        if (answer.kind === 'repeated') continue
        window = rememberCommand(window, each, index + 1, outcome)
      }
    }),
  )
})

test('a window comes back from a snapshot as it went', () => {
  fc.assert(
    fc.property(fc.array(anyCommand, { maxLength: 60 }), (commands) => {
      const window = after(commands)
      const restored = decodeWindow(JSON.parse([...encodeWindow(window)].join('')))
      assert.deepEqual(
        { ...restored, buckets: restored.buckets.toJS(), sources: restored.sources.toJS() },
        {
          ...window,
          buckets: window.buckets.toJS(),
          sources: window.sources.toJS(),
        },
      )
      for (const each of commands)
        assert.deepEqual(checkCommand(restored, each, t0 + 20 * 60_000), checkCommand(window, each, t0 + 20 * 60_000))
    }),
  )
})

test('a full window is encoded a few ids at a time, however close together they came', () => {
  const ids = Array.from({ length: windowIds }, (_, index) => uuidv7(t0 + (index % 5_000)))
  const window = ids.reduce(
    (before, id, index) => rememberCommand(before, command(id), index + 1, accepted),
    emptyWindow,
  )
  const idsInPieces = [...encodeWindow(window)].map((piece) => piece.split('"1001:').length - 1)
  assert.equal(
    idsInPieces.reduce((sum, count) => sum + count),
    windowIds,
  )
  assert.ok(Math.max(...idsInPieces) <= 250, `${Math.max(...idsInPieces)} ids in one piece`)
})
