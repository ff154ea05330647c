import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import express from 'express'
import fc from 'fast-check'
import { z } from 'zod'
import { scopes as allScopes, chatScopes } from '#libs/access/scopes.ts'
import { commandErrors } from '#libs/journal/errors.ts'
import { GatewayBusy } from '#libs/journal/gateway.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { clientAddress } from './address.ts'
import { createCrowd } from './crowd.ts'
import { httpErrors } from './errors.ts'
import { listen } from './listen.ts'
import { openApiDocument } from './openapi.ts'
import { originCheck } from './origin.ts'
import { HttpProblem, Problem } from './problem.ts'
import { bind, routesOf } from './route.ts'
import { type AppOptions, createApp } from './server.ts'

type Notes = { readonly add: (text: string) => number; readonly seen: string[] }

const route = routesOf<Notes>()
const common = { tag: 'notes', rate: 'read', auth: 'none', access: 'public', errors: [] } as const

const addNote = route({
  ...common,
  method: 'POST',
  path: '/v1/notes/{list}',
  id: 'addNote',
  summary: 'Adds a note',
  auth: 'account',
  access: 'signed in',
  command: true,
  params: z.strictObject({ list: z.string().regex(/^[a-z]{1,8}$/) }),
  query: z.strictObject({ loud: z.enum(['yes', 'no']).default('no') }),
  body: z.strictObject({ text: z.string().min(1).max(20), mark: z.int().optional() }),
  bodyLimit: 200,
  responses: {
    201: { description: 'Added', body: z.strictObject({ id: z.int(), by: z.string(), commandId: z.string() }) },
  },
  handler: ({ body, caller, commandId }, notes) => ({
    status: 201,
    body: { id: notes.add(body.text), by: caller.accountId, commandId },
  }),
})

const routes = [
  addNote,
  route({
    ...common,
    method: 'PUT',
    path: '/v1/notes/{list}',
    id: 'putNote',
    summary: 'Replaces a note',
    ifMatch: 'required',
    cookie: true,
    params: z.strictObject({ list: z.string() }),
    responses: { 200: { description: 'Replaced', body: z.strictObject({ seen: z.int().nullable() }) } },
    handler: ({ ifMatch }) => ({ status: 200, body: { seen: ifMatch ?? null } }),
  }),
  route({
    ...common,
    method: 'GET',
    path: '/v1/fail/{how}',
    id: 'fail',
    summary: 'Fails',
    reads: ['notes'],
    params: z.strictObject({ how: z.enum(['busy', 'bug', 'slow', 'undocumented', 'problem', 'fine']) }),
    responses: { 200: { description: 'Fine', body: z.strictObject({}) } },
    handler: async ({ params: { how }, signal }, notes) => {
      notes.add(how)
      if (how === 'busy') throw new GatewayBusy('secret')
      if (how === 'bug') throw new TypeError('secret')
      if (how === 'problem') throw new HttpProblem('http.forbidden', { detail: { remainingMs: 5 } })
      if (how === 'undocumented') return { status: 200, body: { more: 1 } as unknown as Record<string, never> }
      if (how === 'slow') await new Promise((_, reject) => signal.addEventListener('abort', reject))
      return { status: 200, body: {} }
    },
  }),
]

const errors = { ...httpErrors, ...commandErrors }

const start = async (t: TestContext, options: Partial<AppOptions> = {}, requestTimeoutMs = 20_000) => {
  const lines: string[] = []
  const seen: string[] = []
  const app = createApp({
    routes: bind(routes, { seen, add: (text) => seen.push(text) }),
    errors,
    clientAddress: clientAddress([]),
    originCheck: originCheck(['https://app.example.org']),
    logger: createLogger('test', 'debug', { write: (line) => lines.push(line) }),
    authenticate: async (token) => {
      if (token === 'bad') throw new HttpProblem('http.unauthenticated')
      const names = { handle: 'ada', displayName: 'Ada' }
      const mustChangePassword = token === 'fresh'
      const scopes = token === 'narrow' ? chatScopes : allScopes
      return {
        accountId: '7',
        sessionId: 's',
        ...names,
        platformRole: 'user',
        scopes,
        mustChangePassword,
        expiresAt: 0,
      }
    },
    limit: () => {},
    waitForPosition: async (_projection, token) => {
      if (token === 'channel.0.99') throw new HttpProblem('platform.behind')
    },
    timeoutMs: 50,
    verifyReplies: true,
    ...options,
  })
  const server = await listen(app, { port: 0, host: '127.0.0.1', requestTimeoutMs })
  t.after(() => server.close(0))
  const origin = `http://127.0.0.1:${server.port}`
  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(origin + path, init)
    const text = await response.text()
    const body = text === '' ? undefined : JSON.parse(text)
    if (response.status >= 400) {
      assert.equal(response.headers.get('content-type'), 'application/problem+json')
      Problem.parse(body)
      assert.equal(body.status, response.status)
      assert.equal(body.type, `/problems/${body.code}`)
    }
    return { status: response.status, headers: response.headers, body }
  }
  const post = (body: unknown, headers: Record<string, string> = {}, path = '/v1/notes/a') =>
    call(path, {
      method: 'POST',
      headers: { authorization: 'Bearer good', 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  return { call, post, lines, seen, server, port: server.port }
}

type Operation = {
  readonly responses: Readonly<Record<string, unknown>>
  readonly parameters: readonly { readonly name: string; readonly required: boolean }[]
}

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

const codeOf = async (answer: Promise<{ readonly status: number; readonly body: Problem }>) => {
  const { status, body } = await answer
  return `${status} ${body.code}`
}

test('a good request is answered as documented', async (t) => {
  const { post } = await start(t)
  const id = '0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b'
  const { status, headers, body } = await post({ text: 'hi' }, { 'idempotency-key': id.toUpperCase() })
  assert.equal(status, 201)
  assert.deepEqual(body, { id: 1, by: '7', commandId: id })
  assert.match(headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/)
  assert.equal(headers.get('cache-control'), 'no-store')
  assert.equal(headers.get('x-powered-by'), null)
})

test('each fault of a request has its code', async (t) => {
  const { post, call } = await start(t)
  assert.equal(await codeOf(post('{"text":"a","text":"b"}')), '400 http.malformed_json')
  assert.equal(await codeOf(post({ text: 'a', colour: 'red' })), '400 http.invalid_request')
  assert.equal(await codeOf(post('{"text":"a","__proto__":{"mark":1}}')), '400 http.invalid_request')
  assert.equal(await codeOf(post('')), '400 http.invalid_request')
  assert.equal(await codeOf(post({ text: 'a'.repeat(500) })), '413 http.body_too_large')
  assert.equal(await codeOf(post({ text: 'a' }, { 'content-type': 'text/plain' })), '415 http.unsupported_media_type')
  assert.equal(await codeOf(post({ text: 'a' }, { 'content-encoding': 'gzip' })), '415 http.unsupported_media_type')
  assert.equal(await codeOf(post({ text: 'a' }, { 'idempotency-key': 'abc' })), '400 http.invalid_idempotency_key')
  assert.equal(await codeOf(post({ text: 'a' }, { authorization: 'Basic x' })), '401 http.unauthenticated')
  assert.equal(await codeOf(post({ text: 'a' }, { authorization: 'Bearer bad' })), '401 http.unauthenticated')
  assert.equal(
    await codeOf(post({ text: 'a' }, { authorization: 'Bearer fresh' })),
    '403 http.password_change_required',
  )
  const narrow = post({ text: 'a' }, { authorization: 'Bearer narrow' })
  assert.equal(await codeOf(narrow), '403 http.insufficient_scope')
  assert.match((await narrow).headers.get('www-authenticate') ?? '', /error="insufficient_scope", scope="session"/)
  assert.equal(await codeOf(post({ text: 'a' }, {}, '/v1/notes/A1')), '400 http.invalid_request')
  assert.equal(await codeOf(post({ text: 'a' }, {}, '/v1/notes/%zz')), '400 http.malformed_request')
  assert.equal(await codeOf(post({ text: 'a' }, {}, '/v1/notes/a?loud=no&loud=yes')), '400 http.invalid_request')
  assert.equal(await codeOf(post({ text: 'a' }, {}, '/v1/notes/a?quiet=1')), '400 http.invalid_request')
  assert.equal(await codeOf(post({ text: 'a' }, {}, '/v1/notes/a?min-position=x')), '400 http.invalid_request')
  assert.equal(await codeOf(call('/v1/other')), '404 http.not_found')
  assert.equal(await codeOf(call('/v1/notes/a', { method: 'DELETE' })), '405 http.method_not_allowed')
  const { body } = await post({ text: 5, mark: 1.5 })
  assert.deepEqual(
    body.violations.map(({ at }: { readonly at: string }) => at),
    ['body/text', 'body/mark'],
  )
})

test('a change needs If-Match, and the cookie is not taken from a foreign page', async (t) => {
  const { call } = await start(t)
  const put = (headers: Record<string, string>) => call('/v1/notes/a', { method: 'PUT', headers })
  assert.equal(await codeOf(put({})), '428 http.precondition_required')
  assert.equal(await codeOf(put({ 'if-match': 'W/"1"' })), '400 http.invalid_request')
  assert.deepEqual((await put({ 'if-match': '"12"' })).body, { seen: 12 })
  assert.deepEqual((await put({ 'if-match': '*' })).body, { seen: null })
  assert.equal(await codeOf(put({ 'if-match': '*', origin: 'https://evil.example' })), '403 http.origin_refused')
})

test('errors keep documented codes, and tell nothing of the others', async (t) => {
  const { call, lines } = await start(t)
  const busy = await call('/v1/fail/busy')
  assert.equal(busy.body.code, 'platform.busy')
  assert.equal(busy.headers.get('retry-after'), '1')
  const forbidden = await call('/v1/fail/problem')
  assert.deepEqual(forbidden.body.context, { remainingMs: 5 })
  const bug = await call('/v1/fail/bug')
  assert.equal(bug.body.code, 'platform.internal')
  assert.ok(
    lines.some((line) => line.includes(bug.headers.get('x-request-id') ?? 'none') && line.includes('TypeError')),
  )
  assert.ok(!lines.join('').includes('secret'), 'what an error says is not logged')
  assert.ok(!JSON.stringify([busy, bug]).includes('secret'))
  assert.equal(await codeOf(call('/v1/fail/slow')), '504 platform.timeout')
  assert.equal(await codeOf(call('/v1/fail/undocumented')), '500 platform.internal')
})

test('a query waits for the position asked for, or says that it is behind', async (t) => {
  const { call } = await start(t)
  assert.equal((await call('/v1/fail/fine?min-position=channel.0.1')).status, 200)
  assert.equal(await codeOf(call('/v1/fail/fine?min-position=channel.0.99')), '503 platform.behind')
  const header = { headers: { 'min-position': 'channel.0.99' } }
  assert.equal(await codeOf(call('/v1/fail/fine', header)), '503 platform.behind')
  assert.equal(await codeOf(call('/v1/fail/fine?min-position=1;drop')), '400 http.invalid_request')
})

test('pages of allowed origins may call, others get no permission', async (t) => {
  const { call } = await start(t)
  const preflight = (origin: string) =>
    call('/v1/notes/a', { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } })
  const allowed = await preflight('https://app.example.org')
  assert.equal(allowed.status, 204)
  assert.equal(allowed.headers.get('access-control-allow-origin'), 'https://app.example.org')
  const foreign = await preflight('https://evil.example')
  assert.equal(foreign.headers.get('access-control-allow-origin'), null)
  assert.match(foreign.headers.get('allow') ?? '', /POST/)
})

test('one address with too many requests under way is told to wait, and others are not', () => {
  const crowd = createCrowd(3, 2)
  assert.equal(crowd.enter('2001:db8::1'), 'fits')
  assert.equal(crowd.enter('2001:db8::2'), 'fits')
  assert.equal(crowd.enter('2001:db8::3'), 'address full')
  crowd.leave('2001:db8::3')
  assert.equal(crowd.enter('10.0.0.1'), 'fits')
  assert.equal(crowd.enter('10.0.0.2'), 'full')
  crowd.leave('10.0.0.2')
  crowd.leave('2001:db8::1')
  assert.equal(crowd.enter('2001:db8::4'), 'fits')
  crowd.leave('10.0.0.1')
  assert.equal(crowd.enter('10.0.0.3', 2), 'full')
  crowd.leave('10.0.0.3', 2)
  assert.equal(crowd.enter('10.0.0.3'), 'fits')
})

test('slow requests of one address: its next is told so', async (t) => {
  const { call, seen } = await start(t, { maxOfAddress: 1, timeoutMs: 200 })
  const slow = call('/v1/fail/slow')
  await until(() => seen.includes('slow'))
  assert.equal(await codeOf(call('/v1/fail/fine')), '429 http.rate_limited')
  assert.equal(await codeOf(slow), '504 platform.timeout')
  assert.equal((await call('/v1/fail/fine')).status, 200)
})

test('more requests at once than the bound are refused', async (t) => {
  const { call, seen } = await start(t, { maxConcurrent: 1, timeoutMs: 200 })
  const slow = call('/v1/fail/slow')
  await until(() => seen.includes('slow'))
  assert.equal(await codeOf(call('/v1/fail/fine')), '503 platform.busy')
  assert.equal(await codeOf(slow), '504 platform.timeout')
})

test('what a file server refuses is the fault of who asked', async (t) => {
  const { call } = await start(t, { files: express.static(import.meta.dirname) })
  const get = (headers: Record<string, string>) => codeOf(call('/server.ts', { headers }))
  assert.equal(await get({ range: 'bytes=9999999-' }), '400 http.malformed_request')
  assert.equal(await get({ 'if-match': '"another"' }), '400 http.malformed_request')
})

test('the log has the pattern of a route, not what was asked', async (t) => {
  const { post, lines } = await start(t)
  await post({ text: 'private' }, {}, '/v1/notes/abc?loud=yes')
  const line = lines.map((each) => JSON.parse(each)).find(({ msg }) => msg === 'answered')
  assert.equal(line.route, '/v1/notes/{list}')
  assert.equal(line.status, 201)
  assert.ok(!/abc|private|loud|127\.0/.test(lines.join('')))
})

test('what input or allowances keep from being done is in the log by its code, with the id that the client was told', async (t) => {
  const { post, lines } = await start(t)
  const refused = await post({ text: 7 })
  const line = lines.map((each) => JSON.parse(each)).find(({ msg }) => msg === 'answered')
  assert.deepEqual([line.status, line.code], [400, 'http.invalid_request'])
  assert.equal(refused.headers.get('x-request-id'), line.requestId)
})

test('what is no HTTP gets a problem document too', async (t) => {
  const { port } = await start(t, {}, 200)
  const raw = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(text))
      const chunks: Buffer[] = []
      socket.on('data', (chunk) => chunks.push(chunk))
      socket.on('error', reject)
      socket.on('close', () => resolve(Buffer.concat(chunks).toString()))
    })
  assert.match(await raw('nonsense\r\n\r\n'), /400 Bad Request[\s\S]*http\.malformed_request/)
  assert.match(await raw('GET / HTTP/1.1\r\n\r\n'), /400 Bad Request[\s\S]*http\.malformed_request/)
  const expecting = 'GET / HTTP/1.1\r\nHost: a\r\nExpect: a miracle\r\n\r\n'
  assert.match(await raw(expecting), /^HTTP\/1\.1 417[\s\S]*http\.expectation_failed/)
  const long = `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`
  assert.match(await raw(long), /431[\s\S]*http\.headers_too_large/)
  const half =
    'POST /v1/notes/a HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer good\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{'
  assert.match(await raw(half), /^HTTP\/1\.1 408[\s\S]*http\.body_timeout/)
})

test('whatever comes to the door, it is never a 500', async (t) => {
  const { call } = await start(t)
  const header = fc.string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((c) => String.fromCharCode(c)),
    maxLength: 60,
  })
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.json(),
        fc.jsonValue().map((text) => JSON.stringify({ text })),
      ),
      fc.record(
        {
          'idempotency-key': header,
          'if-match': header,
          authorization: fc.oneof(header, fc.constant('Bearer x'), fc.constant('Bearer y')),
          cookie: header,
          origin: header,
          'x-forwarded-for': header,
          'min-position': header,
          traceparent: header,
          'x-csrf-token': header,
        },
        { requiredKeys: [] },
      ),
      fc.webPath(),
      fc.webQueryParameters(),
      fc.constantFrom('POST', 'PUT'),
      async (body, headers, path, query, method) => {
        const list = path === '' ? 'a' : encodeURIComponent(path)
        const { status } = await call(`/v1/notes/${list}?${query}`, {
          method,
          body,
          headers: { 'content-type': 'application/json', ...(headers as Record<string, string>) },
        })
        assert.ok(status < 500, `${status}`)
      },
    ),
    { numRuns: 150 },
  )
})

test('a server that closes answers what is under way and takes nothing new', async (t) => {
  const { call, server, port, seen } = await start(t, { timeoutMs: 200 })
  const slow = call('/v1/fail/slow')
  await until(() => seen.includes('slow'))
  const closed = server.close()
  await assert.rejects(fetch(`http://127.0.0.1:${port}/v1/fail/fine`))
  assert.equal(await codeOf(slow), '504 platform.timeout')
  await closed
})

test('the document of the routes says what they take and every status they answer', () => {
  const info = { title: 'notes', version: '1', description: '' }
  const operations = openApiDocument(routes, errors, info).paths as Record<string, Record<string, Operation>>
  const { post, put } = operations['/v1/notes/{list}'] ?? {}
  assert.ok(post && put)
  const statuses = '201 400 401 403 408 410 413 415 422 429 500 503 504 507'
  assert.equal(Object.keys(post.responses).sort().join(' '), statuses)
  assert.ok(Object.keys(put.responses).includes('428'))
  assert.deepEqual(
    post.parameters.map(({ name, required }) => [name, required]),
    [
      ['list', true],
      ['loud', false],
      ['Idempotency-Key', false],
    ],
  )
  assert.throws(() => openApiDocument([addNote, addNote], errors, info), /two routes/)
  assert.throws(() => openApiDocument([{ ...addNote, errors: ['notes.unknown'] }], errors, info), /notes.unknown/)
})
