import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { type IMetricReader, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { BatchSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace'
import { meters } from './instruments.ts'
import type { Logger } from './logger.ts'

export type OtlpOptions = {
  /** `http://collector:4318`, without a slash at its end. */
  readonly endpoint: string
  readonly logger: Pick<Logger, 'info' | 'warn'>
  readonly metricsEveryMs?: number
  readonly spansEveryMs?: number
  /** For one batch, however often it is tried. */
  readonly sendWithinMs?: number
}

/** Spans that wait to be sent; more are dropped. */
const MOST_SPANS = 2_048
const SPANS_OF_A_BATCH = 512

type Signal = 'traces' | 'metrics'

/** What may be said of a failure: a status, a code, or words of the exporter; those of whoever answered are left out. */
const reasonOf = (error: Error = new Error('unknown')): string | number =>
  (error as { readonly code?: string | number }).code ?? (error.name === 'Error' ? error.message : error.name)

/** Tells an operator once that nothing arrives any more, and once that it does again. */
const teller = (signal: Signal, logger: OtlpOptions['logger']) => {
  let failing = false
  return ({ code, error }: ExportResult): void => {
    const failed = code !== ExportResultCode.SUCCESS
    if (failed === failing) return
    failing = failed
    if (!failed) {
      logger.info({ signal }, 'the collector takes telemetry again')
      return
    }
    meters().alarms.add(1, { code: 'telemetry.export_failed' })
    logger.warn(
      { code: 'telemetry.export_failed', signal, error: reasonOf(error) },
      'the collector does not take telemetry: it is dropped until it does',
    )
  }
}

type Exporter<Items> = { export: (items: Items, done: (result: ExportResult) => void) => void }

/** Tells every result of the exporter as well. */
const watch = <Items>(exporter: Exporter<Items>, tell: (result: ExportResult) => void): void => {
  const send = exporter.export.bind(exporter)
  exporter.export = (items, done) =>
    send(items, (result) => {
      tell(result)
      done(result)
    })
}

/**
 * Sends metrics and spans to a collector: OTLP over HTTP in JSON, spans in batches every second. Whoever makes a span never
 * waits: what the collector does not take in time is dropped.
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export const otlp = ({
  endpoint,
  logger,
  metricsEveryMs = 15_000,
  spansEveryMs = 1_000,
  sendWithinMs = 5_000,
}: OtlpOptions): { readonly reader: IMetricReader; readonly processor: SpanProcessor } => {
  const bounds = { timeoutMillis: sendWithinMs, concurrencyLimit: MOST_SPANS / SPANS_OF_A_BATCH }
  const metrics = new OTLPMetricExporter({ ...bounds, url: `${endpoint}/v1/metrics` })
  const traces = new OTLPTraceExporter({ ...bounds, url: `${endpoint}/v1/traces` })
  watch(metrics, teller('metrics', logger))
  watch(traces, teller('traces', logger))
  return {
    reader: new PeriodicExportingMetricReader({
      exporter: metrics,
      exportIntervalMillis: metricsEveryMs,
      exportTimeoutMillis: Math.min(metricsEveryMs, sendWithinMs),
    }),
    processor: new BatchSpanProcessor({
      exporter: traces,
      maxQueueSize: MOST_SPANS,
      maxExportBatchSize: SPANS_OF_A_BATCH,
      scheduledDelayMillis: spansEveryMs,
      exportTimeoutMillis: sendWithinMs,
    }),
  }
}
