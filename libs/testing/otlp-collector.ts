import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'

/**
 * A stand-in for a collector that speaks OTLP over HTTP in JSON, strictly: what it does not know it answers with 400, and
 * keeps. https://opentelemetry.io/docs/specs/otlp/#otlphttp-request and opentelemetry-proto, `trace.proto`, `metrics.proto`
 * in their mapping to JSON: ids in hex, 64-bit integers as text or numbers, enumerations as numbers.
 */

const integer64 = z.union([z.string().regex(/^-?\d+$/), z.int()]).transform(Number)
const traceId = z.string().regex(/^[0-9a-f]{32}$/)
const spanId = z.string().regex(/^[0-9a-f]{16}$/)

const anyValue = z
  .strictObject({
    stringValue: z.string(),
    boolValue: z.boolean(),
    intValue: integer64,
    doubleValue: z.number(),
  })
  .partial()
  .transform((value) => value.stringValue ?? value.boolValue ?? value.intValue ?? value.doubleValue)

const attributes = z
  .array(z.strictObject({ key: z.string(), value: anyValue }))
  .default([])
  .transform((pairs) => Object.fromEntries(pairs.map(({ key, value }) => [key, value])))

const dropped = z.int().optional()
const resource = z.strictObject({ attributes, droppedAttributesCount: dropped })
const scope = z.strictObject({ name: z.string(), version: z.string().optional() })

const span = z.strictObject({
  traceId,
  spanId,
  parentSpanId: spanId.optional(),
  traceState: z.string().optional(),
  flags: z.int().optional(),
  name: z.string(),
  kind: z.int().min(1).max(5),
  startTimeUnixNano: integer64,
  endTimeUnixNano: integer64,
  attributes,
  droppedAttributesCount: dropped,
  events: z.array(
    z.strictObject({ timeUnixNano: integer64, name: z.string(), attributes, droppedAttributesCount: dropped }),
  ),
  droppedEventsCount: dropped,
  links: z.array(z.unknown()),
  droppedLinksCount: dropped,
  status: z.strictObject({ code: z.int().min(0).max(2), message: z.string().optional() }),
})

const point = { attributes, startTimeUnixNano: integer64, timeUnixNano: integer64 }
const numberPoint = z.strictObject({ ...point, asInt: integer64.optional(), asDouble: z.number().optional() })
const histogramPoint = z.strictObject({
  ...point,
  count: integer64,
  sum: z.number().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  bucketCounts: z.array(integer64),
  explicitBounds: z.array(z.number()),
})

/** 2 is cumulative. */
const temporality = z.literal(2)
const metric = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  unit: z.string().optional(),
  gauge: z.strictObject({ dataPoints: z.array(numberPoint) }).optional(),
  sum: z
    .strictObject({
      dataPoints: z.array(numberPoint),
      aggregationTemporality: temporality,
      isMonotonic: z.boolean(),
    })
    .optional(),
  histogram: z.strictObject({ dataPoints: z.array(histogramPoint), aggregationTemporality: temporality }).optional(),
})

const schemaUrl = z.string().optional()
const traceRequest = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({
      resource,
      scopeSpans: z.array(z.strictObject({ scope, spans: z.array(span), schemaUrl })),
      schemaUrl,
    }),
  ),
})
const metricsRequest = z.strictObject({
  resourceMetrics: z.array(
    z.strictObject({
      resource,
      scopeMetrics: z.array(z.strictObject({ scope, metrics: z.array(metric), schemaUrl })),
      schemaUrl,
    }),
  ),
})

export type CollectedSpan = z.infer<typeof span> & { readonly service: unknown }
export type CollectedMetric = z.infer<typeof metric> & { readonly service: unknown }

/** What it does with requests: `refuse` answers 503, `hang` never answers, `away` ends connections. */
export type CollectorManner = 'take' | 'refuse' | 'hang' | 'away'

export type OtlpCollector = {
  readonly endpoint: string
  readonly spans: readonly CollectedSpan[]
  /** The last export of each metric. */
  readonly metrics: ReadonlyMap<string, CollectedMetric>
  /** Why requests were not understood. */
  readonly problems: readonly string[]
  /** Requests that came in, whatever was done with them. */
  readonly requests: () => number
  readonly set: (manner: CollectorManner) => void
}

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString())
}

/** Starts a collector; it ends with the test. */
export const otlpCollector = async (t: Pick<TestContext, 'after'>): Promise<OtlpCollector> => {
  const spans: CollectedSpan[] = []
  const metrics = new Map<string, CollectedMetric>()
  const problems: string[] = []
  const hanging: ServerResponse[] = []
  let manner: CollectorManner = 'take'
  let requests = 0

  const take = (path: string | undefined, body: unknown): void => {
    if (path === '/v1/traces') {
      for (const { resource, scopeSpans } of traceRequest.parse(body).resourceSpans)
        for (const one of scopeSpans.flatMap((each) => each.spans))
          spans.push({ ...one, service: resource.attributes['service.name'] })
    } else if (path === '/v1/metrics') {
      for (const { resource, scopeMetrics } of metricsRequest.parse(body).resourceMetrics)
        for (const one of scopeMetrics.flatMap((each) => each.metrics))
          metrics.set(one.name, { ...one, service: resource.attributes['service.name'] })
    } else throw new Error(`nothing is sent to ${path}`)
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests++
    if (manner === 'away') return void request.socket.destroy()
    if (manner === 'hang') return void hanging.push(response)
    if (manner === 'refuse') return void response.writeHead(503, { 'retry-after': '1' }).end()
    try {
      if (request.headers['content-type'] !== 'application/json') throw new Error('it is not sent as JSON')
      take(request.url, await bodyOf(request))
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    } catch (error) {
      problems.push(String(error))
      response.writeHead(400).end()
    }
  }

  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => {
    // A request that is cut off is sent again and again, one that is refused is not.
    for (const response of hanging) response.writeHead(400).end()
    server.close()
    await setImmediate()
    server.closeAllConnections()
  })
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    metrics,
    problems,
    requests: () => requests,
    set: (next) => {
      manner = next
      if (next === 'away') server.closeAllConnections()
    },
  }
}
