import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApi } from './public/api.js'

const QUARTER_MS = 15 * 60_000

/** A page that is logged in, and a server that answers each call as told. */
const start = async (t, answer = () => undefined, options = {}) => {
  const kept = new Map()
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  const began = Date.now()
  t.mock.method(performance, 'now', () => Date.now() - began)
  globalThis.localStorage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  }
  let tokens = 0
  const calls = []
  t.mock.method(globalThis, 'fetch', async (path, { method, headers }) => {
    const call = `${method} ${path}`
    calls.push({ call, headers, at: Date.now() })
    const told = answer(call, calls)
    if (told)
      return new Response(JSON.stringify(told.body ?? { code: told.code, title: told.code }), { status: told.status })
    const body = {
      accessToken: `token ${++tokens}`,
      expiresInSeconds: 900,
      csrfToken: 'csrf',
      account: { id: '7' },
      mustChangePassword: false,
    }
    return new Response(JSON.stringify(body), { status: 200 })
  })
  const api = createApi(options)
  await api.logIn('ada', 'secret')
  const settled = () => new Promise(setImmediate)
  return { api, calls, settled, renewals: () => calls.filter(({ call }) => call === 'POST /v1/tokens') }
}

test('a token is renewed before its 15 minutes are over, again and again, with the proof that it is this page', async (t) => {
  const { api, calls, settled, renewals } = await start(t)
  for (let times = 1; times <= 3; times++) {
    t.mock.timers.tick(QUARTER_MS - 1)
    await settled()
    assert.equal(renewals().length, times)
  }
  assert.ok(renewals().every(({ headers }) => headers['x-csrf-token'] === 'csrf'))
  const [first] = renewals()
  assert.ok(first.at - calls[0].at < QUARTER_MS)
  assert.equal(await api.token(), 'token 4')
})

test('however many ask for a token at once, the cookie is used once', async (t) => {
  const { api, renewals } = await start(t)
  t.mock.timers.setTime(Date.now() + QUARTER_MS)
  assert.deepEqual(new Set(await Promise.all([api.token(), api.token(), api.token()])).size, 1)
  assert.ok(renewals().length <= 2, 'the timer, or who asked')
  const before = renewals().length
  await Promise.all([api.whoAmI(), api.whoAmI(), api.whoAmI()])
  assert.equal(renewals().length, before + 1)
})

test('whatever brings another cookie is asked for by one tab after another, where the browser has locks', async (t) => {
  let isHeld = false
  /** As browsers have them: whoever asks for one that they hold themselves waits for ever. */
  const locks = {
    request: async (name, work) => {
      assert.equal(name, 'whiply.renewal')
      assert.equal(isHeld, false)
      isHeld = true
      return Promise.resolve(work()).finally(() => {
        isHeld = false
      })
    },
  }
  Object.defineProperty(globalThis, 'navigator', { value: { locks }, configurable: true })
  t.after(() => Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true }))
  const held = new Map()
  const { api } = await start(t, (call) => void held.set(call, isHeld))
  await api.whoAmI()
  await api.giveCode('challenge', '123456')
  await api.authenticate({ password: 'secret' })
  t.mock.timers.setTime(Date.now() + QUARTER_MS)
  await api.changePassword('old', 'new')
  await api.factors()
  await api.logOut()
  assert.deepEqual(Object.fromEntries(held), {
    'POST /v1/sessions': true,
    'POST /v1/tokens': true,
    'POST /v1/sessions/second-factor': true,
    'POST /v1/accounts/me/authentication': true,
    'PUT /v1/accounts/me/password': true,
    'GET /v1/accounts/me/factors': false,
    'DELETE /v1/sessions/current': true,
  })
})

test('a request that hangs lets other tabs go on after a while, and whoever made it is told', async (t) => {
  const { api, settled } = await start(t)
  const limits = []
  t.mock.method(AbortSignal, 'timeout', (ms) => {
    const limit = new AbortController()
    limits.push({ ms, end: () => limit.abort(new DOMException('signal timed out', 'TimeoutError')) })
    return limit.signal
  })
  t.mock.method(globalThis, 'fetch', (_path, { signal }) => {
    assert.ok(signal, 'what has its turn has a limit')
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  })
  const asked = [
    api.whoAmI(),
    api.logIn('ada', 'secret'),
    api.giveCode('challenge', '123456'),
    api.authenticate({ password: 'secret' }),
    api.changePassword('old', 'new'),
    api.logOut(),
  ].map((each) => assert.rejects(each, { status: 504, code: 'platform.timeout' }))
  await settled()
  assert.equal(limits.length, asked.length)
  for (const { ms, end } of limits) {
    assert.ok(ms >= 10_000 && ms <= 15_000)
    end()
  }
  await Promise.all(asked)
})

test('a token that counts as expired before its time is renewed, and the act goes on', async (t) => {
  let refuse = true
  const { api, renewals } = await start(t, (call) => {
    if (!call.startsWith('DELETE') || !refuse) return undefined
    refuse = false
    return { status: 401, code: 'identity.token_expired' }
  })
  await api.deleteMessage('1', 'm')
  assert.equal(renewals().length, 1)
})

test('what wants a login of now is done once somebody has shown who they are, and not where they have not', async (t) => {
  let isFresh = false
  let shown = 0
  const reauthenticate = async () => {
    shown++
    if (shown === 1) throw new Error('not now')
    isFresh = true
  }
  const stale = { status: 401, code: 'http.reauthentication_required' }
  const { api, calls } = await start(t, (call) => (call.startsWith('DELETE') && !isFresh ? stale : undefined), {
    reauthenticate,
  })
  await assert.rejects(api.removeTotp(), /not now/)
  await api.removeTotp()
  const made = calls.filter(({ call }) => call === 'DELETE /v1/accounts/me/totp')
  assert.deepEqual([shown, made.length], [2, 3])
})

test('what is sent and not decided yet is told as that, and not as done', async (t) => {
  const { api, calls } = await start(t, (call) =>
    call.startsWith('PUT') ? { status: 202, body: { commandId: 'c', status: 'pending' } } : undefined,
  )
  const isPending = ({ code, problem }) => code === 'command.pending' && problem.commandId === 'c'
  await assert.rejects(api.setPolicy('1', 3, {}), isPending)
  assert.equal(calls.at(-1).headers['if-match'], '"3"')
})

test('what is asked for when a session is replaced waits for the one that comes', async (t) => {
  const { api, calls, renewals } = await start(t)
  const changed = api.changePassword('old', 'new')
  assert.equal((await api.lookAgain()).id, '7')
  await changed
  const [replaced, renewed] = [calls.findIndex(({ call }) => call.startsWith('PUT')), calls.indexOf(renewals()[0])]
  assert.ok(replaced >= 0 && replaced < renewed)
})

test('a session that has ended is forgotten; a server that is away is asked again later', async (t) => {
  let status = 503
  const { api, settled } = await start(t, (call) =>
    call === 'POST /v1/tokens' ? { status, code: 'platform.unavailable' } : undefined,
  )
  t.mock.timers.tick(QUARTER_MS)
  await settled()
  await assert.rejects(api.token(), { status: 503 })
  assert.ok(localStorage.getItem('whiply.signedIn'))
  status = 401
  assert.equal(await api.token(), undefined)
  assert.equal(localStorage.getItem('whiply.signedIn'), null)
})
