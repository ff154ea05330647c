import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace'
import { gauge, meters } from './instruments.ts'
import { createLogger } from './logger.ts'
import { startOpsServer } from './ops.ts'
import { startTelemetry } from './start.ts'
import { beginStage, continueStage } from './trace.ts'

const get = async (port: number, path: string) => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`)
  return { status: response.status, text: await response.text() }
}

test('without an exporter a stage has no trace and costs nothing', () => {
  const stage = beginStage('command')
  assert.equal(stage.traceparent, undefined)
  assert.equal(continueStage('decide', stage.traceparent), stage)
})

test('stages of one command are one trace, and metrics are served', async (t) => {
  const spans = new InMemorySpanExporter()
  const stop = startTelemetry({ service: 'whiply-test', spanExporter: spans })
  t.after(stop)

  const command = beginStage('command')
  const decide = continueStage('decide', command.traceparent)
  decide.end({ code: 'chat.timed_out' }, new Error('no'))
  command.end()
  const [inner, outer] = spans.getFinishedSpans()
  assert.equal(inner?.name, 'decide')
  assert.equal(inner?.parentSpanContext?.spanId, outer?.spanContext().spanId)
  assert.equal(inner?.spanContext().traceId, outer?.spanContext().traceId)
  assert.equal(continueStage('deliver', undefined).traceparent, undefined)
  assert.match(beginStage('command', 'not a traceparent').traceparent ?? '', /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)

  let ready = false
  const removeGauge = gauge('whiply_lag_records', 'Records behind', () => [
    { value: 3, attributes: { family: 'channel' } },
  ])
  t.after(removeGauge)
  const ops = await startOpsServer({ port: 0, ready: () => ready })
  t.after(ops.close)
  meters().outcomes.add(2, { family: 'channel', kind: 'accepted' })
  assert.deepEqual(await get(ops.port, '/healthz'), { status: 200, text: 'ok\n' })
  assert.equal((await get(ops.port, '/readyz')).status, 503)
  ready = true
  assert.equal((await get(ops.port, '/readyz')).status, 200)
  const { text } = await get(ops.port, '/metrics')
  assert.match(text, /whiply_outcomes_total\{[^}]*kind="accepted"[^}]*\} 2/)
  assert.match(text, /whiply_lag_records\{family="channel"\} 3/)
  assert.equal((await get(ops.port, '/other')).status, 404)
})

test('readiness that throws is not ready', async (t) => {
  const ops = await startOpsServer({
    port: 0,
    ready: () => {
      throw new Error('engine away')
    },
  })
  t.after(ops.close)
  assert.equal((await get(ops.port, '/readyz')).status, 503)
})

test('a secret that rides in a logged object is masked', () => {
  const lines: string[] = []
  const logger = createLogger('test', 'info', { write: (line) => lines.push(line) })
  logger.info({ request: { password: 'hunter2' } }, 'login')
  assert.ok(!lines.join('').includes('hunter2'))
  assert.match(lines.join(''), /\[masked\]/)
})
