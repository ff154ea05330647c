import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { type TestContext, test } from 'node:test'
import { listen } from '#libs/http/listen.ts'
import { originCheck } from '#libs/http/origin.ts'
import { HttpProblem, Problem } from '#libs/http/problem.ts'
import { verificationAnswers } from './verify.ts'

const caller = {
  accountId: '7',
  sessionId: 's',
  handle: 'ada',
  displayName: 'Ада',
  platformRole: 'user',
  scopes: ['chat:read', 'chat:write'],
  expiresAt: 0,
} as const

const start = async (t: TestContext) => {
  let left = 3
  const plain = verificationAnswers({
    verification: {
      known: (token) => (token === 'known' ? { ...caller, mustChangePassword: false } : undefined),
      verify: async (token) => {
        if (token === 'old') throw new HttpProblem('identity.token_expired')
        if (token === 'bug') throw new TypeError('secret')
        return { ...caller, mustChangePassword: token === 'fresh' }
      },
    },
    originCheck: originCheck(['https://app.example.org']),
    limit: () => {
      if (left-- <= 0) throw new HttpProblem('http.rate_limited', { headers: { 'Retry-After': '1' } })
    },
  })
  const application: RequestListener = (_request, response) => response.writeHead(418).end()
  const server = await listen(application, { port: 0, host: '127.0.0.1', plain })
  t.after(() => server.close(0))
  const own = `http://127.0.0.1:${server.port}`
  const ask = (token?: string, path = '/v1/verify', method = 'GET', origin?: string) =>
    fetch(own + path, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(origin !== undefined && { origin }),
      },
    })
  return Object.assign(ask, { own })
}

const told = async (asked: Promise<Response>): Promise<string> => {
  const response = await asked
  const { status, code } = Problem.parse(await response.json())
  assert.equal(status, response.status)
  return `${status} ${code}`
}

test('a proxy learns whose a token is, however often it asks', async (t) => {
  const ask = await start(t)
  for (const token of Array.from({ length: 10 }, (_, times) => (times % 2 === 0 ? 'good' : 'known'))) {
    const { status, headers } = await ask(token)
    assert.deepEqual([status, headers.get('whiply-account'), headers.get('whiply-role')], [204, '7', 'user'])
    assert.equal(headers.get('whiply-scopes'), 'chat:read chat:write')
  }
})

test('a service that is sent a token learns whose it is and how long it holds', async (t) => {
  const ask = await start(t)
  for (const [token, mustChangePassword] of [
    ['good', false],
    ['known', false],
    ['fresh', true],
  ] as const) {
    const response = await ask(token, '/v1/session')
    assert.deepEqual(await response.json(), {
      account: { id: '7', handle: 'ada', name: 'Ада' },
      sessionId: 's',
      platformRole: 'user',
      scopes: ['chat:read', 'chat:write'],
      mustChangePassword,
      expiresAt: '1970-01-01T00:00:00.000Z',
    })
    assert.equal(response.headers.get('cache-control'), 'no-store')
  }
  assert.equal(await told(ask('old', '/v1/session')), '401 identity.token_expired')
})

test('a token that does not hold is refused with its code, and guessing with an allowance', async (t) => {
  const ask = await start(t)
  const response = await ask()
  assert.equal(response.headers.get('www-authenticate'), 'Bearer')
  assert.equal(await told(Promise.resolve(response)), '401 http.unauthenticated')
  assert.equal(await told(ask('old')), '401 identity.token_expired')
  assert.equal(await told(ask('fresh')), '403 http.password_change_required')
  assert.equal(await told(ask('old')), '429 http.rate_limited')
})

test('what goes wrong here is not told', async (t) => {
  const ask = await start(t)
  const response = await ask('bug')
  assert.equal(response.status, 500)
  assert.doesNotMatch(await response.text(), /secret/)
})

test('everything else goes on to the application', async (t) => {
  const ask = await start(t)
  for (const asked of [ask('good', '/v1/verify?a=b'), ask('good', '/v1/config'), ask('good', '/v1/verify', 'POST')])
    assert.equal((await asked).status, 418)
})

test('a page of an allowed origin, or of the edge’s own, may read whose its token is, and what is wrong with it; no other page may', async (t) => {
  const ask = await start(t)
  const allowed = 'https://app.example.org'
  for (const token of ['known', 'good', 'old'])
    for (const origin of [allowed, ask.own, 'https://elsewhere.example.org', 'null', undefined]) {
      const { headers } = await ask(token, '/v1/session', 'GET', origin)
      const mayRead = origin === allowed || origin === ask.own
      assert.equal(headers.get('access-control-allow-origin'), mayRead ? origin : null)
      assert.equal(headers.get('access-control-allow-credentials'), mayRead ? 'true' : null)
      assert.equal(headers.get('vary'), 'Origin')
    }
})
