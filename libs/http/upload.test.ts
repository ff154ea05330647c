import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createLogger } from '#libs/telemetry/logger.ts'
import { clientAddress } from './address.ts'
import { httpErrors } from './errors.ts'
import { listen } from './listen.ts'
import { openApiDocument } from './openapi.ts'
import { originCheck } from './origin.ts'
import { bind, routesOf } from './route.ts'
import { createApp } from './server.ts'

const route = routesOf<undefined>()

const routes = [
  route({
    method: 'PUT',
    path: '/v1/echo',
    id: 'echo',
    tag: 'echo',
    summary: 'Answers with what it was sent',
    auth: 'none',
    access: 'public',
    rate: 'write',
    upload: { types: ['image/png', 'image/gif'], limitBytes: 64 },
    responses: { 200: { description: 'The same', bytes: 'image/png' } },
    errors: [],
    handler: ({ upload }) => ({ status: 200, body: upload }),
  }),
]

const start = async (t: TestContext) => {
  const app = createApp({
    routes: bind(routes, undefined),
    errors: httpErrors,
    clientAddress: clientAddress([]),
    originCheck: originCheck([]),
    logger: createLogger('test', 'silent'),
    authenticate: () => Promise.reject(new Error('nobody asks')),
    limit: () => {},
    waitForPosition: async () => {},
    verifyReplies: true,
  })
  const server = await listen(app, { port: 0, host: '127.0.0.1' })
  t.after(() => server.close(0))
  return (body: Uint8Array<ArrayBuffer>, headers: Record<string, string>) =>
    fetch(`http://127.0.0.1:${server.port}/v1/echo`, { method: 'PUT', body, headers })
}

test('bytes come in and go out as they are, and are not to be sniffed', async (t) => {
  const put = await start(t)
  const bytes = Uint8Array.from({ length: 64 }, (_, index) => index * 4)
  const answer = await put(bytes, { 'content-type': 'Image/PNG; x=y' })
  assert.deepEqual(
    [answer.status, answer.headers.get('content-type'), answer.headers.get('x-content-type-options')],
    [200, 'image/png', 'nosniff'],
  )
  assert.deepEqual(new Uint8Array(await answer.arrayBuffer()), bytes)
})

test('another type, a packed body and too much of it are refused', async (t) => {
  const put = await start(t)
  const codeOf = async (length: number, headers: Record<string, string>) => {
    const answer = await put(new Uint8Array(length), headers)
    const { code } = (await answer.json()) as { readonly code: string }
    return `${answer.status} ${code}`
  }
  assert.equal(await codeOf(4, { 'content-type': 'image/svg+xml' }), '415 http.unsupported_media_type')
  assert.equal(await codeOf(4, {}), '415 http.unsupported_media_type')
  assert.equal(
    await codeOf(4, { 'content-type': 'image/png', 'content-encoding': 'gzip' }),
    '415 http.unsupported_media_type',
  )
  assert.equal(await codeOf(65, { 'content-type': 'image/png' }), '413 http.body_too_large')
})

test('documentation names the types of both', () => {
  const document = openApiDocument(routes, httpErrors, { title: 'echo', version: '1', description: '' })
  type Operation = { readonly requestBody: unknown; readonly responses: Readonly<Record<string, unknown>> }
  const { put } = (document.paths as Record<string, Record<string, Operation>>)['/v1/echo'] ?? {}
  assert.deepEqual(put?.requestBody, { required: true, content: { 'image/png': {}, 'image/gif': {} } })
  assert.deepEqual(put?.responses['200'], {
    description: 'The same',
    content: { 'image/png': {} },
  })
})
