import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { z } from 'zod'
import { createLogger, type Logger } from '#libs/telemetry/logger.ts'
import { until } from '#libs/testing/until.ts'
import { clientAddress } from './address.ts'
import { httpErrors } from './errors.ts'
import { listen } from './listen.ts'
import { openApiDocument } from './openapi.ts'
import { originCheck } from './origin.ts'
import { bind, routesOf } from './route.ts'
import { createApp } from './server.ts'

type Deps = { readonly run: (response: ServerResponse) => void | Promise<void>; readonly contentType: string }

const getTicks = routesOf<Deps>()({
  method: 'GET',
  path: '/v1/ticks',
  id: 'getTicks',
  tag: 'ticks',
  summary: 'Ticks for ever',
  auth: 'none',
  access: 'public',
  rate: 'read',
  responses: { 200: { description: 'Ticks', streams: { 'text/event-stream': z.string() } } },
  errors: [],
  handler: (_request, stream) => ({ status: 200, stream }),
})

const serve = async (
  t: { readonly after: (clean: () => unknown) => void },
  deps: Deps,
  logger: Logger = createLogger('test', 'silent'),
) => {
  const app = createApp({
    routes: bind([getTicks], deps),
    errors: httpErrors,
    clientAddress: clientAddress([]),
    originCheck: originCheck([]),
    logger,
    authenticate: () => assert.fail('nobody logs in'),
    limit: () => {},
    waitForPosition: async () => {},
    maxConcurrent: 2,
    verifyReplies: true,
  })
  const server = await listen(app, { port: 0, host: '127.0.0.1' })
  t.after(() => server.close(0))
  return `http://127.0.0.1:${server.port}/v1/ticks`
}

test('an answer that goes on is handed over once its head is sent, and takes no place from those that end', async (t) => {
  const open: ServerResponse[] = []
  const url = await serve(t, { contentType: 'text/event-stream', run: (response) => void open.push(response) })
  const streams = await Promise.all(Array.from({ length: 5 }, () => fetch(url)))
  assert.deepEqual(new Set(streams.map(({ status }) => status)), new Set([200]))
  assert.equal(streams[0]?.headers.get('content-type'), 'text/event-stream')
  for (const response of open) response.end('data: tick\n\n')
  assert.equal(await streams[0]?.text(), 'data: tick\n\n')
})

test('one that cannot be brought to its end is cut off, and the log says so by a code', async (t) => {
  const lines: Readonly<Record<string, unknown>>[] = []
  const logger = createLogger('test', 'info', { write: (line: string) => void lines.push(JSON.parse(line)) })
  const run = async (response: ServerResponse) => {
    response.write('data: tick\n\n')
    throw new Error('what somebody wrote')
  }
  const url = await serve(t, { contentType: 'text/event-stream', run }, logger)
  const response = await fetch(url)
  await assert.rejects(response.text(), 'a client notices that it has a part alone')
  await until(() => lines.length > 0)
  assert.deepEqual(
    lines.map(({ route, code }) => [route, code]),
    [['/v1/ticks', 'http.cut_off']],
  )
  assert.ok(!JSON.stringify(lines).includes('somebody'))
})

test('who asks for the head alone gets it, and nothing is run', async (t) => {
  const url = await serve(t, { contentType: 'text/event-stream', run: () => assert.fail('it is run') })
  const head = await fetch(url, { method: 'HEAD' })
  assert.deepEqual([head.status, head.headers.get('content-type')], [200, 'text/event-stream'])
})

test('a stream of a form that is not documented is refused where answers are verified', async (t) => {
  const url = await serve(t, { contentType: 'text/plain', run: () => assert.fail('it is run') })
  assert.equal((await fetch(url)).status, 500)
})

test('the document names the media types of a stream', () => {
  const document = openApiDocument([getTicks], httpErrors, { title: '', version: '', description: '' })
  assert.match(JSON.stringify(document), /"200":\{"description":"Ticks","content":\{"text\/event-stream"/)
})
