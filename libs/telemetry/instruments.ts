import { type Attributes, type Counter, type Histogram, metrics, type ObservableGauge } from '@opentelemetry/api'

/** Bucket bounds in seconds that tell 1 ms from 3 ms, since the whole way of a message is meant to take less than 5. */
const latencyBuckets = [
  0.0005, 0.001, 0.002, 0.003, 0.004, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
]

/**
 * The metrics of whiply, all in one place; the types hold whoever counts to the attributes. Names follow Prometheus: base
 * units, counters end in `_total`.
 */
export type Instruments = {
  /** Seconds in one stage: attribute `stage` is `edge`, `send`, `decide`, `append`, `deliver`, `project`, `publish` or `http`. */
  readonly stageSeconds: Histogram<{ readonly stage: string; readonly projection?: string }>
  /** Outcomes by `family`, `kind` and, for rejections, `code`. */
  readonly outcomes: Counter<{ readonly family: string; readonly kind: string; readonly code?: string }>
  /** Void records by `family` and `partition`: each is an owner that wrote too late. */
  readonly voidRecords: Counter<{ readonly family: string; readonly partition: number }>
  /** Sends to a journal that failed or timed out, by `family`: each ends a claim. */
  readonly sendFailures: Counter<{ readonly family: string }>
  /** Claims appended, by `family`. */
  readonly claims: Counter<{ readonly family: string }>
  /** Records parked by `projection`. */
  readonly parked: Counter<{ readonly projection: string }>
  /** Events published, by `topic`. */
  readonly published: Counter<{ readonly topic: string }>
  /** Frames handed to sockets. */
  readonly deliveries: Counter<Record<string, never>>
  /** Sockets closed by the edge, by `reason`. */
  readonly closes: Counter<{ readonly reason: string }>
  /** Requests by `route`, `method` and `status`. */
  readonly requests: Counter<{ readonly route: string; readonly method: string; readonly status: number }>
  /** Queries and commands over sockets, by the `question` that they name, `none` where there is no such, and `status` as over HTTP. */
  readonly questions: Counter<{ readonly question: string; readonly status: number }>
  /** Requests for live video at an edge: `hit` of the cache, `joined` to one under way, `fetched`, or `refused`. */
  readonly mediaRequests: Counter<{ readonly result: string }>
  /** Bytes that encoders have sent. */
  readonly ingestBytes: Counter<Record<string, never>>
  /** Encoders that were not let in, or let go, by `reason`. */
  readonly encodersRefused: Counter<{ readonly reason: string }>
  /** Errors that need an operator, by `code`. */
  readonly alarms: Counter<{ readonly code: string }>
}

let instruments: Instruments | undefined

/** The instruments of this process; without effect until `startTelemetry` was called. */
export const meters = (): Instruments => {
  instruments ??= createInstruments()
  return instruments
}

/** Forgets the instruments, so that the next use makes them with the provider that is set by then. */
export const resetMeters = (): void => {
  instruments = undefined
}

const createInstruments = (): Instruments => {
  const meter = metrics.getMeter('whiply')
  return {
    stageSeconds: meter.createHistogram('whiply_stage_seconds', {
      description: 'Time in one stage of the way of a command',
      advice: { explicitBucketBoundaries: latencyBuckets },
    }),
    outcomes: meter.createCounter('whiply_outcomes_total', { description: 'Outcomes written to the journal' }),
    voidRecords: meter.createCounter('whiply_void_records_total', { description: 'Journal records that are void' }),
    sendFailures: meter.createCounter('whiply_send_failures_total', { description: 'Sends to a journal that failed' }),
    claims: meter.createCounter('whiply_claims_total', { description: 'Claims appended' }),
    parked: meter.createCounter('whiply_parked_total', { description: 'Records that a projection could not apply' }),
    published: meter.createCounter('whiply_published_total', { description: 'Events published to public topics' }),
    deliveries: meter.createCounter('whiply_deliveries_total', { description: 'Frames handed to sockets' }),
    closes: meter.createCounter('whiply_closes_total', { description: 'Sockets closed by the edge' }),
    requests: meter.createCounter('whiply_requests_total', { description: 'HTTP requests answered' }),
    questions: meter.createCounter('whiply_questions_total', { description: 'Queries and commands over sockets' }),
    mediaRequests: meter.createCounter('whiply_media_requests_total', { description: 'Requests for live video' }),
    ingestBytes: meter.createCounter('whiply_ingest_bytes_total', { description: 'Bytes that encoders have sent' }),
    encodersRefused: meter.createCounter('whiply_encoders_refused_total', {
      description: 'Encoders that were not let in',
    }),
    alarms: meter.createCounter('whiply_alarms_total', { description: 'Errors that need an operator' }),
  }
}

export type Reading = { readonly value: number; readonly attributes?: Attributes }

/**
 * A gauge that is read when metrics are collected: lag in seconds and records, queue depths, connections.
 * The function returned takes it away again.
 */
export const gauge = (name: string, description: string, read: () => readonly Reading[]): (() => void) => {
  const observable: ObservableGauge = metrics.getMeter('whiply').createObservableGauge(name, { description })
  const observe: Parameters<ObservableGauge['addCallback']>[0] = (result) => {
    for (const { value, attributes } of read()) result.observe(value, attributes)
  }
  observable.addCallback(observe)
  return () => observable.removeCallback(observe)
}

/** How far behind the end of a journal's partition somebody is who reads it. */
export type Lag = {
  readonly family: string
  readonly partition: number
  readonly records: number
  readonly seconds: number
}

/**
 * Gauges of a reader: `<name>_lag_records` and `<name>_lag_seconds`, for each partition that it reads. The function
 * returned takes them away again.
 */
export const lagGauges = (name: string, lag: () => readonly Lag[], attributes: Attributes = {}): (() => void) => {
  const read = (unit: 'records' | 'seconds') => () =>
    lag().map(({ family, partition, ...behind }) => ({
      value: behind[unit],
      attributes: { ...attributes, family, partition },
    }))
  const removers = [
    gauge(`${name}_lag_records`, 'Journal records that are still to be read', read('records')),
    gauge(`${name}_lag_seconds`, 'Age of the record that was read last, 0 at the end of the journal', read('seconds')),
  ]
  return () => {
    for (const remove of removers) remove()
  }
}
