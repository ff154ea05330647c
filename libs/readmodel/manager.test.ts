import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { ManagerSource } from '#libs/journal/command.ts'
import { checkCommand, emptyWindow, rememberCommand } from '#libs/journal/dedupe.ts'
import { GatewayBusy, type OutboundCommand } from '#libs/journal/gateway.ts'
import type { ManagedCommand } from '#libs/journal/manager.ts'
import type { Outcome, OutcomeRecord } from '#libs/journal/outcome.ts'
import { until } from '#libs/testing/until.ts'
import { records } from './counts.fixtures.ts'
import { PositionInvalid } from './errors.ts'
import { commandManager, type Manager } from './manager.ts'
import { type ManagerRunOptions, managerReader, runManager } from './manager-runner.ts'
import { parkedList } from './parked.ts'
import { readPositions } from './positions.ts'
import { quiet, readModelFixture } from './readmodel.fixtures.ts'
import { shareAlone } from './share.ts'

const accepted: Extract<Outcome, { kind: 'accepted' }> = { kind: 'accepted', events: [], summary: {} }
const rejected: Extract<Outcome, { kind: 'rejected' }> = { kind: 'rejected', code: 'tests.no', detail: {} }

/** `n` of the outcome's record, where a test has written one to the journal. */
type Sent = { readonly command: OutboundCommand; readonly answer: (outcome?: Outcome, n?: number) => void }

/** A gateway that hands each command to the test, which says what came of it. */
const gatewayFixture = () => {
  const sent: Sent[] = []
  let busy = 0
  return {
    sent,
    commands: () => sent.map(({ command }) => `${command.type} ${command.key}`),
    refuse: (times: number) => {
      busy = times
    },
    submit: (command: OutboundCommand): Promise<OutcomeRecord | undefined> => {
      if (busy-- > 0) return Promise.reject(new GatewayBusy('busy'))
      return new Promise((resolve) => {
        const answer: Sent['answer'] = (outcome, n) => {
          const { id: commandId, ...content } = command
          resolve(outcome && ({ ...content, commandId, partition: 0, n, outcome } as never))
        }
        sent.push({ command, answer })
      })
    },
  }
}

const command = (type: string, key: string, ifRejected?: ManagedCommand): ManagedCommand => ({
  family: 'account',
  key,
  type,
  version: 1,
  payload: Buffer.alloc(0),
  ...(ifRejected && { ifRejected }),
})

/** Opens an account for each record of a key that begins with `h`, and releases the handle where that is refused. */
const opensAccounts = (gateway: ReturnType<typeof gatewayFixture>, poisonous: () => boolean = () => false): Manager =>
  commandManager({
    rules: {
      name: 'tests',
      family: 'channel',
      react: ({ key, commandId }) => {
        if (commandId === 'poison' && poisonous()) throw new TypeError('no')
        return key.startsWith('h') ? [command('Open', `a${key}`, command('Release', key))] : []
      },
    },
    codecs: { decodeEvent: () => ({ type: 'x' }), subjectsOf: () => [], openEvent: (event: never) => event } as never,
    keys: { prefetch: async () => {}, open: () => undefined, forget: () => {} },
    gateway,
    openReader: () => assert.fail('nothing was passed over'),
  })

const setUp = async (t: TestContext) => {
  const fixture = await readModelFixture(t)
  const start = async (manager: Manager, options: Partial<ManagerRunOptions> = {}) => {
    const { sql, journal } = fixture
    const share = shareAlone(journal.places.filter(({ family }) => family === manager.family))
    const { openReader } = journal
    const run = await runManager({ manager, sql, openReader, share, logger: quiet, saveEveryMs: 5, ...options })
    fixture.closing(run.close)
    return run
  }
  const n = async () => {
    const standings = await readPositions(fixture.sql, managerReader({ name: 'tests' }))
    return standings.map(({ position }) => position.n)
  }
  return { ...fixture, start, n, gateway: gatewayFixture() }
}

test('of records without an event of the types that a manager names nothing is decoded', async () => {
  const decoded: string[] = []
  const manager = commandManager({
    rules: {
      name: 'tests',
      family: 'channel',
      types: ['Wanted'],
      react: ({ key }) => [command('Open', key)],
    },
    codecs: {
      decodeEvent: (event: { readonly type: string }) => {
        decoded.push(event.type)
        return event
      },
      subjectsOf: () => [],
      openEvent: (event: never) => event,
    } as never,
    keys: { prefetch: async () => {}, open: () => undefined, forget: () => {} },
    gateway: gatewayFixture(),
    openReader: () => assert.fail('nothing was passed over'),
  })
  const record = (key: string, ...types: readonly string[]) =>
    ({
      key,
      outcome: { ...accepted, events: types.map((type) => ({ type, version: 1, bytes: Buffer.alloc(0) })) },
    }) as unknown as OutcomeRecord
  const tasks = await manager.prepare([record('one', 'Other'), record('two', 'Other', 'Wanted'), record('three')])
  assert.deepEqual([tasks.map(({ record }) => record.key), decoded], [['two'], ['Other', 'Wanted']])
})

test('a position moves only once the outcome of every command before it has been read', async (t) => {
  const { journal, start, n, gateway } = await setUp(t)
  await start(opensAccounts(gateway))
  await journal.write('channel', 0, [...records('x', 2), ...records('h1', 1), ...records('h2', 1), ...records('x', 1)])
  await until(() => gateway.sent.length === 2)
  gateway.sent[1]?.answer(accepted)
  await journal.write('channel', 1, records('x', 3))
  await until(async () => (await n())[1] === 3)
  assert.ok(((await n())[0] ?? 0) < 3)
  gateway.sent[0]?.answer(accepted)
  await until(async () => (await n())[0] === 5)
})

test('a command that was under way at a crash is sent again, the same by id and source', async (t) => {
  const { journal, start, n, gateway } = await setUp(t)
  const first = await start(opensAccounts(gateway))
  await journal.write('channel', 1, [...records('x', 1), ...records('h1', 1)])
  await until(() => gateway.sent.length === 1)
  await first.close()
  await start(opensAccounts(gateway))
  await until(() => gateway.sent.length === 2)
  const [once, again] = gateway.sent.map(({ command }) => command)
  assert.deepEqual(once, again)
  assert.deepEqual(once?.manager, { name: 'tests', partition: 1, n: 2 } satisfies ManagerSource)
  assert.equal(once?.principal, 'manager/tests')
  gateway.sent[1]?.answer(accepted)
  await until(async () => (await n())[1] === 2)
})

test('a rejected command is followed by the one that makes up for it, with an id of its own', async (t) => {
  const { journal, start, n, gateway } = await setUp(t)
  await start(opensAccounts(gateway))
  await journal.write('channel', 0, records('h1', 1))
  await until(() => gateway.sent.length === 1)
  gateway.sent[0]?.answer(rejected)
  await until(() => gateway.sent.length === 2)
  assert.deepEqual(gateway.commands(), ['Open ah1', 'Release h1'])
  assert.notEqual(gateway.sent[0]?.command.id, gateway.sent[1]?.command.id)
  assert.equal((await n())[0], 0)
  gateway.sent[1]?.answer(accepted)
  await until(async () => (await n())[0] === 1)
})

test('a rejection that was told the first time makes up for itself after a restart too', async (t) => {
  const { journal, start, gateway } = await setUp(t)
  await start(opensAccounts(gateway))
  await journal.write('channel', 0, records('h1', 1))
  await until(() => gateway.sent.length === 1)
  gateway.sent[0]?.answer({ kind: 'repeated', firstN: 7, summary: { kind: 'rejected', code: 'tests.no', detail: {} } })
  await until(() => gateway.commands().includes('Release h1'))
})

test('a command whose outcome was not seen in time, or that was refused for being busy, is sent again', async (t) => {
  const { journal, start, n, gateway } = await setUp(t)
  gateway.refuse(1)
  await start(opensAccounts(gateway))
  await journal.write('channel', 0, records('h1', 1))
  await until(() => gateway.sent.length === 1)
  gateway.sent[0]?.answer(undefined)
  await until(() => gateway.sent.length === 2)
  assert.deepEqual(gateway.sent[0]?.command, gateway.sent[1]?.command)
  gateway.sent[1]?.answer(accepted)
  await until(async () => (await n())[0] === 1)
})

test('commands to one aggregate go one after another, to others side by side', async (t) => {
  const { journal, start, gateway } = await setUp(t)
  await start(opensAccounts(gateway))
  await journal.write('channel', 0, [...records('h1', 2), ...records('h2', 1)])
  await until(() => gateway.sent.length === 2)
  assert.deepEqual(gateway.commands().toSorted(), ['Open ah1', 'Open ah2'])
  for (const { answer } of gateway.sent) answer(accepted)
  await until(() => gateway.sent.length === 3)
  assert.equal(gateway.commands()[2], 'Open ah1')
})

test('a record that cannot be acted on is parked with what follows for its key, and acted on at the next start', async (t) => {
  const { journal, sql, start, n, gateway } = await setUp(t)
  let poisonous = true
  const first = await start(opensAccounts(gateway, () => poisonous))
  await journal.write('channel', 0, [{ key: 'h1', commandId: 'poison' }, ...records('h1', 1), ...records('h2', 1)])
  await until(() => gateway.sent.length === 1)
  gateway.sent[0]?.answer(accepted)
  await until(async () => (await n())[0] === 3)
  assert.deepEqual(gateway.commands(), ['Open ah2'])
  const [head] = await parkedList(sql)
  assert.deepEqual([head?.reader, head?.key, head?.code, head?.behind], ['manager/tests', 'h1', 'TypeError', 1])
  await first.close()
  poisonous = false
  await start(opensAccounts(gateway, () => poisonous))
  for (const at of [1, 2]) {
    await until(() => gateway.sent.length > at)
    gateway.sent[at]?.answer(accepted)
  }
  assert.deepEqual(gateway.commands().slice(1), ['Open ah1', 'Open ah1'])
  await until(async () => (await parkedList(sql)).length === 0)
})

/** All records ask for something of one aggregate, which keeps its book of what came before as its owner does. */
const oneAggregate = async (t: TestContext) => {
  const { journal, sql, start, n, gateway } = await setUp(t)
  let poisonous = false
  let window = emptyWindow
  const manager: Manager = commandManager({
    rules: {
      name: 'tests',
      family: 'channel',
      react: ({ commandId }) => {
        if (commandId === 'poison' && poisonous) throw new TypeError('no')
        return [command('Open', 'one', command('Release', 'two'))]
      },
    },
    codecs: { decodeEvent: () => ({ type: 'x' }), subjectsOf: () => [], openEvent: (event: never) => event } as never,
    keys: { prefetch: async () => {}, open: () => undefined, forget: () => {} },
    gateway,
    openReader: journal.openReader,
  })
  const sentAs = async (index: number): Promise<Sent> => {
    await until(() => gateway.sent.length > index)
    return gateway.sent[index] as Sent
  }
  /** Writes what the aggregate decides to its journal, and tells it unless the manager is to die before it hears. */
  const decide = async (
    { command, answer }: Sent,
    { as = accepted, tell = true }: { readonly as?: Outcome; readonly tell?: boolean } = {},
  ): Promise<string> => {
    const { id, principal, key } = command
    const identity = { id, principal, fingerprint: '', manager: command.manager as never }
    const checked = checkCommand(window, identity, 1)
    const outcome = checked.kind === 'new' ? as : checked
    window = rememberCommand(window, identity, 1, outcome)
    const token = await journal.write('account', 0, [{ key, commandId: id, principal, outcome }])
    if (tell) answer(outcome, Number(token.split('.')[2]))
    return checked.kind
  }
  const poison = (on: boolean) => {
    poisonous = on
  }
  return { journal, sql, n, gateway, start: () => start(manager), sentAs, decide, poison }
}

test('a parked record is decided though younger ones of its source came to the aggregate before it', async (t) => {
  const { journal, sql, n, start, sentAs, decide, poison } = await oneAggregate(t)
  poison(true)
  const first = await start()
  await journal.write('channel', 0, [{ key: 'h1', commandId: 'poison' }, ...records('h2', 1)])
  assert.equal(await decide(await sentAs(0)), 'new')
  await until(async () => (await n())[0] === 2)
  await first.close()
  poison(false)
  await start()
  assert.equal(await decide(await sentAs(1)), 'repeated')
  const again = await sentAs(2)
  assert.equal(await decide(again), 'new')
  await until(async () => (await parkedList(sql)).length === 0)
  // Were it sent once more, after a crash say, it would be known.
  assert.equal(await decide(again), 'repeated')
})

test('killed-before-it-heard: what was decided, then parked and passed over, is not decided twice', async (t) => {
  for (const as of [accepted, rejected]) {
    const { journal, sql, n, gateway, start, sentAs, decide, poison } = await oneAggregate(t)
    const killed = await start()
    await journal.write('channel', 0, [{ key: 'h1', commandId: 'poison' }])
    assert.equal(await decide(await sentAs(0), { as, tell: false }), 'new')
    await killed.close()
    poison(true)
    const parking = await start()
    await journal.write('channel', 0, records('h2', 1))
    assert.equal(await decide(await sentAs(1)), 'new')
    await until(async () => (await n())[0] === 2)
    await parking.close()
    poison(false)
    await start()
    assert.equal(await decide(await sentAs(2)), 'repeated')
    await until(async () => gateway.sent.length > 3 || (await parkedList(sql)).length === 0)
    for (const { answer } of gateway.sent) answer(accepted)
    const opened = ['Open one', 'Open one', 'Open one']
    // A rejection is made up for, as it would have been had it been heard.
    assert.deepEqual(gateway.commands(), as === rejected ? [...opened, 'Release two'] : opened)
    await until(async () => (await parkedList(sql)).length === 0)
  }
})

test('of a parked record only those commands are sent whose outcome was not known', async (t) => {
  const { journal, sql, start, n, gateway } = await setUp(t)
  let tooLarge = true
  const opensTwo: Manager = commandManager({
    rules: { name: 'tests', family: 'channel', react: () => [command('Open', 'one'), command('Open', 'two')] },
    codecs: { decodeEvent: () => ({ type: 'x' }), subjectsOf: () => [], openEvent: (event: never) => event } as never,
    keys: { prefetch: async () => {}, open: () => undefined, forget: () => {} },
    gateway: {
      submit: async (sent) => {
        if (sent.key === 'two' && tooLarge) throw new RangeError('too large')
        return gateway.submit(sent)
      },
    },
    openReader: () => assert.fail('nothing was passed over'),
  })
  const first = await start(opensTwo)
  await journal.write('channel', 0, records('h1', 1))
  await until(() => gateway.sent.length === 1)
  gateway.sent[0]?.answer(accepted)
  await until(async () => (await n())[0] === 1)
  await first.close()
  tooLarge = false
  await start(opensTwo)
  await until(() => gateway.sent.length === 2)
  gateway.sent[1]?.answer(accepted)
  await until(async () => (await parkedList(sql)).length === 0)
  assert.deepEqual(gateway.commands(), ['Open one', 'Open two'])
})

test('a manager has no more tasks of a partition under way than it may', async (t) => {
  const { journal, start, n, gateway } = await setUp(t)
  await start(opensAccounts(gateway), { inFlight: 2 })
  await journal.write('channel', 0, [...records('h1', 1), ...records('h2', 1), ...records('h3', 1)])
  await until(() => gateway.sent.length === 2)
  await journal.write('channel', 1, records('h4', 1))
  await until(() => gateway.commands().includes('Open ah4'))
  assert.ok(!gateway.commands().includes('Open ah3'))
  gateway.sent[0]?.answer(accepted)
  await until(() => gateway.commands().includes('Open ah3'))
  for (const { answer } of gateway.sent) answer(accepted)
  await until(async () => (await n()).join() === '3,1')
})

test('a manager whose position the journal does not hold ends with an alarm', async (t) => {
  const { journal, sql, start, n, gateway } = await setUp(t)
  const first = await start(opensAccounts(gateway))
  await journal.write('channel', 0, records('x', 3))
  await until(async () => (await n())[0] === 3)
  await first.close()
  await sql`update readmodel.positions set claim = 77 where n = 3`
  await assert.rejects((await start(opensAccounts(gateway))).ended, PositionInvalid)
})
