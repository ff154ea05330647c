import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type CollectorManner, otlpCollector } from '#libs/testing/otlp-collector.ts'
import { until } from '#libs/testing/until.ts'
import { meters } from './instruments.ts'
import { createLogger } from './logger.ts'
import { startTelemetry } from './start.ts'
import { beginStage, continueStage } from './trace.ts'

/** Telemetry of this process towards a collector, and what an operator is told. */
const exporting = async (t: TestContext, sendWithinMs = 200) => {
  const collector = await otlpCollector(t)
  const lines: { readonly level: number; readonly code?: string; readonly signal: string; readonly error?: unknown }[] =
    []
  const logger = createLogger('test', 'info', { write: (line) => lines.push(JSON.parse(line)) })
  const end = startTelemetry({
    service: 'whiply-test',
    otlpEndpoint: collector.endpoint,
    logger,
    otlp: { metricsEveryMs: 50, spansEveryMs: 20, sendWithinMs },
  })
  let ended: Promise<void> | undefined
  const stop = () => {
    ended ??= end()
    return ended
  }
  t.after(stop)
  return { collector, lines, stop }
}

test('spans and metrics arrive as OTLP knows them', async (t) => {
  const { collector, lines, stop } = await exporting(t)
  const outer = beginStage('post', undefined, { family: 'channel', partition: 3 })
  continueStage('decide', outer.traceparent).end({ code: 'chat.timed_out' }, new TypeError('what somebody wrote'))
  outer.end()
  meters().claims.add(2, { family: 'channel' })
  meters().stageSeconds.record(0.004, { stage: 'decide' })
  await until(() => collector.spans.length === 2 && collector.metrics.has('whiply_claims_total'))

  const [decide, post] = collector.spans
  assert.deepEqual([decide?.name, decide?.parentSpanId, decide?.traceId], ['decide', post?.spanId, post?.traceId])
  assert.deepEqual([post?.attributes, post?.service], [{ family: 'channel', partition: 3 }, 'whiply-test'])
  assert.deepEqual([decide?.status, post?.status], [{ code: 2, message: 'TypeError' }, { code: 0 }])
  assert.ok(post && post.endTimeUnixNano >= post.startTimeUnixNano && post.startTimeUnixNano > 1.7e18)

  const claims = collector.metrics.get('whiply_claims_total')
  assert.deepEqual(
    [
      claims?.service,
      claims?.sum?.isMonotonic,
      claims?.sum?.dataPoints.map((each) => [each.attributes, each.asDouble]),
    ],
    ['whiply-test', true, [[{ family: 'channel' }, 2]]],
  )
  const histogram = collector.metrics.get('whiply_stage_seconds')?.histogram?.dataPoints[0]
  assert.deepEqual([histogram?.count, histogram?.sum, histogram?.attributes], [1, 0.004, { stage: 'decide' }])
  assert.equal(histogram?.bucketCounts.length, (histogram?.explicitBounds.length ?? 0) + 1)
  const memory = collector.metrics.get('whiply_memory_bytes')?.gauge?.dataPoints
  assert.ok(
    memory?.some(({ attributes, asDouble, asInt }) => attributes.kind === 'rss' && Number(asDouble ?? asInt) > 1e6),
  )

  beginStage('last words').end()
  await stop()
  assert.equal(collector.spans.at(-1)?.name, 'last words')
  assert.deepEqual([collector.problems, lines], [[], []])
})

const reasons: Readonly<Record<Exclude<CollectorManner, 'take'>, unknown>> = {
  refuse: 'OTLPExporterError',
  hang: 'Request timed out',
  away: 'ECONNRESET',
}

for (const manner of ['refuse', 'hang', 'away'] as const)
  test(`a collector that does ${manner} holds nobody up, is told once, and is served again`, async (t) => {
    const { collector, lines } = await exporting(t)
    collector.set(manner)
    for (let span = 0; span < 20_000; span++) beginStage('post').end()
    const warned = (signal: string) => lines.filter((line) => line.level === 40 && line.signal === signal)
    await until(() => warned('traces').length > 0 && warned('metrics').length > 0, { timeoutMs: 20_000 })
    const asked = collector.requests()
    await until(() => collector.requests() > asked, { timeoutMs: 20_000 })
    for (const signal of ['traces', 'metrics']) {
      assert.equal(warned(signal).length, 1, signal)
      assert.equal(warned(signal)[0]?.code, 'telemetry.export_failed')
    }
    assert.equal(warned('traces')[0]?.error, reasons[manner])
    collector.set('take')
    await until(
      () => {
        beginStage('after').end()
        return collector.spans.some(({ name }) => name === 'after') && collector.metrics.has('whiply_alarms_total')
      },
      { timeoutMs: 20_000 },
    )
    assert.ok(collector.spans.filter(({ name }) => name === 'post').length <= 2 * 2_048, 'what waits is bounded')
    const again = () => lines.filter(({ level }) => level === 30).map(({ signal }) => signal)
    await until(() => new Set(again()).size === 2)
    assert.deepEqual(new Set(again()), new Set(['metrics', 'traces']))
  })

test('an end waits two seconds for a collector, and no longer', async (t) => {
  const { collector, stop } = await exporting(t, 60_000)
  collector.set('hang')
  beginStage('never sent').end()
  await until(() => collector.requests() > 0)
  const began = performance.now()
  await stop()
  assert.ok(performance.now() - began < 10_000)
})
