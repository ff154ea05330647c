import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exportJWK, generateKeyPair, generateSecret, SignJWT } from 'jose'
import { scopes } from '#libs/access/scopes.ts'
import { t0 } from '#libs/testing/specification.ts'
import type { SigningAlgorithm } from '#libs/vault/vault.ts'
import { type AccessClaims, accessTokenMs, accessTokenVerifier, type SigningKey, signAccessToken } from './tokens.ts'

const claims: AccessClaims = {
  accountId: '1000',
  sessionId: 'session-1',
  handle: 'ada',
  displayName: 'Ада 😀',
  platformRole: 'user',
  mustChangePassword: false,
}

const makeKey = async (kid: string, algorithm: SigningAlgorithm = 'EdDSA') => {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true })
  const key: SigningKey = { kid, algorithm, privateKey }
  return { key, jwk: { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' } }
}

const { key, jwk } = await makeKey('one')
const other = await makeKey('two')
const verify = accessTokenVerifier({ keys: [jwk] })
const invalid = { kind: 'refused', code: 'identity.token_invalid' }

test('a token says what it was made with, until it expires', async () => {
  const staff = { ...claims, platformRole: 'admin', mustChangePassword: true, secondFactor: true } as const
  for (const made of [claims, staff]) {
    const token = await signAccessToken(made, key, t0 + 999)
    const valid = { kind: 'valid', claims: made, scopes, expiresAt: t0 + accessTokenMs }
    assert.deepEqual(await verify(token, t0 + 999), valid)
    assert.deepEqual(await verify(token, t0 + accessTokenMs - 1_000), valid)
    assert.deepEqual(await verify(token, t0 + accessTokenMs), { kind: 'refused', code: 'identity.token_expired' })
  }
})

test('a token of any served key is good, of another it is not', async () => {
  const token = await signAccessToken(claims, other.key, t0)
  assert.deepEqual(await verify(token, t0), { kind: 'unknown key' })
  assert.equal((await accessTokenVerifier({ keys: [jwk, other.jwk] })(token, t0)).kind, 'valid')
  const pretended = await signAccessToken(claims, { ...other.key, kid: 'one' }, t0)
  assert.deepEqual(await verify(pretended, t0), invalid)
})

test('a key of either algorithm signs and verifies by its own, and never by another', async () => {
  const elliptic = await makeKey('three', 'ES256')
  const both = accessTokenVerifier({ keys: [elliptic.jwk, jwk] })
  assert.equal((await both(await signAccessToken(claims, elliptic.key, t0), t0)).kind, 'valid')
  assert.equal((await both(await signAccessToken(claims, key, t0), t0)).kind, 'valid')
  const pretended = await signAccessToken(claims, { ...elliptic.key, kid: 'one' }, t0)
  assert.notEqual((await both(pretended, t0)).kind, 'valid')
})

test('a token by which somebody acts as another says who, or is none', async () => {
  const acting = { staffId: '7', staffSessionId: 'of staff', scopes: ['chat:read'], forMs: 60_000 } as const
  const verified = await verify(await signAccessToken({ ...claims, acting }, key, t0), t0)
  assert(verified.kind === 'valid')
  const { impersonator, impersonatorSession } = verified.claims
  assert.deepEqual([impersonator, impersonatorSession, verified.scopes], ['7', 'of staff', ['chat:read']])
  for (const act of [null, '7', {}, { sub: '7' }, { sub: 'ada', sid: 's' }, { sub: '7', sid: 1 }]) {
    const token = await new SignJWT({ sid: 's', preferred_username: 'ada', name: 'Ada', role: 'user', scope: '', act })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'one', typ: 'at+jwt' })
      .setIssuer('whiply')
      .setAudience('whiply')
      .setSubject('1000')
      .setExpirationTime(t0 / 1000 + 60)
      .sign(key.privateKey)
    assert.deepEqual(await verify(token, t0), invalid, JSON.stringify(act))
  }
})

test('a scope that is not known here gives no right', async () => {
  const whole = { sid: 's', preferred_username: 'ada', name: 'Ada', role: 'user', scope: 'chat:read root session2' }
  const token = await new SignJWT(whole)
    .setProtectedHeader({ alg: 'EdDSA', kid: 'one', typ: 'at+jwt' })
    .setIssuer('whiply')
    .setAudience('whiply')
    .setSubject('1000')
    .setExpirationTime(t0 / 1000 + 60)
    .sign(key.privateKey)
  const verified = await verify(token, t0)
  assert.ok(verified.kind === 'valid')
  assert.deepEqual(verified.scopes, ['chat:read'])
})

test('a token that was tampered with is refused', async () => {
  const [header = '', payload = '', signature = ''] = (await signAccessToken(claims, key, t0)).split('.')
  const admin = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), role: 'admin' }
  const forged = Buffer.from(JSON.stringify(admin)).toString('base64url')
  const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url')
  for (const token of [
    [header, forged, signature].join('.'),
    [none, forged, ''].join('.'),
    [header, payload].join('.'),
    '',
    'a.b.c',
    'x'.repeat(10_000),
  ])
    assert.deepEqual(await verify(token, t0), invalid, token.slice(0, 40))
})

test('a token of another algorithm, kind, issuer or audience is refused, and one without its claims', async () => {
  const whole = { sid: 's', preferred_username: 'ada', name: 'Ada', role: 'user', scope: 'chat:read' }
  const sign = (
    payload: Record<string, unknown>,
    { typ = 'at+jwt', iss = 'whiply', aud = 'whiply', sub = '1000' } = {},
  ): Promise<string> =>
    new SignJWT(payload)
      .setProtectedHeader({ alg: 'EdDSA', kid: 'one', typ })
      .setIssuer(iss)
      .setAudience(aud)
      .setSubject(sub)
      .setExpirationTime(t0 / 1000 + 60)
      .sign(key.privateKey)
  assert.equal((await verify(await sign(whole), t0)).kind, 'valid')
  const secret = await generateSecret('HS256')
  const tokens = [
    sign(whole, { typ: 'JWT' }),
    sign(whole, { iss: 'elsewhere' }),
    sign(whole, { aud: 'elsewhere' }),
    sign(whole, { sub: 'manager/handles' }),
    sign({ ...whole, role: 'root' }),
    sign({ ...whole, sid: undefined }),
    sign({ ...whole, scope: undefined }),
    sign({ ...whole, scope: ['session'] }),
    sign({ ...whole, name: 7 }),
    sign({ ...whole, must_change_password: 'no' }),
    new SignJWT(whole).setProtectedHeader({ alg: 'HS256', kid: 'one', typ: 'at+jwt' }).sign(secret),
  ]
  for (const [index, token] of tokens.entries()) assert.deepEqual(await verify(await token, t0), invalid, `${index}`)
})
