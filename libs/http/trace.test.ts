import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace'
import { createLogger } from '#libs/telemetry/logger.ts'
import { startTelemetry } from '#libs/telemetry/start.ts'
import { clientAddress } from './address.ts'
import { httpErrors } from './errors.ts'
import { listen } from './listen.ts'
import { originCheck } from './origin.ts'
import { bind, routesOf } from './route.ts'
import { createApp } from './server.ts'

test('a request goes on with the trace of its client, and hands it on', async (t) => {
  const spans = new InMemorySpanExporter()
  t.after(startTelemetry({ service: 'whiply-test', spanExporter: spans }))
  const handedOn: (string | undefined)[] = []
  const route = routesOf<typeof handedOn>()({
    method: 'GET',
    path: '/v1/traced',
    id: 'traced',
    tag: 'test',
    summary: 'Traced',
    auth: 'none',
    access: 'public',
    rate: 'read',
    responses: { 204: { description: 'Done' } },
    errors: [],
    handler: ({ traceparent }, seen) => {
      seen.push(traceparent)
      return { status: 204 }
    },
  })
  const app = createApp({
    routes: bind([route], handedOn),
    errors: httpErrors,
    clientAddress: clientAddress([]),
    originCheck: originCheck([]),
    logger: createLogger('test', 'silent'),
    authenticate: () => assert.fail('nobody logs in'),
    limit: () => {},
    waitForPosition: async () => {},
  })
  const server = await listen(app, { port: 0, host: '127.0.0.1' })
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` }
  await fetch(`http://127.0.0.1:${server.port}/v1/traced`, { headers })
  await server.close(0)
  const [span] = spans.getFinishedSpans()
  assert.equal(span?.name, 'http')
  assert.equal(span?.spanContext().traceId, traceId)
  assert.deepEqual(span?.attributes, { route: '/v1/traced', method: 'GET', status: 204 })
  assert.deepEqual(handedOn, [`00-${traceId}-${span?.spanContext().spanId}-01`])
})
