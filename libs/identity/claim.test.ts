import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayBusy, type OutboundCommand } from '#libs/journal/gateway.ts'
import type { Outcome, OutcomeRecord } from '#libs/journal/outcome.ts'
import { AuthBusy } from '#libs/vault/passwords.ts'
import type { Credential } from '#libs/vault/vault.ts'
import { type ClaimEdge, claimAccount, type SharedClaim } from './claim.ts'
import { ensurePlatform, type FirstStartEdge, resetAdmin } from './first-start.ts'
import type { Opening } from './http/edge.ts'

type Answers = {
  /** What the journal says of each claim, by handle; undefined: not in time. */
  readonly outcome?: (handle: string) => Outcome | undefined
  readonly opening?: (holderId: string) => Opening | undefined
  readonly busy?: boolean
  readonly hash?: () => Promise<string>
}

const accepted: Outcome = { kind: 'accepted', events: [], summary: {} }
const taken: Outcome = { kind: 'rejected', code: 'identity.handle_taken', detail: {} }
const opened: Opening = { kind: 'opened', position: 'account.0.2' }

/** A platform of fakes: a vault in memory, and journals that say what the test wants. */
const fakeEdge = ({ outcome = () => accepted, opening = () => opened, busy = false, hash }: Answers = {}) => {
  const credentials = new Map<string, Credential>()
  const keys = new Set<string>()
  const holders = new Map<string, string>()
  const sent: OutboundCommand[] = []
  const names: string[] = []
  let lastId = 1000
  const record = (command: OutboundCommand, told: Outcome): OutcomeRecord => ({
    family: command.family,
    partition: 0,
    offset: 0,
    claim: 0,
    n: 1,
    key: command.key,
    at: 0,
    commandOffset: 0,
    commandId: command.id,
    commandType: command.type,
    principal: command.principal,
    origin: 'test',
    fingerprint: '',
    stateVersion: 1,
    outcome: told,
  })
  const edge: FirstStartEdge = {
    gateway: {
      submit: async (command) => {
        if (busy) throw new GatewayBusy('too much is pending')
        if (!command.type.endsWith('Name') && !command.type.endsWith('NameReservation')) sent.push(command)
        else names.push(`${command.type} ${command.key}`)
        const told = command.type === 'ClaimHandle' ? outcome(command.key) : accepted
        return told && record(command, told)
      },
    },
    diskFull: () => false,
    now: () => 0,
    passwords: {
      hash: hash ?? (async (password) => `hash of ${password}`),
      verify: async () => true,
      isOutdated: () => false,
      waiting: () => 0,
    },
    opening: (holderId, signal) => {
      const found = opening(holderId)
      // As the real one: nothing is known until the one who asks gives up.
      return found
        ? Promise.resolve(found)
        : new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined)))
    },
    settle: async () => {
      for (const { type, key, principal } of sent) if (type === 'ClaimHandle') holders.set(key, principal)
    },
    reads: {
      withEmail: async () => [],
      handlesOf: async () => [],
      blocksOf: async () => [],
      namesOf: async () => new Map(),
      account: async () => undefined,
      holder: async (handleHash) => {
        const id = holders.get(handleHash)
        return id === undefined ? undefined : { kind: 'account', id, retiredUntil: null }
      },
    },
    vault: {
      hashes: { compare: (_kind, value) => value, fingerprint: String, playback: String, attachment: String },
      nextId: async () => String(++lastId),
      keys: { create: async (id) => void keys.add(id), erase: async (id) => void keys.delete(id) },
      credentials: {
        put: async (credential) => void credentials.set(credential.accountId, { passwordId: '', ...credential }),
        replace: async () => assert.fail('nobody has a password yet'),
        get: async (id) => credentials.get(id),
        rehash: async () => {},
        remove: async (id) => void credentials.delete(id),
      },
      sessions: { closeAll: async () => ['session-1'] },
    },
  }
  return { edge, credentials, keys, holders, sent, names }
}

const claim = (edge: ClaimEdge, shared?: SharedClaim) =>
  claimAccount(edge, {
    commandId: '0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b',
    handle: 'Ada',
    displayName: 'Ada',
    email: null,
    platformRole: 'user',
    password: 'secret',
    mustChange: false,
    ...(shared && { shared }),
  })

/** A claim that was begun before for `accountId`, or by who was quicker for `quicker`; so many others take part in it. */
const shared = (
  { accountId, quicker }: { readonly accountId?: string; readonly quicker?: string },
  others = 0,
): SharedClaim => ({
  joined: accountId === undefined ? undefined : { accountId, invitedBy: null },
  begin: async (own) => ({ accountId: quicker ?? own, invitedBy: null }),
  leave: async () => others === 0,
})

test('the secrets are there before the command, and stay with the account', async () => {
  const { edge, credentials, keys, sent } = fakeEdge({
    outcome: () => {
      assert.equal(credentials.get('1001')?.passwordHash, 'hash of secret')
      assert.ok(keys.has('1001'))
      return accepted
    },
  })
  assert.deepEqual(await claim(edge), { kind: 'opened', holderId: '1001', accountId: '1001', position: 'account.0.2' })
  assert.equal(sent[0]?.key, 'ada', 'handles are one without case')
  assert.ok(credentials.has('1001'))
})

test('a claim that is rejected, or was never sent, leaves nothing in the vault', async () => {
  for (const { answers, code } of [
    { answers: { outcome: () => taken }, code: 'identity.handle_taken' },
    { answers: { busy: true }, code: 'platform.busy' },
  ]) {
    const { edge, credentials, keys } = fakeEdge(answers)
    await assert.rejects(claim(edge), { code })
    assert.equal(credentials.size + keys.size, 0, code)
  }
})

test('a name is kept free for the claim, and given back where that fails', async () => {
  const { edge, names } = fakeEdge()
  await claim(edge)
  assert.deepEqual(names, ['ReserveName ada'], 'handle and name shown look alike here')
  const failing = fakeEdge({ outcome: () => taken })
  await assert.rejects(claim(failing.edge), { code: 'identity.handle_taken' })
  assert.deepEqual(failing.names, ['ReserveName ada', 'EndNameReservation ada'])
})

test('more passwords than can be hashed are refused before anything is kept', async () => {
  const { edge, keys, sent } = fakeEdge({ hash: () => Promise.reject(new AuthBusy('too many logins at once')) })
  await assert.rejects(claim(edge), { code: 'auth.busy' })
  assert.equal(keys.size + sent.length, 0)
})

test('a handle that was given back takes the secrets with it', async () => {
  const { edge, credentials, keys } = fakeEdge({ opening: () => ({ kind: 'released', position: 'account.0.3' }) })
  await assert.rejects(claim(edge), { code: 'identity.handle_released' })
  assert.equal(credentials.size + keys.size, 0)
})

test('what is not known yet keeps its secrets: the account may still open', async () => {
  const { edge, credentials } = fakeEdge({ outcome: () => undefined })
  assert.deepEqual(await claim(edge), { kind: 'pending', accountId: '1001' })
  assert.equal(credentials.size, 1)
})

test('a registration sent again is for the account of the first time', async () => {
  const { edge, credentials, sent } = fakeEdge({ outcome: () => taken })
  await edge.vault.credentials.put({ accountId: '7', passwordHash: 'kept', mustChange: false })
  await assert.rejects(claim(edge, shared({ accountId: '7' }, 1)), { code: 'identity.handle_taken' })
  assert.equal(credentials.get('7')?.passwordHash, 'kept', 'somebody else takes part in it')
  assert.equal(sent[0]?.principal, '7')
  await assert.rejects(claim(edge, shared({ accountId: '7' })), { code: 'identity.handle_taken' })
  assert.equal(credentials.size, 0)
})

test('who was slower goes on with the account of who was quicker, and leaves no secrets of their own', async () => {
  const { edge, credentials, keys } = fakeEdge()
  assert.equal((await claim(edge, shared({ quicker: '7' }))).accountId, '7')
  assert.equal(credentials.size + keys.size, 0)
  const refused = { ...shared({}), begin: () => Promise.reject(new Error('it came with another body')) }
  await assert.rejects(claim(edge, refused), /another body/)
  assert.equal(credentials.size + keys.size, 0)
})

test('the first start makes both, the second nothing', async () => {
  const { edge, sent, credentials } = fakeEdge()
  const made = await ensurePlatform(edge)
  assert.equal(made?.handle, 'admin')
  assert.deepEqual(
    sent.map(({ key, principal }) => [key, principal]),
    [
      ['admin', 'system'],
      ['lobby', 'system'],
    ],
  )
  assert.deepEqual(credentials.get('1001'), {
    accountId: '1001',
    passwordHash: `hash of ${made?.password}`,
    mustChange: true,
    passwordId: '',
  })
  assert.equal(await ensurePlatform(edge), undefined)
  assert.equal(sent.length, 2)
})

test('of two first starts at once one makes the administrator, and no password is told by the other', async () => {
  const { edge, holders, credentials } = fakeEdge({
    outcome: (handle) => {
      // The other process was quicker, and the read model tells of it by now.
      holders.set(handle, '1')
      return taken
    },
  })
  assert.equal(await ensurePlatform(edge), undefined)
  assert.equal(credentials.size, 0)
})

test('a first start that was cut short is gone on with', async () => {
  const { edge, holders, sent } = fakeEdge()
  holders.set('admin', '1')
  assert.equal(await ensurePlatform(edge), undefined)
  assert.deepEqual(
    sent.map(({ key }) => key),
    ['lobby'],
  )
  const unfinished = fakeEdge({ outcome: () => undefined })
  await assert.rejects(ensurePlatform(unfinished.edge), { code: 'platform.first_start_unfinished' })
})

test('a reset gives a new password that must be changed, and ends every session', async () => {
  const { edge, holders, credentials, sent } = fakeEdge()
  holders.set('admin', '1')
  holders.set('lobby', '2')
  const { password } = await resetAdmin(edge)
  const { passwordHash, mustChange } = credentials.get('1') ?? {}
  assert.deepEqual([passwordHash, mustChange], [`hash of ${password}`, true])
  assert.deepEqual(
    sent.map(({ type, key, principal }) => [type, key, principal]),
    [['RecordPasswordChange', '1', 'system']],
  )
  assert.notEqual((await resetAdmin(edge)).password, password)
})
