import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { until } from '#libs/testing/until.ts'
import { type Answer, cookieOf, type LoggedIn, PASSWORD, type Platform } from './platform.fixtures.ts'

type Listed = {
  readonly sessions: readonly {
    readonly sessionId: string
    readonly current: boolean
    readonly device: string | null
  }[]
}

const codeOf = ({ status, body }: Answer): string => ('code' in body ? `${status} ${body.code}` : String(status))

/** What holds of sessions over HTTP, on the platform of whoever runs it. */
export const testSessions = (platform: () => Platform): void => {
  const logIn = (handle: string, headers: Readonly<Record<string, string>> = {}) =>
    platform().call<LoggedIn & { readonly csrfToken: string }>('POST', '/v1/sessions', {
      body: { handle, password: PASSWORD },
      headers,
    })
  const renew = (cookie: string, headers: Readonly<Record<string, string>> = {}) =>
    platform().call<LoggedIn>('POST', '/v1/tokens', { cookie, headers })

  test('a cookie is good once, once more where its answer was lost, and a third time it ends the session', async () => {
    const { cookie } = await platform().register('renewing')
    const first = await renew(cookie)
    assert.equal(first.status, 201)
    const next = cookieOf(first)
    assert.notEqual(next, cookie)
    const again = await renew(cookie)
    assert.equal(again.status, 201, 'the answer may have been lost')
    const reused = await renew(cookie)
    assert.equal(codeOf(reused as Answer), '401 identity.session_reused')
    assert.match(reused.headers.getSetCookie()[0] ?? '', /Max-Age=0/)
    assert.equal(codeOf((await renew(next)) as Answer), '401 identity.session_ended')
    const { accessToken: token } = again.body
    const refused = async () => codeOf(await platform().call('GET', '/v1/accounts/me', { token }))
    await until(async () => (await refused()) === '401 identity.token_invalid')
  })

  test('who shows once more who they are has another cookie, and the one before is good no more', async () => {
    const { cookie, token } = await platform().register('shown_again')
    const body = { password: PASSWORD }
    const shown = await platform().call<LoggedIn>('POST', '/v1/accounts/me/authentication', { token, body })
    assert.equal(shown.status, 200)
    const renewed = await renew(cookieOf(shown))
    assert.equal(renewed.status, 201)
    assert.equal(codeOf((await renew(cookie)) as Answer), '401 identity.session_reused')
  })

  test('who logs in where somebody is logged in ends the session that was there', async () => {
    const { cookie, token } = await platform().register('in_twice')
    const again = await platform().call('POST', '/v1/sessions', {
      body: { handle: 'in_twice', password: PASSWORD },
      cookie,
    })
    assert.equal(again.status, 201)
    await until(
      async () => codeOf(await platform().call('GET', '/v1/accounts/me', { token })) === '401 identity.token_invalid',
    )
    assert.equal((await renew(cookieOf(again))).status, 201)
  })

  test('whatever comes as a cookie, the answer is a code', async () => {
    const secret = fc.oneof(fc.stringMatching(/^[A-Za-z0-9_-]{16,128}$/), fc.stringMatching(/^[ -~]{0,200}$/))
    const headers = fc.record(
      {
        origin: fc.constantFrom('https://evil.example', 'null', ''),
        'x-csrf-token': fc.stringMatching(/^[ -~]{0,60}$/),
      },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(secret, headers, async (text, given) => {
        const codes = ['401 identity.session_ended', '403 http.origin_refused']
        const asked = { cookie: `whiply_session=${text}; authtoken=${text}`, headers: given as Record<string, string> }
        assert.ok(codes.includes(codeOf(await platform().call('POST', '/v1/tokens', asked))))
        const out = await platform().call('DELETE', '/v1/sessions/current', asked)
        assert.ok([204, 403].includes(out.status))
        const me = await platform().call('GET', '/v1/accounts/me', asked)
        assert.equal(codeOf(me), '401 http.unauthenticated')
      }),
      { numRuns: 50 },
    )
  })

  test('over TLS the cookie is bound to this host, for no script to read; over bare http it has a plain name', async () => {
    await platform().register('cookies')
    const secure = await platform().startEdge({ publicUrl: 'https://whiply.example' })
    const body = { handle: 'cookies', password: PASSWORD }
    const logIn = async (edge: Pick<Platform, 'call'>) => edge.call<LoggedIn>('POST', '/v1/sessions', { body })
    const bound = (await logIn(secure)).headers.getSetCookie()[0] ?? ''
    assert.match(
      bound,
      /^__Host-whiply_session=[A-Za-z0-9_-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure$/,
    )
    const plain = (await logIn(platform())).headers.getSetCookie()[0] ?? ''
    assert.match(plain, /^whiply_session=[A-Za-z0-9_-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/)
    const renewed = (at: Pick<Platform, 'call'>, cookie: string) =>
      at.call('POST', '/v1/tokens', { cookie: cookie.split(';')[0] })
    assert.equal((await renewed(secure, bound)).status, 201)
    assert.equal(codeOf(await renewed(secure, plain)), '401 identity.session_ended', 'a plain one could be anybody’s')
  })

  test('a page shows with a write by cookie that it is the one that was told at login', async () => {
    await platform().register('paging')
    const session = await logIn('paging')
    const cookie = cookieOf(session)
    const wrong: readonly Readonly<Record<string, string>>[] = [
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'same-origin', 'x-csrf-token': 'guessed' },
    ]
    for (const headers of wrong) {
      assert.equal(codeOf((await renew(cookie, headers)) as Answer), '403 identity.csrf_refused')
      const logOut = await platform().call('DELETE', '/v1/sessions/current', { cookie, headers })
      assert.equal(codeOf(logOut), '403 identity.csrf_refused')
    }
    const headers = { 'sec-fetch-site': 'same-origin', 'x-csrf-token': session.body.csrfToken }
    assert.equal((await renew(cookie, headers)).status, 201)
  })

  test('sessions are listed with their devices, and ended one by one or all at once', async () => {
    const { token } = await platform().register('listing')
    const other = (await logIn('listing', { 'user-agent': 'another device' })).body.accessToken
    const list = await platform().call<Listed>('GET', '/v1/accounts/me/sessions', { token })
    assert.equal(list.body.sessions.length, 2)
    const theOther = list.body.sessions.find(({ device }) => device === 'another device')
    assert.equal(theOther?.current, false)
    const path = `/v1/accounts/me/sessions/${theOther?.sessionId}`
    const stranger = await platform().register('strange')
    assert.equal(codeOf(await platform().call('DELETE', path, { token: stranger.token })), '404 http.not_found')
    assert.equal((await platform().call('DELETE', path, { token })).status, 204)
    assert.equal(codeOf(await platform().call('GET', '/v1/session', { token: other })), '401 identity.token_invalid')
    assert.equal((await platform().call('GET', '/v1/session', { token })).status, 200)
    assert.equal((await platform().call('DELETE', '/v1/accounts/me/sessions', { token })).status, 204)
    assert.equal(codeOf(await platform().call('GET', '/v1/session', { token })), '401 identity.token_invalid')
  })
}
