import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateKeyPair } from 'jose'
import type { PlatformRole } from '#libs/access/platform.ts'
import { actingScopes } from '#libs/access/scopes.ts'
import { t0 } from '#libs/testing/specification.ts'
import { staffRule } from './standing.ts'
import { type AccessClaims, accessTokenMs, signAccessToken } from './tokens.ts'
import { createVerification } from './verification.ts'

const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true })
const jwk = { ...(await crypto.subtle.exportKey('jwk', publicKey)), kid: 'k', alg: 'EdDSA' }
const key = { kid: 'k', algorithm: 'EdDSA', privateKey } as const

const staffId = '1'
const personId = '7'

const claimsOf = (accountId: string, sessionId: string, platformRole: PlatformRole): AccessClaims => ({
  accountId,
  sessionId,
  handle: 'ada',
  displayName: 'Ada',
  platformRole,
  mustChangePassword: false,
})

const own = await signAccessToken(claimsOf(staffId, 'of staff', 'admin'), key, t0)
const acting = { staffId, staffSessionId: 'of staff', scopes: actingScopes, forMs: accessTokenMs }
const acted = await signAccessToken({ ...claimsOf(personId, 'acting', 'user'), acting }, key, t0)

/** An edge that has just begun to read the journal, beside a vault and a read model that know all that was before. */
const start = ({ followedMs = 1, needsSecondFactor = false } = {}) => {
  const world = {
    away: false,
    open: new Set(['of staff', 'acting']),
    roles: new Map<string, PlatformRole>([
      [staffId, 'admin'],
      [personId, 'user'],
    ]),
    told: new Map<string, PlatformRole>(),
    asked: [] as string[],
  }
  const here = <Value>(value: Value): Promise<Value> =>
    world.away ? Promise.reject(new Error('away')) : Promise.resolve(value)
  const { verify, known } = createVerification({
    staff: staffRule(needsSecondFactor),
    jwks: () => Promise.resolve({ keys: [jwk] }),
    isOpen: (sessionId) => here(world.open.has(sessionId)),
    revocations: { refusal: () => undefined, roleOf: (accountId) => world.told.get(accountId) },
    programs: {
      find: () => here(undefined),
      account: (accountId) => {
        world.asked.push(accountId)
        const platformRole = world.roles.get(accountId)
        return here(platformRole && { state: 'open', handle: 'ada', displayName: 'Ada', platformRole })
      },
    },
    followedMs: () => followedMs,
    now: () => t0,
  })
  return { world, verify, known }
}

test('a role that was taken away before the edge read the journal gives no right by a token that names it', async () => {
  const { world, verify } = start()
  world.roles.set(staffId, 'user')
  await assert.rejects(verify(own), { code: 'identity.token_expired' })
  world.told.set(staffId, 'admin')
  assert.equal((await verify(own)).platformRole, 'admin', 'what the journal says goes before the read model')
})

test('of somebody who is no staff the read model is not asked', async () => {
  const { world, verify } = start()
  await verify(await signAccessToken(claimsOf(personId, 'acting', 'user'), key, t0))
  assert.deepEqual(world.asked, [])
})

test('whoever acts as somebody does so no longer than the session in which that was begun, and their role', async () => {
  type World = ReturnType<typeof start>['world']
  const changes: readonly [string, (world: World) => unknown][] = [
    ['identity.token_invalid', ({ open }) => open.delete('of staff')],
    ['identity.token_invalid', ({ open }) => open.delete('acting')],
    ['identity.token_expired', ({ roles }) => roles.set(staffId, 'moderator')],
    ['identity.token_expired', ({ roles }) => roles.delete(staffId)],
  ]
  for (const [code, change] of changes) {
    const { world, verify } = start()
    change(world)
    await assert.rejects(verify(acted), { code })
  }
  const { impersonator, impersonatorSession } = await start().verify(acted)
  assert.deepEqual([impersonator, impersonatorSession], [staffId, 'of staff'])
})

test('postgres-away: what staff are is told by the journal, once it was followed for as long as a token holds', async () => {
  const soon = start()
  soon.world.away = true
  await assert.rejects(soon.verify(own), /away/)
  const later = start({ followedMs: accessTokenMs + 1 })
  later.world.away = true
  assert.equal((await later.verify(acted)).impersonator, staffId)
})

test('where staff show two factors, a token that does not say so has no role on the platform', async () => {
  const { verify, known, world } = start({ needsSecondFactor: true })
  const by = async (token: string) => {
    const [first, kept] = [await verify(token), known(token)]
    assert.deepEqual(kept, first)
    return [first.platformRole, first.heldBackRole]
  }
  const both = await signAccessToken({ ...claimsOf(staffId, 'of staff', 'admin'), secondFactor: true }, key, t0)
  assert.deepEqual(
    [await by(own), await by(both)],
    [
      ['user', 'admin'],
      ['admin', undefined],
    ],
  )
  world.roles.set(staffId, 'support')
  const taken = await signAccessToken(claimsOf(staffId, 'acting', 'admin'), key, t0)
  await assert.rejects(
    verify(taken),
    { code: 'identity.token_expired' },
    'a role that is held back has to be right too',
  )
  assert.equal((await start().verify(own)).platformRole, 'admin')
})
