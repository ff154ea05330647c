import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { codecs } from '#libs/contracts/codecs.ts'
import type { Seal } from '#libs/contracts/sealed.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import type { OutboundCommand } from '#libs/journal/gateway.ts'
import { GatewayBusy } from '#libs/journal/gateway.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { openPostgres } from '#libs/postgres/open.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { t0 } from '#libs/testing/specification.ts'
import { openVault } from '#libs/vault/open.ts'
import type { IdentityCommand } from '../commands.ts'
import { identityDecider } from '../decider.ts'
import type { IdentityEvent, OpenedIdentityEvent } from '../events.ts'
import type { Opening } from '../http/edge.ts'
import { handlesManager } from '../managers.ts'
import type { IdentityState } from '../state.ts'
import { type ImportCounts, type ImportEdge, ImportStalled, importAccounts } from './import.ts'
import type { ReadRecord } from './read.ts'

/** No rule opens what is sealed, and a hundred thousand of them are kept. */
const nothing = Buffer.alloc(0) as ReturnType<Seal>
const sealNothing: Seal = () => nothing

const decoded = ({ type, version, payload }: Pick<OutboundCommand, 'type' | 'version' | 'payload'>): IdentityCommand =>
  codecs.account.decodeCommand({ type, version, bytes: payload })

/** Aggregates that are decided by the real rules, and the real process manager behind them, without a log between. */
const createPlatform = () => {
  const states = new Map<string, IdentityState>()
  const outcomes = new Map<string, OutcomeRecord>()
  const opened = new Map<string, PromiseWithResolvers<Opening>>()
  let n = 0

  const openingOf = (holderId: string): PromiseWithResolvers<Opening> => {
    const opening = opened.get(holderId) ?? Promise.withResolvers<Opening>()
    opened.set(holderId, opening)
    return opening
  }

  const decide = (key: string, principal: string, command: IdentityCommand, id: string): OutcomeRecord => {
    const known = outcomes.get(`${key} ${id}`)
    if (known) return known
    n += 1
    const state = states.get(key) ?? identityDecider.initial(key)
    const context = { at: t0, n, commandId: id, principal, facts: {}, fingerprint: (text: string) => text }
    const decision = identityDecider.decide(command, state, context)
    const record = {
      partition: 0,
      n,
      offset: n,
      claim: 1,
      family: 'account',
      outcome: decision.kind === 'rejected' ? decision : { kind: 'accepted', events: [], summary: {} },
    } as unknown as OutcomeRecord
    // Managers are told of a record once here.
    if (principal === 'system') outcomes.set(`${key} ${id}`, record)
    if (decision.kind === 'rejected') return record
    const events: IdentityEvent[] = []
    for (const [place, draft] of decision.events.entries())
      events.push(codecs.account.sealEvent(draft, `${id}/${place}`, sealNothing))
    states.set(
      key,
      events.reduce((before, event) => identityDecider.evolve(before, event, { at: t0, n, commandId: id }), state),
    )
    if (command.type === 'OpenAccount') openingOf(key).resolve({ kind: 'opened', position: 'account.0.1' })
    const asRead = { ...record, key, commandType: command.type } as OutcomeRecord
    for (const [index, next] of handlesManager
      .react(asRead, decision.events as unknown as readonly OpenedIdentityEvent[])
      .entries())
      decide(next.key, 'manager/handles', decoded(next), `${id} ${index}`)
    return record
  }

  const accounts = () => [...states].filter(([, state]) => state.kind === 'account')
  return {
    states,
    accounts,
    opening: (holderId: string) => openingOf(holderId).promise,
    decisions: () => n,
    submit: async (sent: OutboundCommand): Promise<OutcomeRecord> => {
      const command = decoded(sent)
      return decide(sent.key, sent.principal, command, sent.id)
    },
  }
}

const setUp = async (t: TestContext) => {
  const databaseUrl = await testDatabase(t)
  const vault = await openVault({ databaseUrl, masterKey: randomBytes(32).toString('base64') })
  const sql = openPostgres(databaseUrl, { max: 2 })
  t.after(() => Promise.all([vault.close(), sql.end()]))
  const platform = createPlatform()
  const edge: ImportEdge = {
    gateway: platform,
    vault,
    opening: (holderId) => platform.opening(holderId),
    reads: { account: async () => undefined },
    now: () => t0,
  }
  return { edge, platform, sql, vault }
}

const bcrypt = `$2b$10$${'a'.repeat(53)}`

/** A name of letters that look like no others. */
const handleOf = (index: number): string =>
  `u_${[...index.toString(8)].map((digit) => 'bcdfhkmz'[Number(digit)]).join('')}`

async function* recordsOf(count: number, bad: (line: number) => ReadRecord | undefined): AsyncGenerator<ReadRecord> {
  for (let line = 1; line <= count; line++) {
    const handle = handleOf(line)
    const account = { handle, email: `${handle}@example.org`, passwordHash: bcrypt, created: '2019-05-06' }
    yield bad(line) ?? { line, record: account }
  }
}

const run = async (
  edge: ImportEdge,
  records: AsyncIterable<ReadRecord>,
  options: { readonly stopAt?: number; readonly stalledMs?: number } = {},
) => {
  const refused: string[] = []
  const stop = new AbortController()
  let imported = 0
  const counts = await importAccounts(edge, {
    importId: 'a file',
    records,
    onRefused: (line, reason) => refused.push(`${line} ${reason}`),
    onProgress: (so_far: ImportCounts) => {
      imported = so_far.imported
      if (imported >= (options.stopAt ?? Number.POSITIVE_INFINITY)) stop.abort(new Error('cut off'))
    },
    signal: stop.signal,
    ...(options.stalledMs !== undefined && { stalledMs: options.stalledMs }),
  }).catch((error: unknown) => error as Error)
  return { counts, refused: refused.toSorted(), imported }
}

const LINES = 100_000

/** Three of every ten thousand. */
const wrong = (LINES / 10_000) * 3

test('100,000 lines are imported, over a cut, each once, and each that is wrong is named', async (t) => {
  const { edge, platform, sql, vault } = await setUp(t)
  const bad = (line: number): ReadRecord | undefined => {
    if (line % 10_000 === 7) return { line, problem: 'no JSON' }
    if (line % 10_000 === 8) return { line, record: { handle: 'a b' } }
    if (line % 10_000 === 9) return { line, record: { handle: handleOf(line - 5).toUpperCase() } }
    return undefined
  }
  const first = await run(edge, recordsOf(LINES, bad), { stopAt: LINES * 0.3 })
  assert.equal((first.counts as Error).message, 'cut off')
  const before = platform.accounts().length
  assert.ok(before >= LINES * 0.3 && before < LINES)

  const second = await run(edge, recordsOf(LINES, bad))
  assert.ok(!(second.counts instanceof Error), String(second.counts))
  const { imported, already, refused } = second.counts
  assert.deepEqual([imported + already, refused], [LINES - wrong, wrong])
  assert.ok(already > 0)
  const named = Array.from({ length: wrong / 3 }, (_, index) => [
    `${index * 10_000 + 7} no JSON`,
    `${index * 10_000 + 8} identity.handle_invalid`,
    `${index * 10_000 + 9} identity.handle_taken`,
  ])
  // Which of two lines with one handle was first the journal says; its name is the other's already.
  assert.deepEqual(
    second.refused.map((each) => each.replace('name_confusable', 'handle_taken')),
    named.flat().toSorted(),
  )

  assert.equal(platform.accounts().length, LINES - wrong)
  const handles = [...platform.states.values()].filter(({ kind }) => kind === 'handle')
  assert.equal(handles.length, LINES - wrong)
  const [kept] = await sql<{ accounts: number; hashes: number; done: number }[]>`
    select (select count(*)::integer from vault.personal_keys where wrapped is not null and subject <> '0') as accounts,
      (select count(*)::integer from vault.credentials where wrapped_hash is not null) as hashes,
      (select count(*)::integer from vault.imports where done) as done`
  assert.deepEqual(kept, { accounts: LINES - wrong, hashes: LINES - wrong, done: LINES - wrong })

  const [[accountId] = ['']] = platform.accounts()
  assert.equal((await vault.credentials.get(accountId))?.passwordHash, bcrypt)

  const decided = platform.decisions()
  const third = await run(edge, recordsOf(1_000, bad))
  assert.deepEqual(third.counts, { imported: 0, already: 997, refused: 3 })
  // Only the line that was refused for its handle is tried anew.
  assert.ok(platform.decisions() - decided < 5)
})

test('what was decided and not yet noted when it was cut off is told the same outcome', async (t) => {
  const { edge, platform } = await setUp(t)
  const finish = edge.vault.imports.finish
  const forgetful = { ...edge, vault: { ...edge.vault, imports: { ...edge.vault.imports, finish: async () => {} } } }
  const records = () => recordsOf(50, () => undefined)
  assert.deepEqual((await run(forgetful, records())).counts, { imported: 50, already: 0, refused: 0 })
  const decided = platform.decisions()
  assert.deepEqual((await run(edge, records())).counts, { imported: 50, already: 0, refused: 0 })
  assert.deepEqual([platform.decisions(), platform.accounts().length], [decided, 50])
  await finish('a file', [])
})

test('a platform that is busy is asked again, one that is silent is given up', async (t) => {
  const { edge, platform } = await setUp(t)
  let turn = 0
  const submit: ImportEdge['gateway']['submit'] = async (sent) => {
    turn += 1
    if (turn % 3 === 0) throw new GatewayBusy('too much is pending')
    return turn % 3 === 1 ? undefined : platform.submit(sent)
  }
  const busy = { ...edge, gateway: { submit } }
  assert.deepEqual(
    (
      await run(
        busy,
        recordsOf(20, () => undefined),
      )
    ).counts,
    { imported: 20, already: 0, refused: 0 },
  )
  const silent = { ...edge, gateway: { submit: async () => undefined } }
  const { counts } = await run(
    silent,
    recordsOf(30, () => undefined),
    { stalledMs: 0 },
  )
  assert.ok(counts instanceof ImportStalled)
  const failing = { ...edge, gateway: { submit: () => Promise.reject(new HttpProblem('platform.internal')) } }
  const refused = await run(
    failing,
    recordsOf(31, () => undefined),
  )
  assert.equal(refused.refused.length, 11, 'those of before are there already')
})
