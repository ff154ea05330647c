import { setTimeout as sleep } from 'node:timers/promises'
import { metrics, trace } from '@opentelemetry/api'
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus'
import { resourceFromAttributes } from '@opentelemetry/resources'
import type { IMetricReader } from '@opentelemetry/sdk-metrics'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { SimpleSpanProcessor, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace'
import { resetMeters } from './instruments.ts'
import { createLogger } from './logger.ts'
import { servePrometheus } from './ops.ts'
import { type OtlpOptions, otlp } from './otlp.ts'
import { observeProcess } from './process.ts'
import { enableTracing } from './trace.ts'

export type TelemetryOptions = {
  readonly service: string
  /** OTLP over HTTP, `http://collector:4318`; traces and metrics are exported there, nothing without it. */
  readonly otlpEndpoint?: string | undefined
  /** Told when the collector does not take what is exported. */
  readonly logger?: OtlpOptions['logger']
  /** For tests, which do not wait for long. */
  readonly otlp?: Partial<OtlpOptions>
  /** For tests: spans go here as well, as they end. */
  readonly spanExporter?: SpanExporter
}

/** An end waits no longer for a collector. */
const STOP_WITHIN_MS = 2_000

/**
 * Starts metrics (for `/metrics`) and, where there is somewhere to send them, traces. Once per process, before the apps.
 * The function returned sends what is left, within two seconds, and stops.
 */
export const startTelemetry = ({ service, otlpEndpoint, ...options }: TelemetryOptions): (() => Promise<void>) => {
  const prometheus = new PrometheusExporter({
    preventServerStart: true,
    withoutTargetInfo: true,
    withoutScopeInfo: true,
  })
  const metricReaders: IMetricReader[] = [prometheus]
  const spanProcessors: SpanProcessor[] = options.spanExporter
    ? [new SimpleSpanProcessor({ exporter: options.spanExporter })]
    : []
  if (otlpEndpoint) {
    const { logger = createLogger(service, 'warn') } = options
    const { reader, processor } = otlp({ endpoint: otlpEndpoint.replace(/\/$/, ''), logger, ...options.otlp })
    metricReaders.push(reader)
    spanProcessors.push(processor)
  }
  const sdk = new NodeSDK({
    resource: resourceFromAttributes({ 'service.name': service }),
    autoDetectResources: false,
    metricReaders,
    spanProcessors,
    logRecordProcessors: [],
    instrumentations: [],
  })
  sdk.start()
  resetMeters()
  servePrometheus(prometheus)
  const removeGauges = observeProcess()
  enableTracing(spanProcessors.length > 0)
  return async () => {
    enableTracing(false)
    const waited = new AbortController()
    // What a collector has not taken by then is lost, and has been told; it is no reason to end in another way.
    const sent = sdk.shutdown().catch(() => {})
    await Promise.race([sent, sleep(STOP_WITHIN_MS, undefined, { signal: waited.signal }).catch(() => {})])
    waited.abort()
    removeGauges()
    // So that a later start of this process finds the places of the providers free.
    trace.disable()
    metrics.disable()
  }
}
