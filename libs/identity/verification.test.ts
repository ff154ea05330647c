import assert from 'node:assert/strict'
import type { webcrypto } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { scopes } from '#libs/access/scopes.ts'
import { t0 } from '#libs/testing/specification.ts'
import { newTokenText } from '#libs/vault/token-text.ts'
import type { AccessToken } from '#libs/vault/vault.ts'
import { accessTokenMs, signAccessToken } from './tokens.ts'
import { createVerification, type VerificationOptions } from './verification.ts'

const makeKey = async (kid: string) => {
  const { privateKey, publicKey } = (await crypto.subtle.generateKey('Ed25519', true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair
  const { alg: _, ...jwk } = await crypto.subtle.exportKey('jwk', publicKey)
  return { key: { kid, algorithm: 'EdDSA', privateKey } as const, jwk: { ...jwk, kid, alg: 'EdDSA' } }
}

const claims = {
  accountId: '7',
  sessionId: 's',
  handle: 'ada',
  displayName: 'Ada',
  platformRole: 'user',
  mustChangePassword: false,
} as const

const one = await makeKey('k1')
const two = await makeKey('k2')

/** An edge whose engines a test takes away. */
const start = (options: Partial<VerificationOptions> = {}) => {
  const world = {
    now: t0,
    away: false,
    open: true,
    revoked: false,
    role: undefined as string | undefined,
    followedMs: 1,
    keys: [one.jwk],
    asked: 0,
    read: 0,
    /** Tokens of programs by their secret. */
    programs: new Map<string, AccessToken>(),
    found: 0,
    account: { state: 'open', handle: 'ada', displayName: 'Ada', platformRole: 'user' } as const,
  }
  const here = <Value>(value: Value): Promise<Value> =>
    world.away ? Promise.reject(new Error('away')) : Promise.resolve(value)
  const verification = createVerification({
    jwks: () => {
      world.read++
      return here({ keys: world.keys })
    },
    isOpen: () => {
      world.asked++
      return here(world.open)
    },
    revocations: {
      refusal: () => (world.revoked ? 'identity.token_invalid' : undefined),
      roleOf: () => world.role,
    },
    programs: {
      find: (secret) => {
        world.found++
        return here(world.programs.get(secret))
      },
      account: () => here(world.account),
    },
    followedMs: () => world.followedMs,
    now: () => world.now,
    ...options,
  })
  const good = (token: string) => verification.verify(token)
  return { world, verification, good }
}

const token = await signAccessToken(claims, one.key, t0)
const caller = { ...claims, scopes, expiresAt: t0 + accessTokenMs }

test('a token that was verified is known from then on, until it expires', async () => {
  const { world, verification, good } = start()
  assert.equal(verification.known(token), undefined)
  assert.deepEqual(await good(token), caller)
  assert.deepEqual(verification.known(token), caller)
  world.now += accessTokenMs - 1
  assert.deepEqual(verification.known(token), caller)
  world.now += 1
  assert.equal(verification.known(token), undefined)
  await assert.rejects(good(token), { code: 'identity.token_expired' })
})

test('what is revoked is known no more', async () => {
  const { world, verification, good } = start()
  await good(token)
  world.revoked = true
  assert.equal(verification.known(token), undefined)
  await assert.rejects(good(token), { code: 'identity.token_invalid' })
  world.revoked = false
  world.open = false
  await assert.rejects(good(token), { code: 'identity.token_invalid' })
})

test('a session that is revoked while the vault is asked about it is refused', async () => {
  const { world, good } = start({
    isOpen: async () => {
      world.revoked = true
      return true
    },
  })
  await assert.rejects(good(token), { code: 'identity.token_invalid' })
})

test('postgres-away: known tokens go on, and new ones once the journal was followed for as long as a token holds', async () => {
  const { world, verification, good } = start()
  await good(token)
  world.away = true
  world.now += 300_000
  assert.deepEqual(verification.known(token), caller)
  const fresh = await signAccessToken({ ...claims, sessionId: 'other' }, one.key, world.now)
  await assert.rejects(good(fresh), /away/)
  world.followedMs = accessTokenMs + 1
  assert.equal((await good(fresh)).sessionId, 'other')
})

test('kafka-away: what the vault said counts for a minute', async () => {
  const { world, verification, good } = start()
  await good(token)
  world.followedMs = 0
  world.now += 59_000
  assert.deepEqual(verification.known(token), caller)
  world.now += 2_000
  assert.equal(verification.known(token), undefined)
  assert.deepEqual(await good(token), caller)
  assert.equal(world.asked, 2)
})

test('without keys nothing can be told, and with a new one its first token is good at once', async () => {
  const { world, good } = start()
  world.away = true
  await assert.rejects(good(token), /away/)
  world.away = false
  await good(token)
  const byNext = await signAccessToken({ ...claims, sessionId: 'next' }, two.key, t0)
  world.now += 10_000
  world.keys = [two.jwk, one.jwk]
  assert.equal((await good(byNext)).sessionId, 'next')
  const read = world.read
  const stranger = await makeKey('k3')
  const forged = await signAccessToken(claims, stranger.key, t0)
  for (let times = 0; times < 5; times++) await assert.rejects(good(forged), { code: 'identity.token_invalid' })
  assert.equal(world.read, read, 'an unknown key makes nobody read the keys again and again')
})

test('what was forged is verified once', async () => {
  const { world, good } = start()
  await good(token)
  const forged = `${token.slice(0, -4)}AAAA`
  for (let times = 0; times < 3; times++) await assert.rejects(good(forged), { code: 'identity.token_invalid' })
  world.keys = []
  world.now += 3_600_000
  await assert.rejects(good(forged), { code: 'identity.token_invalid' })
  await assert.rejects(good(token), { code: 'identity.token_expired' })
})

test('no more tokens are kept than there is room for', async () => {
  const { verification, good } = start({ capacity: 1 })
  const second = await signAccessToken({ ...claims, sessionId: 'second' }, one.key, t0)
  await good(token)
  await good(second)
  assert.equal(verification.known(token), undefined)
  assert.equal(verification.known(second)?.sessionId, 'second')
})

test('whatever is sent as a token is refused with a code', async () => {
  const { verification } = start()
  const [header = '', payload = '', signature = ''] = token.split('.')
  const part = fc.oneof(fc.string(), fc.base64String(), fc.constantFrom(header, payload, signature, ''))
  const sent = fc.oneof(
    fc.string(),
    fc.tuple(part, part, part).map((parts) => parts.join('.')),
    // As a token of a program begins, whatever follows.
    fc.tuple(fc.constantFrom('whp_', 'whb_', 'whk'), fc.string(), fc.base64String()).map((parts) => parts.join('')),
    fc.constantFrom('personal', 'bot', 'login_key').map((kind) => newTokenText(kind as 'bot')),
  )
  await fc.assert(
    fc.asyncProperty(sent, async (text) => {
      fc.pre(text !== token)
      assert.equal(verification.known(text), undefined)
      await assert.rejects(verification.verify(text), { code: 'identity.token_invalid' })
    }),
  )
})

const program: AccessToken = {
  tokenId: 'token-1',
  accountId: '7',
  kind: 'bot',
  scopes: ['chat:read', 'chat:write', 'session', 'of a later release'],
  expiresAt: null,
  blockedUntil: null,
}

/** An edge whose vault has a token of a program. */
const startWithProgram = (fields: Partial<AccessToken> = {}) => {
  const started = start()
  const secret = newTokenText('bot')
  started.world.programs.set(secret, { ...program, ...fields })
  return { ...started, secret }
}

test('a token of a program is its owner, for the scopes that a program may have, by one look a minute', async () => {
  const { world, verification, good, secret } = startWithProgram()
  const owner = await good(secret)
  assert.deepEqual(owner, {
    accountId: '7',
    sessionId: 'token-1',
    handle: 'ada',
    displayName: 'Ada',
    platformRole: 'user',
    scopes: ['chat:read', 'chat:write'],
    mustChangePassword: false,
    expiresAt: Number.POSITIVE_INFINITY,
  })
  world.now += 59_000
  assert.deepEqual(verification.known(secret), owner)
  world.now += 1_000
  assert.equal(verification.known(secret), undefined)
  world.role = 'moderator'
  const both = await Promise.all([good(secret), good(secret)])
  assert.deepEqual(
    both.map(({ platformRole }) => platformRole),
    ['moderator', 'moderator'],
    'what the journal says goes before the read model',
  )
  assert.equal(world.found, 2)
})

test('one that nobody knows, has expired, or was mistyped is refused, and looked up once at most', async () => {
  const { world, good, secret } = startWithProgram({ expiresAt: t0 + 1_000 })
  await good(secret)
  world.now += 1_000
  for (let times = 0; times < 3; times++) await assert.rejects(good(secret), { code: 'identity.token_expired' })
  assert.equal(world.found, 2)
  const unknown = newTokenText('personal')
  for (let times = 0; times < 3; times++) await assert.rejects(good(unknown), { code: 'identity.token_invalid' })
  assert.equal(world.found, 3)
  await assert.rejects(good(`${unknown.slice(0, -1)}!`), { code: 'identity.token_invalid' })
  await assert.rejects(good(unknown.toLowerCase()), { code: 'identity.token_invalid' })
  assert.equal(world.found, 3, 'a checksum tells without a look')
})

test('one of an account that is suspended, or not open, is refused until it is again', async () => {
  const { world, good, secret } = startWithProgram({ blockedUntil: t0 + 1_000 })
  await assert.rejects(good(secret), { code: 'identity.account_suspended' })
  world.now += 1_000
  await good(secret)
  world.now += 60_000
  Object.assign(world, { account: { ...world.account, state: 'deactivated' } })
  await assert.rejects(good(secret), { code: 'identity.token_invalid' })
  Object.assign(world, { account: { ...world.account, state: 'open' } })
  await good(secret)
})

test('one that is revoked is refused at once, kept or not', async () => {
  const { world, verification, good, secret } = startWithProgram()
  await good(secret)
  world.revoked = true
  assert.equal(verification.known(secret), undefined)
  await assert.rejects(good(secret), { code: 'identity.token_invalid' })
})

test('postgres-away: a token of a program goes on while the journal is followed since it was found', async () => {
  const { world, good, secret } = startWithProgram()
  await good(secret)
  world.away = true
  world.now += 600_000
  await assert.rejects(good(secret), /away/, 'the journal was not followed for so long')
  world.followedMs = 600_000
  assert.equal((await good(secret)).sessionId, 'token-1')
  world.revoked = true
  await assert.rejects(good(secret), /away/)
  const unknown = newTokenText('bot')
  await assert.rejects(good(unknown), /away/)
})
