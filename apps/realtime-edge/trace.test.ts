import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace'
import { uuidv7 } from '#libs/journal/ids.ts'
import { startTelemetry } from '#libs/telemetry/start.ts'
import { openSocket } from '#libs/testing/socket.ts'
import { until } from '#libs/testing/until.ts'
import { channel, createWorld } from './edge.fixtures.ts'

test("a post and its delivery are stages of the client's own trace", async (t) => {
  const spans = new InMemorySpanExporter()
  t.after(startTelemetry({ service: 'test', spanExporter: spans }))
  const socket = await openSocket(t, (await createWorld().edge(t)).port)
  socket.send({ type: 'auth', token: 'ada' })
  socket.send({ type: 'join', channel })
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
  const traceparent = `00-${traceId}-00f067aa0ba902b7-01`
  socket.send({ type: 'post', id: uuidv7(), channel, text: 'traced', traceparent })
  await socket.next('outcome')
  await until(() => spans.getFinishedSpans().length === 2)
  const [deliver, post] = spans.getFinishedSpans()
  assert.deepEqual([deliver?.name, post?.name], ['deliver', 'post'])
  assert.deepEqual([deliver?.spanContext().traceId, post?.spanContext().traceId], [traceId, traceId])
  assert.equal(deliver?.parentSpanContext?.spanId, post?.spanContext().spanId)
})
