import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grantableScopes } from '#libs/access/scopes.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { until } from '#libs/testing/until.ts'
import type { Answer, Asked, Platform } from './platform.fixtures.ts'

type Made = { readonly tokenId: string; readonly token: string; readonly scopes: readonly string[] }
type Listed = {
  readonly tokens: readonly {
    readonly tokenId: string
    readonly name: string
    readonly lastUsedAt: string | null
  }[]
}

const codeOf = ({ status, body }: Answer<object>): string =>
  'code' in body ? `${status} ${body.code}` : String(status)

const path = '/v1/accounts/me/access-tokens'

/** What holds of tokens for programs over HTTP, on the platform of whoever runs it. */
export const testAccessTokens = (platform: () => Platform, lobby: () => string): void => {
  const make = (token: string, body: object, headers: Asked['headers'] = {}) =>
    platform().call<Made>('POST', path, { token, body: { name: 'my bot', ...body }, headers })
  const get = (at: string, token: string) => platform().call('GET', at, { token })

  test('a token of a program acts as its owner, as far as its scopes go, and its secret is shown once', async () => {
    const owner = await platform().register('bot_owner')
    const key = { 'idempotency-key': uuidv7() }
    const scopes = ['chat:read', 'chat:write']
    const made = await make(owner.token, { kind: 'bot', scopes }, key)
    assert.equal(made.status, 201, JSON.stringify(made.body))
    const { token, tokenId } = made.body
    assert.match(token, /^whb_[0-9A-Za-z]{49}$/)
    assert.equal(codeOf(await make(owner.token, { kind: 'bot', scopes }, key)), '409 identity.token_exists')
    for (const other of [
      { kind: 'personal', scopes },
      { kind: 'bot', scopes: ['chat:read'] },
      { kind: 'bot', scopes, name: 'x' },
    ])
      assert.equal(codeOf(await make(owner.token, other, key)), '422 command.id_reused')
    const stranger = await platform().register('not_the_owner')
    assert.equal(codeOf(await make(stranger.token, { kind: 'bot', scopes }, key)), '422 command.id_reused')

    const session = await get('/v1/session', token)
    assert.deepEqual(
      [session.body.sessionId, session.body.scopes, session.body.expiresAt],
      [tokenId, ['chat:read', 'chat:write'], null],
    )
    assert.equal((await get('/v1/verify', token)).headers.get('whiply-scopes'), 'chat:read chat:write')
    const posted = await platform().call('POST', `/v1/channels/${lobby()}/messages`, { token, body: { text: 'beep' } })
    assert.equal(posted.status, 201)
    const clear = { token, body: { kind: 'clear' } }
    const cleared = await platform().call('POST', `/v1/channels/${lobby()}/acts`, clear)
    assert.equal(codeOf(cleared), '403 http.insufficient_scope')
    assert.equal(codeOf(await get('/v1/accounts/me', token)), '403 http.insufficient_scope')
    assert.equal(codeOf(await get(path, token)), '403 http.insufficient_scope', 'a token makes and sees no tokens')
    assert.equal(codeOf(await make(token, { kind: 'bot', scopes })), '403 http.insufficient_scope')

    const listed = await platform().call<Listed>('GET', path, { token: owner.token })
    const [shown] = listed.body.tokens
    assert.deepEqual([shown?.tokenId, shown?.name], [tokenId, 'my bot'])
    assert.ok(Date.parse(shown?.lastUsedAt ?? '') > 0)
    assert.ok(!JSON.stringify(listed.body).includes(token))
  })

  test('a token is refused within a second of its revocation, by edges too that know it well, and at its end', async () => {
    const owner = await platform().register('revoking')
    const other = await platform().startEdge()
    const both = [platform(), other]
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
    const scopes = [...grantableScopes]
    const made = [
      await make(owner.token, { kind: 'personal', scopes, expiresAt }),
      await make(owner.token, { kind: 'personal', scopes }),
      await make(owner.token, { kind: 'bot', scopes }),
    ].map(({ body }) => body)
    const [first, second, third] = made
    assert.ok(first && second && third)
    for (const edge of both)
      for (const { token } of made) assert.equal((await edge.call('GET', '/v1/accounts/me', { token })).status, 200)
    assert.equal((await get('/v1/session', first.token)).body.expiresAt, expiresAt)
    const stranger = await platform().register('no_owner')
    const end = (token: string, id = '') => platform().call('DELETE', path + id, { token })
    assert.equal(codeOf(await end(stranger.token, `/${first.tokenId}`)), '404 http.not_found')
    assert.equal(codeOf(await end(stranger.token)), '204', 'nothing is left to do')
    assert.equal((await end(owner.token, `/${first.tokenId}`)).status, 204)
    const again = await make(owner.token, { kind: 'personal', scopes, expiresAt }, { 'idempotency-key': first.tokenId })
    assert.equal(codeOf(again), '409 identity.token_exists', 'one that was revoked stays so')
    const refused = (edge: Pick<Platform, 'call'>, token: string) => async () =>
      codeOf(await edge.call('GET', '/v1/session', { token })) === '401 identity.token_invalid'
    for (const edge of both) {
      await until(refused(edge, first.token))
      assert.equal((await edge.call('GET', '/v1/session', { token: second.token })).status, 200)
    }
    assert.equal((await end(owner.token)).status, 204)
    for (const edge of both) for (const { token } of [second, third]) await until(refused(edge, token))
    assert.equal((await get('/v1/session', owner.token)).status, 200)
    assert.equal(codeOf(await make(owner.token, { kind: 'bot' })), '422 identity.token_scopes_invalid')
    const past = new Date(Date.now() - 1_000).toISOString()
    const late = await make(owner.token, { kind: 'bot', scopes, expiresAt: past })
    assert.equal(codeOf(late), '422 identity.term_invalid')
    const left = await platform().call<Listed>('GET', path, { token: owner.token })
    assert.deepEqual(left.body.tokens, [], 'what was refused left nothing in the vault')
  })

  test('a login key is good for chat alone, by the cookie of older bots, and never from a page', async () => {
    const owner = await platform().register('old_bot')
    const made = await make(owner.token, { kind: 'login_key', scopes: [...grantableScopes] })
    assert.deepEqual(made.body.scopes, ['chat:read', 'chat:write'])
    const cookie = `authtoken=${made.body.token}`
    const post = (headers: Asked['headers'] = {}) =>
      platform().call('POST', `/v1/channels/${lobby()}/messages`, { cookie, headers, body: { text: 'beep' } })
    assert.equal((await post()).status, 201)
    assert.equal(codeOf(await post({ 'sec-fetch-site': 'cross-site' })), '401 http.unauthenticated')
    assert.equal(codeOf(await post({ origin: 'https://evil.example' })), '401 http.unauthenticated')
    const me = await platform().call('GET', '/v1/accounts/me', { cookie })
    assert.equal(codeOf(me), '403 http.insufficient_scope')
  })
}
