import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace'
import { ingestGauges } from '#apps/ingest/gauges.ts'
import { projectionsOf } from '#apps/projector/projections.ts'
import { call, joinLive, lobbyOf, register } from '#apps/realtime-edge/people.fixtures.ts'
import { startWhole } from '#apps/realtime-edge/whole.fixtures.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { meters } from '#libs/telemetry/instruments.ts'
import { startOpsServer } from '#libs/telemetry/ops.ts'
import { startTelemetry } from '#libs/telemetry/start.ts'
import { inReverse } from '#libs/testing/in-reverse.ts'
import { otlpCollector } from '#libs/testing/otlp-collector.ts'
import { exposedBy, missingFrom } from '#libs/testing/promql.ts'
import { until } from '#libs/testing/until.ts'
import { diskGauges } from '../disk-gauges.ts'
import { alertQueries, dashboardQueries } from './dashboards.fixtures.ts'

/** What a journal has of a post, as far as a read model needs it to know whether the post concerns it. */
const posted = {
  family: 'channel',
  outcome: { kind: 'accepted', events: [{ type: 'MessagePosted', version: 1, bytes: Buffer.alloc(0) }], summary: {} },
} as unknown as OutcomeRecord

/** Of a post every read model is told that it concerns. */
const readModels = projectionsOf({ prefetch: async () => {}, open: () => undefined, forget: () => {} })
  .filter(({ families, concerns }) => families.includes('channel') && (concerns?.(posted) ?? true))
  .map(({ name }) => `decide > project ${name}`)
  .sort()

const clientSpan = '00f067aa0ba902b7'

/** The stages of one trace: the name of each, and of the one that it came of. */
const stagesOf = (spans: readonly ReadableSpan[]): readonly string[] => {
  const names = new Map([
    [clientSpan, 'client'],
    ...spans.map((span) => [span.spanContext().spanId, span.name] as const),
  ])
  return spans.map((span) => `${names.get(span.parentSpanContext?.spanId ?? '')} > ${span.name}`).sort()
}

/** What `/metrics` must show, by the beginnings of its lines, once somebody has registered, posted and been refused. */
const metrics = [
  ...['http', 'edge', 'send', 'decide', 'append', 'deliver', 'project'].map(
    (stage) => `whiply_stage_seconds_count{stage="${stage}"`,
  ),
  ...['projection', 'manager', 'http_edge', 'realtime_edge'].flatMap((reader) => [
    `whiply_${reader}_lag_records{`,
    `whiply_${reader}_lag_seconds{`,
  ]),
  'whiply_decider_queued ',
  'whiply_commands_pending{app="realtime-edge"} 0',
  'whiply_commands_oldest_pending_seconds{app="http-edge"} 0',
  'whiply_passwords_waiting 0',
  'whiply_connections 1',
  'whiply_ring_bytes ',
  'whiply_outcomes_total{family="account",kind="accepted"}',
  'whiply_outcomes_total{family="channel",kind="rejected",code="channel.text_blank"} 1',
  'whiply_claims_total{family="channel"} 2',
  'whiply_deliveries_total ',
  'whiply_requests_total{route="/v1/accounts",method="POST",status="201"} 2',
  'whiply_questions_total{question="getChannel",status="200"} 1',
  'whiply_questions_total{question="none",status="404"} 1',
]

test('what a client sends', { timeout: 120_000 }, async (test) => {
  const t = inReverse(test)
  const spans = new InMemorySpanExporter()
  const collector = await otlpCollector(t)
  const often = { metricsEveryMs: 500, spansEveryMs: 50 }
  t.after(startTelemetry({ service: 'test', spanExporter: spans, otlpEndpoint: collector.endpoint, otlp: often }))
  const { config, url, livePort: port } = await startWhole(t)
  t.after(await diskGauges(config))
  const ops = await startOpsServer({ port: 0, ready: () => true })
  t.after(ops.close)
  const [ada, channel] = [await register(url, { handle: 'ada' }), await lobbyOf(url)]
  const socket = await joinLive(t, { port, channel, member: ada })
  const page = async () => (await fetch(`http://127.0.0.1:${ops.port}/metrics`)).text()
  const trace = (id: string) => spans.getFinishedSpans().filter((span) => span.spanContext().traceId === id)

  await test.test(
    'is one trace: from its frame over command, decision and journal to the frames and read models of others',
    async () => {
      const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
      const traceparent = `00-${traceId}-${clientSpan}-01`
      socket.send({ type: 'post', id: uuidv7(), channel, text: 'traced', traceparent })
      await socket.next('outcome')
      const expected = [
        'client > post',
        'decide > append',
        'decide > deliver',
        ...readModels,
        'post > send',
        'send > decide',
      ]
      // Managers look at it too, whichever there are.
      const stages = () => stagesOf(trace(traceId)).filter((stage) => !stage.includes('manage'))
      await until(() => stages().length >= expected.length)
      assert.deepEqual(stages(), expected)
      const collected = () => collector.spans.filter((span) => span.traceId === traceId)
      await until(() => collected().length >= trace(traceId).length)
      assert.deepEqual(
        collected()
          .map(({ name, spanId, parentSpanId }) => [name, spanId, parentSpanId])
          .sort(),
        trace(traceId)
          .map((span) => [span.name, span.spanContext().spanId, span.parentSpanContext?.spanId])
          .sort(),
      )
    },
  )

  await test.test('is one trace over HTTP too, with what a process manager makes of it', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    const headers = { traceparent: `00-${traceId}-${clientSpan}-01` }
    const body = { handle: 'bob', password: 'correct horse battery' }
    assert.equal((await call(url, 'POST', '/v1/accounts', { headers, body })).status, 201)
    const wanted = ['client > http', 'http > send', 'decide > manage handles', 'manage handles > send']
    const missing = () => wanted.filter((stage) => !stagesOf(trace(traceId)).includes(stage))
    await until(() => missing().length === 0).catch(() => assert.deepEqual(missing(), []))
  })

  await test.test('is measured at every stage', async () => {
    socket.send({ type: 'post', id: uuidv7(), channel, text: '\u{200b}' })
    assert.equal((await socket.next('outcome', ({ status }) => status === 'rejected')).code, 'channel.text_blank')
    for (const query of ['getChannel', 'getRich']) {
      socket.send({ type: 'query', id: uuidv7(), query, params: { channelId: channel } })
      await socket.next('answer')
    }
    const lines = (await page()).split('\n')
    assert.deepEqual(
      metrics.filter((metric) => !lines.some((line) => line.startsWith(metric))),
      [],
    )
  })
  await test.test('is counted for the collector too', async () => {
    const exposed = new Set(exposedBy(await page()).keys())
    const names = () =>
      [...collector.metrics.values()].flatMap(({ name, histogram }) => (histogram ? `${name}_count` : name))
    await until(() => names().includes('whiply_outcomes_total') && names().includes('whiply_connections'))
    assert.deepEqual(
      names().filter((name) => !exposed.has(name)),
      [],
    )
    assert.deepEqual(collector.problems, [])
  })

  await test.test('is what the dashboard and the alerts ask for', async () => {
    // What a healthy whiply never counts; the types hold all who count to these attributes.
    meters().voidRecords.add(1, { family: 'channel', partition: 0 })
    meters().sendFailures.add(1, { family: 'channel' })
    meters().parked.add(1, { projection: 'messages' })
    meters().alarms.add(1, { code: 'readmodel.parked' })
    meters().closes.add(1, { reason: 'slowConsumer' })
    meters().mediaRequests.add(1, { result: 'hit' })
    meters().ingestBytes.add(1)
    meters().encodersRefused.add(1, { reason: 'media' })
    test.after(ingestGauges({ encoders: () => 1, broadcasts: () => 1 }))
    const exposed = exposedBy(await page())
    const queries = [...dashboardQueries(), ...alertQueries()]
    assert.ok(queries.length > 40)
    assert.deepEqual(
      queries.flatMap((query) => missingFrom(exposed, query)),
      [],
    )
  })

  await test.test('is decided while the collector says nothing', async () => {
    collector.set('hang')
    const before = collector.requests()
    await until(() => collector.requests() > before)
    const id = uuidv7()
    socket.send({ type: 'post', id, channel, text: 'without a collector' })
    assert.equal((await socket.next('outcome', (outcome) => outcome.id === id)).status, 'accepted')
  })
})
