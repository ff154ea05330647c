import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { type IMetricReader, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { NodeSDK } from '@opentelemetry/sdk-node'
import {
  BatchSpanProcessor,
  SimpleSpanProcessor,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace'
import { resetMeters } from './instruments.ts'
import { servePrometheus } from './ops.ts'
import { enableTracing } from './trace.ts'

export type TelemetryOptions = {
  readonly service: string
  /** OTLP over HTTP, `http://collector:4318`; traces and metrics are exported there, nothing without it. */
  readonly otlpEndpoint?: string | undefined
  /** For tests: spans go here as well, as they end. */
  readonly spanExporter?: SpanExporter
}

/**
 * Starts metrics (for `/metrics`) and, where there is somewhere to send them, traces. Once per process, before the apps.
 * The function returned flushes and stops.
 */
export const startTelemetry = ({ service, otlpEndpoint, spanExporter }: TelemetryOptions): (() => Promise<void>) => {
  const prometheus = new PrometheusExporter({
    preventServerStart: true,
    withoutTargetInfo: true,
    withoutScopeInfo: true,
  })
  const metricReaders: IMetricReader[] = [prometheus]
  const spanProcessors: SpanProcessor[] = spanExporter ? [new SimpleSpanProcessor({ exporter: spanExporter })] : []
  if (otlpEndpoint) {
    const base = otlpEndpoint.replace(/\/$/, '')
    metricReaders.push(
      new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter({ url: `${base}/v1/metrics` }) }),
    )
    spanProcessors.push(new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: `${base}/v1/traces` }) }))
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
  enableTracing(spanProcessors.length > 0)
  return async () => {
    enableTracing(false)
    await sdk.shutdown()
  }
}
