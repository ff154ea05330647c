import {
  type Attributes,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'

/** A stage of a trace that is under way. Without tracing, or without a parent, it costs nothing. */
export type Stage = {
  /** To hand on in record headers; undefined where there is no trace. */
  readonly traceparent: string | undefined
  readonly end: (attributes?: Attributes, error?: Error) => void
}

let enabled = false

/** Called by `startTelemetry`: without an exporter no span is ever made. */
export const enableTracing = (on: boolean): void => {
  enabled = on
}

const nothing: Stage = { traceparent: undefined, end: () => {} }

/** W3C Trace Context, section 3.2: version 00, trace id, parent id, flags. */
const traceparentPattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/

const parse = (traceparent: string): SpanContext | undefined => {
  const match = traceparentPattern.exec(traceparent)
  if (!match?.[1] || !match[2] || !match[3]) return undefined
  return {
    traceId: match[1],
    spanId: match[2],
    traceFlags: Number.parseInt(match[3], 16) & TraceFlags.SAMPLED,
    isRemote: true,
  }
}

const format = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`

/** Begins a trace, or goes on with the caller's: for edges, where a command comes in. */
export const beginStage = (name: string, parent?: string, attributes?: Attributes): Stage => {
  if (!enabled) return nothing
  const context = parent === undefined ? undefined : parse(parent)
  const span = trace
    .getTracer('whiply')
    .startSpan(
      name,
      { kind: SpanKind.INTERNAL, ...(attributes && { attributes }) },
      context ? trace.setSpanContext(ROOT_CONTEXT, context) : ROOT_CONTEXT,
    )
  return {
    traceparent: format(span.spanContext()),
    end: (more, error) => {
      if (more) span.setAttributes(more)
      if (error) {
        span.recordException(error)
        span.setStatus({ code: SpanStatusCode.ERROR, message: error.name })
      }
      span.end()
    },
  }
}

/** Goes on with a trace that came in a record's headers; does nothing where there is none. */
export const continueStage = (name: string, parent: string | undefined, attributes?: Attributes): Stage =>
  parent === undefined ? nothing : beginStage(name, parent, attributes)
