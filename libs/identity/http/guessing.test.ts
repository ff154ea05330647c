import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gcraLimiter } from '#libs/http/rate-limit.ts'
import { createPasswords } from '#libs/vault/passwords.ts'
import type { IdentityEdge } from './edge.ts'
import { createFailedLogins } from './failed-logins.ts'
import { createKnownPlaces } from './known-places.ts'
import { checkCredentials } from './login.ts'

const GUESSES = 10_000

/** The account `ada` with a real password, if cheaply hashed, over fakes; how often one was hashed is counted. */
const setUp = async () => {
  const passwords = createPasswords({ cost: { memoryKib: 64, passes: 1, lanes: 1 } })
  const passwordHash = await passwords.hash('correct horse battery')
  const count = { hashed: 0, atOnce: 0, most: 0 }
  const edge = {
    limiter: gcraLimiter(),
    knownPlaces: createKnownPlaces(),
    failedLogins: createFailedLogins({ stepMs: 1 }),
    failedAttempts: { note: () => {} },
    behind: () => assert.fail('the hash is as it is made today'),
    passwords: {
      ...passwords,
      verify: async (...given: Parameters<typeof passwords.verify>) => {
        count.atOnce++
        count.most = Math.max(count.most, count.atOnce)
        try {
          const matches = await passwords.verify(...given)
          count.hashed++
          return matches
        } finally {
          count.atOnce--
        }
      },
    },
    reads: {
      holder: async (hash: string) => (hash === 'ada' ? { kind: 'account', id: '7', retiredUntil: null } : undefined),
      account: async () => ({ accountId: '7', state: 'open' }),
    },
    vault: {
      hashes: { compare: (_kind: string, value: string) => value },
      credentials: { get: async () => ({ accountId: '7', passwordHash, mustChange: false }) },
    },
  } as unknown as IdentityEdge
  const logIn = (address: string, password: string, handle = 'ada') =>
    checkCredentials(edge, handle, password, { address, session: undefined })
  /** How often each code came of guesses that were made all at once. */
  const guess = async (addressOf: (guess: number) => string, handleOf?: (guess: number) => string) => {
    const codes = new Map<string, number>()
    const guessed = Array.from({ length: GUESSES }, (_, n) =>
      logIn(addressOf(n), `guess ${n}`, handleOf?.(n)).catch(({ code }: { readonly code: string }) => {
        codes.set(code, (codes.get(code) ?? 0) + 1)
      }),
    )
    return { codes, all: Promise.all(guessed) }
  }
  return { logIn, guess, count }
}

const home = '10.0.0.1'
const elsewhere = (guess: number) => `172.${16 + (guess >> 16)}.${(guess >> 8) & 255}.${guess & 255}`

test('10,000 wrong passwords from as many addresses: few are hashed, and the owner logs in from home', async () => {
  const { logIn, guess, count } = await setUp()
  await logIn(home, 'correct horse battery')
  const { codes, all } = await guess(elsewhere)
  const owner = await logIn(home, 'correct horse battery')
  assert.equal(owner.account.accountId, '7')
  await all
  assert.equal(codes.get('http.rate_limited'), GUESSES - (codes.get('identity.invalid_credentials') ?? 0))
  assert.ok(count.hashed <= 62, `hashed ${count.hashed} times`)
})

test('10,000 from one address: it is told to wait after twenty, and others notice nothing', async () => {
  const { logIn, guess, count } = await setUp()
  const { codes, all } = await guess(() => '10.6.6.6')
  await all
  assert.deepEqual([codes.get('identity.invalid_credentials'), codes.get('http.rate_limited')], [20, GUESSES - 20])
  assert.equal((await logIn(home, 'correct horse battery')).account.accountId, '7')
  assert.equal(count.hashed, 21)
})

test('10,000 over as many handles: a bounded queue is hashed, the others are told so at once, the owner goes before them', async () => {
  const { logIn, guess, count } = await setUp()
  await logIn(home, 'correct horse battery')
  const { codes, all } = await guess(elsewhere, (n) => `handle_${n}`)
  assert.equal((await logIn(home, 'correct horse battery')).account.accountId, '7')
  assert.ok((codes.get('identity.invalid_credentials') ?? 0) < 64, 'the owner did not wait for all of them')
  await all
  assert.ok(count.hashed <= 70, `hashed ${count.hashed} times`)
  assert.equal(codes.get('auth.busy'), GUESSES - (codes.get('identity.invalid_credentials') ?? 0))
})
