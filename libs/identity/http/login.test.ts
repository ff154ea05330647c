import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gcraLimiter } from '#libs/http/rate-limit.ts'
import { GatewayBusy } from '#libs/journal/gateway.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { createPasswords } from '#libs/vault/passwords.ts'
import type { Credential, NewCredential } from '#libs/vault/vault.ts'
import type { AccountView } from '../account-view.ts'
import type { IdentityEdge } from './edge.ts'
import { createFailedLogins } from './failed-logins.ts'
import { createKnownPlaces } from './known-places.ts'
import { checkCredentials, checkOwnPassword } from './login.ts'
import { checkPlaced, placePassword, putBackPassword, recordPasswordChange } from './replace-password.ts'

const accountId = '7'

/** An account whose password is `old`, with two sessions, over fakes. */
const setUp = () => {
  const sessions = new Set(['here', 'elsewhere'])
  const failed: string[] = []
  const outdated = new Set<string>()
  const behind: Promise<void>[] = []
  let credential: Credential = { accountId, passwordHash: 'old', mustChange: true, passwordId: 'first' }
  let busy = false
  const edge = {
    gateway: {
      submit: async () => {
        if (busy) throw new GatewayBusy('too much is pending')
        return undefined
      },
    },
    diskFull: () => false,
    behind: (work: () => Promise<void>) => void behind.push(work()),
    now: () => 0,
    limiter: gcraLimiter({ now: () => 0 }),
    knownPlaces: createKnownPlaces(),
    failedLogins: createFailedLogins({ stepMs: 1 }),
    failedAttempts: { note: (id: string) => void failed.push(id) },
    passwords: {
      hash: async (password: string) => password,
      verify: async (hash: string | undefined, password: string) => hash === password,
      isOutdated: (hash: string) => outdated.has(hash),
    },
    strength: { weakness: async (password: string) => (password === 'weak' ? 'it is weak' : undefined) },
    publicUrl: 'https://whiply.example',
    reads: {
      holder: async () => ({ kind: 'account', id: accountId, retiredUntil: null }),
      account: async () => ({ accountId, state: 'open' }),
    },
    vault: {
      hashes: { compare: (_kind: string, value: string) => value },
      credentials: {
        get: async () => credential,
        put: async (put: NewCredential) => {
          credential = { passwordId: uuidv7(), ...put }
        },
        replace: async (put: NewCredential, formerId: string | undefined) => {
          if (credential.passwordId !== formerId) return false
          credential = { passwordId: uuidv7(), ...put }
          return true
        },
        rehash: async (_id: string, before: string, after: string) => {
          if (credential.passwordHash === before) credential = { ...credential, passwordHash: after }
        },
      },
      sessions: { close: async (id: string) => void sessions.delete(id), idsOf: async () => [...sessions] },
    },
  } as unknown as IdentityEdge
  return {
    edge,
    sessions,
    failed,
    outdated,
    settled: () => Promise.all(behind),
    credential: () => credential,
    setBusy: (now: boolean) => {
      busy = now
    },
  }
}

const account = { accountId, handle: 'ada', displayName: null, email: null } as AccountView

test('of the sessions that end none is missing that the password before has opened', async () => {
  const { edge, sessions, credential } = setUp()
  const before = credential()
  const placed = await placePassword(edge, account, before, 'new')
  assert.deepEqual(placed, { formerId: 'first', sessionIds: ['here', 'elsewhere'] })
  assert.deepEqual([credential().passwordHash, credential().mustChange], ['new', false])
  assert.equal(await placePassword(edge, account, before, 'newer'), undefined, 'another was quicker')
  assert.equal(credential().passwordHash, 'new')
  const sent = { accountId, sessionIds: placed?.sessionIds ?? [], commandId: uuidv7(), traceparent: undefined }
  await recordPasswordChange(edge, sent)
  assert.equal(sessions.size, 0)
})

test('a password is as before where it is not known which sessions end, or they were not told of it', async () => {
  const { edge, sessions, credential, setBusy } = setUp()
  const before = credential()
  const { idsOf } = edge.vault.sessions
  Object.assign(edge.vault.sessions, { idsOf: async () => Promise.reject(new Error('away')) })
  await assert.rejects(placePassword(edge, account, before, 'new'), { message: 'away' })
  assert.deepEqual(credential(), before)
  Object.assign(edge.vault.sessions, { idsOf })
  await placePassword(edge, account, before, 'new')
  setBusy(true)
  const sent = { accountId, sessionIds: ['here'], commandId: uuidv7(), traceparent: undefined }
  await assert.rejects(recordPasswordChange(edge, sent), GatewayBusy)
  await putBackPassword(edge, accountId, before)
  assert.deepEqual([credential(), sessions.size], [before, 2])
})

test('a change that comes again finds its password, puts it there once more, or is another one', async () => {
  const { edge, credential } = setUp()
  const placed = { formerId: 'first', sessionIds: [] }
  await checkPlaced(edge, account, placed, 'new')
  assert.equal(credential().passwordHash, 'new')
  const { passwordId } = credential()
  await checkPlaced(edge, account, placed, 'new')
  assert.equal(credential().passwordId, passwordId)
  await assert.rejects(checkPlaced(edge, account, placed, 'other'), { code: 'command.id_reused' })
})

test('a password that would be guessed soon changes nothing', async () => {
  const { edge, sessions, credential } = setUp()
  await assert.rejects(placePassword(edge, account, credential(), 'weak'), {
    code: 'identity.password_weak',
    message: 'it is weak',
  })
  assert.deepEqual([credential().passwordHash, sessions.size], ['old', 2])
})

test('who tries to guess from one address waits; the owner at home or with a session does not', async () => {
  const { edge } = setUp()
  const logIn = (address: string, password: string, session?: string) =>
    checkCredentials(edge, 'ada', password, {
      address,
      session: session ? ({ accountId: session } as never) : undefined,
    })
  const wrong = { code: 'identity.invalid_credentials' }
  const limited = { code: 'http.rate_limited' }
  await logIn('10.0.0.1', 'old')
  for (let guess = 0; guess < 20; guess++) await assert.rejects(logIn('10.6.6.6', 'x'), wrong)
  await assert.rejects(logIn('10.6.6.6', 'x'), limited)
  // Others in great number use up what strangers have together.
  for (let guess = 0; guess < 39; guess++) await assert.rejects(logIn(`10.7.0.${guess}`, 'x'), wrong)
  await assert.rejects(logIn('10.8.0.1', 'old'), limited)
  await assert.rejects(logIn('10.8.0.2', 'old', '8'), limited)
  await logIn('10.0.0.1', 'old')
  await logIn('10.8.0.3', 'old', accountId)
})

test('a password whose hash is outdated is hashed anew at the login', async () => {
  const { edge, outdated, settled, credential } = setUp()
  const logIn = () => checkCredentials(edge, 'ada', 'old', { address: '10.0.0.1', session: undefined })
  Object.assign(edge.passwords, { hash: async (password: string) => `${password}, but better` })
  await logIn()
  await settled()
  assert.equal(credential().passwordHash, 'old')
  outdated.add('old')
  await logIn()
  await settled()
  assert.equal(credential().passwordHash, 'old, but better')
})

test('hashes are made anew at the next login once they are to cost something else', async () => {
  const { edge, settled, credential } = setUp()
  const logIn = () => checkCredentials(edge, 'ada', 'old', { address: '10.0.0.1', session: undefined })
  const costing = (passes: number) => createPasswords({ cost: { memoryKib: 1_024, passes, lanes: 1 } })
  await edge.vault.credentials.put({ accountId, passwordHash: await costing(1).hash('old'), mustChange: false })
  for (const passes of [1, 2, 1]) {
    Object.assign(edge, { passwords: costing(passes) })
    await logIn()
    await settled()
    assert.match(credential().passwordHash, new RegExp(`m=1024,p=1,t=${passes}\\$`))
  }
})

test('wrong passwords are counted for the account, at a login and within a session', async () => {
  const { edge, failed } = setUp()
  const from = { address: '10.0.0.1', session: undefined }
  await checkCredentials(edge, 'ada', 'old', from)
  assert.deepEqual(failed, [])
  await assert.rejects(checkCredentials(edge, 'ada', 'x', from), { code: 'identity.invalid_credentials' })
  await assert.rejects(checkOwnPassword(edge, accountId, 'x'), { code: 'identity.wrong_password' })
  assert.deepEqual(failed, [accountId, accountId])
})

test('places are kept for a month, the last of them', () => {
  let at = 0
  const places = createKnownPlaces(2, () => at)
  for (const place of ['a', 'b', 'a', 'c']) places.add(place)
  assert.deepEqual([places.has('a'), places.has('b'), places.has('c')], [true, false, true])
  at = 31 * 24 * 60 * 60_000
  assert.equal(places.has('a'), false)
})
