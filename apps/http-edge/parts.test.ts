import assert from 'node:assert/strict'
import type { webcrypto } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { codecs } from '#libs/contracts/codecs.ts'
import { httpErrors } from '#libs/http/errors.ts'
import { identityHttpErrors } from '#libs/identity/http/errors.ts'
import { signAccessToken } from '#libs/identity/tokens.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { createAuthenticate } from './authenticate.ts'
import { generateOpenApi } from './generate.ts'
import { createOpenings } from './openings.ts'
import { realtimeAddress } from './realtime-address.ts'
import { createRevocations } from './revocations.ts'
import { shortMemory } from './short-memory.ts'

const record = (part: Partial<OutcomeRecord>): OutcomeRecord => ({
  family: 'account',
  partition: 0,
  offset: 0,
  claim: 0,
  n: 7,
  key: '1',
  at: 0,
  commandOffset: 0,
  commandId: '',
  commandType: '',
  principal: '',
  origin: '',
  fingerprint: '',
  stateVersion: 1,
  outcome: { kind: 'accepted', events: [], summary: {} },
  ...part,
})

test('schemas/openapi.yaml is as the routes have it', () => {
  assert.ok(generateOpenApi(true), 'run: npm run generate')
})

test('every code that the door answers with stands in a test', () => {
  const folders = ['../../libs/http/', '../../libs/identity/', '../../libs/channel/http/', './']
  const texts = folders.flatMap((folder) => {
    const cwd = new URL(folder, import.meta.url)
    return globSync('**/*.test.ts', { cwd }).map((file) => readFileSync(new URL(file, cwd), 'utf8'))
  })
  const codes = [...Object.keys(httpErrors), ...Object.keys(identityHttpErrors)]
  // Of a pattern the dot is escaped.
  const stands = (code: string) => texts.some((text) => text.replaceAll('\\.', '.').includes(code))
  const missing = codes.filter((code) => !stands(code))
  assert.deepEqual(missing, [])
})

test('an opening is told to all who wait for it, and to who asks late', async () => {
  const openings = createOpenings(1)
  const { signal } = new AbortController()
  const both = Promise.all([openings.wait('1', signal), openings.wait('1', signal)])
  openings.observe([
    record({ commandType: 'OpenAccount', outcome: { kind: 'rejected', code: 'x.y', detail: {} } }),
    record({ commandType: 'RevokeSessions' }),
    record({ commandType: 'OpenAccount' }),
  ])
  const opened = { kind: 'opened', position: 'account.0.7' }
  assert.deepEqual(await both, [opened, opened])
  assert.deepEqual(await openings.wait('1', signal), opened)
  assert.equal(openings.waiting(), 0)
})

test('a released handle is told to who waits for its holder, and who gives up is forgotten', async () => {
  const openings = createOpenings()
  const given = new AbortController()
  const released = openings.wait('9', given.signal)
  const bytes = codecs.account.encodeEvent({ type: 'HandleReleased', holderId: '9' })
  openings.observe([
    record({ commandType: 'ReleaseHandle', key: 'hash', outcome: { kind: 'accepted', events: [bytes], summary: {} } }),
  ])
  assert.deepEqual(await released, { kind: 'released', position: 'account.0.7' })
  const never = openings.wait('10', given.signal)
  given.abort()
  assert.equal(await never, undefined)
  assert.equal(await openings.wait('11', given.signal), undefined)
  assert.equal(openings.waiting(), 0)
})

test('revocations are remembered for as long as a token may hold', () => {
  let now = 1_000_000
  const erased: string[] = []
  const revocations = createRevocations({ tokenMs: 1000, onErased: (id) => erased.push(id), now: () => now })
  const revoked = codecs.account.encodeEvent({ type: 'SessionsRevoked', sessionIds: ['s1', 's2'] })
  const gone = codecs.account.encodeEvent({ type: 'AccountErased', accountId: '5' })
  const changed = codecs.account.encodeEvent({ type: 'PasswordChanged' })
  revocations.observe([
    record({ at: now, outcome: { kind: 'accepted', events: [changed, revoked], summary: {} } }),
    record({ at: now, outcome: { kind: 'accepted', events: [gone], summary: {} } }),
    record({ at: 0, outcome: { kind: 'accepted', events: [{ ...gone, type: 'AccountErased' }], summary: {} } }),
  ])
  assert.deepEqual(erased, ['5', '5'])
  assert.ok(revocations.isRevoked({ accountId: '1', sessionId: 's2' }))
  assert.ok(revocations.isRevoked({ accountId: '5', sessionId: 's9' }))
  assert.ok(!revocations.isRevoked({ accountId: '1', sessionId: 's3' }))
  now += 100_000
  const later = codecs.account.encodeEvent({ type: 'SessionsRevoked', sessionIds: ['s4'] })
  revocations.observe([record({ at: now, outcome: { kind: 'accepted', events: [later], summary: {} } })])
  assert.equal(revocations.size(), 1)
})

test('what is remembered for a moment is asked for once, and a failure by the next again', async () => {
  let now = 0
  let asked = 0
  const memory = shortMemory(
    async (key) => {
      asked++
      if (key === 'bad') throw new Error('away')
      return key.length
    },
    { keptMs: 10, capacity: 1, now: () => now },
  )
  assert.deepEqual(await Promise.all([memory.get('abc'), memory.get('abc')]), [3, 3])
  assert.equal(asked, 1)
  now = 10
  await memory.get('abc')
  assert.equal(asked, 2)
  await assert.rejects(memory.get('bad'))
  await assert.rejects(memory.get('bad'))
  assert.equal(asked, 4)
})

test('the live socket is told by the host that the client came by, if it is this machine that is meant', () => {
  const local = 'ws://localhost:8081'
  assert.equal(realtimeAddress(local, '192.168.1.5:8080'), 'ws://192.168.1.5:8081')
  assert.equal(realtimeAddress(local, '[::1]:8080'), 'ws://[::1]:8081')
  assert.equal(realtimeAddress(local, undefined), local)
  for (const wrong of ["x'; script-src *", 'a b', 'evil.example/path', '-x', 'a:b'])
    assert.equal(realtimeAddress(local, wrong), local, wrong)
  assert.equal(realtimeAddress('wss://live.example.org', 'evil.example'), 'wss://live.example.org')
})

test('tokens are judged with the keys known while the vault is away, and by what it says of the session', async () => {
  const { privateKey, publicKey } = (await crypto.subtle.generateKey('Ed25519', true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair
  const jwk = { ...(await crypto.subtle.exportKey('jwk', publicKey)), kid: 'k1', alg: 'EdDSA' }
  const claims = { accountId: '7', sessionId: 's', handle: 'ada', displayName: 'Ada' }
  const whole = { ...claims, platformRole: 'user', mustChangePassword: false } as const
  let now = Date.now()
  let isAway = false
  let isOpen = true
  let isRevoked = false
  const authenticate = createAuthenticate({
    jwks: async () => {
      if (isAway) throw new Error('away')
      return { keys: [jwk] }
    },
    isOpen: async () => isOpen,
    revocations: { isRevoked: () => isRevoked },
    now: () => now,
  })
  const token = await signAccessToken(whole, { kid: 'k1', privateKey }, now)
  isAway = true
  await assert.rejects(authenticate(token), /away/)
  isAway = false
  assert.deepEqual(await authenticate(token), whole)
  isAway = true
  now += 120_000
  assert.deepEqual(await authenticate(token), whole)
  isOpen = false
  now += 120_000
  await assert.rejects(authenticate(token), { code: 'identity.token_invalid' })
  isOpen = true
  isRevoked = true
  await assert.rejects(authenticate(token), { code: 'identity.token_invalid' })
  now += 900_000
  await assert.rejects(authenticate(token), { code: 'identity.token_expired' })
  await assert.rejects(authenticate('not.a.token'), { code: 'identity.token_invalid' })
})
