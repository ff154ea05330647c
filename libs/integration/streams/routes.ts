import { z } from 'zod'
import { preferredType } from '#libs/http/accept.ts'
import { addressBlock } from '#libs/http/address.ts'
import { NumericId } from '#libs/http/ids.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import type { IntegrationEdge } from '../http-edge.ts'
import type { PublicTopic } from '../public-topic.ts'
import { publicSchemas } from '../schemas.ts'
import { publicTopics } from '../topics.ts'
import { type Begin, parseBegin } from './begin.ts'
import { type FormatName, formats } from './format.ts'

const route = routesOf<IntegrationEdge>()

const MOST_CHANNELS = 100
const MOST_TYPES = 50
/** A position has up to 8 bytes for each of at most 1024 partitions, in base64url. */
const LONGEST_POSITION = 11_000

const From = z
  .string()
  .min(1)
  .max(LONGEST_POSITION)
  .transform((text, context): Begin => {
    const begin = parseBegin(text)
    if (begin) return begin
    context.addIssue({ code: 'custom', message: 'is no time that there is' })
    return z.NEVER
  })

const Channels = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(NumericId).max(MOST_CHANNELS))

const Types = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.string().regex(/^[A-Za-z]\w{0,63}$/)).max(MOST_TYPES))

/** One event of a stream: a CloudEvent in structured mode, its data as the catalogue describes it. */
const Event = z
  .object({
    specversion: z.literal('1.0'),
    id: z.string().meta({ description: 'The same as on the topic; with `source` unique for ever' }),
    source: z.string().meta({ examples: ['urn:uuid:0197d2c5-7a40-7c3e-9d7b-3f0a5c1e8b21'] }),
    type: z.string().meta({ examples: ['whiply.public.chat.v1.MessagePosted'] }),
    subject: z.string().meta({ description: 'The channel' }),
    time: z.string(),
    datacontenttype: z.literal('application/json'),
    dataschema: z.string().optional(),
    traceparent: z.string().optional(),
    data: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: 'PublicEvent' })

const Line = z.union([
  Event.extend({ position: z.string() }),
  z.strictObject({
    notice: z.enum(['opened', 'heartbeat', 'slow-consumer', 'closing', 'gone', 'logged-out']),
    position: z.string(),
  }),
])

/** The topic of a name: `chat.v1`, or `chat` for the first of them. */
const topicOf = (name: string): PublicTopic => {
  const found = publicTopics.find((topic) => topic.name === name || topic.topic === `whiply.public.${name}`)
  if (found === undefined) throw new HttpProblem('http.not_found')
  return found
}

const knownTypes = Map.groupBy(publicSchemas(), ({ topic }) => topic)

const checkTypes = ({ topic }: PublicTopic, types: readonly string[] = []): void => {
  const known = new Set(knownTypes.get(topic)?.map(({ type }) => type))
  const strange = types.filter((type) => !known.has(type))
  if (strange.length > 0)
    throw new HttpProblem('http.invalid_request', {
      violations: [{ at: 'query/type', message: `is one of ${[...known].join(', ')}` }],
    })
}

const names: readonly FormatName[] = ['sse', 'ndjson']

const formatOf = (asked: FormatName | undefined, accept: string | undefined): FormatName => {
  if (asked) return asked
  const type = preferredType(accept, [formats.sse.mediaType, formats.ndjson.mediaType])
  const name = names.find((name) => formats[name].mediaType === type)
  if (name === undefined) throw new HttpProblem('http.not_acceptable')
  return name
}

const setOf = (values: readonly string[] | undefined) => (values ? new Set(values) : undefined)

const getStream = route({
  method: 'GET',
  path: '/v1/streams/{name}',
  id: 'getStream',
  tag: 'public topics',
  summary: 'A public topic as it happens, or from earlier on',
  description:
    'Events in the order of their channel, each once, and only what is committed. As server-sent events `id` is the ' +
    'position behind the event, and `data` the event; as NDJSON it stands in `position` of each line. Whoever was cut ' +
    'goes on with Last-Event-ID, which a browser sends by itself and which counts before `from`. A stream that ends ' +
    'tells why, with the position: `slow-consumer`, `closing`, `gone` or `logged-out`, as the event or as `notice`.',
  auth: 'optional',
  access: 'public',
  scopes: ['chat:read'],
  rate: 'read',
  params: z.strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z-]{0,31}(\.v[1-9]\d{0,2})?$/)
      .meta({ description: 'Of the topic: `chat` or `chat.v1`', examples: ['chat'] }),
  }),
  query: z.strictObject({
    from: From.optional().meta({
      description: '`earliest`, `latest` (by default), a time (RFC 3339), or a position that a stream gave.',
    }),
    channel: Channels.optional().meta({ description: 'Only these channels: ids, separated by commas.' }),
    type: Types.optional().meta({ description: 'Only these types: `MessagePosted,MessageDeleted`.' }),
    format: z.enum(['sse', 'ndjson']).optional().meta({ description: 'Counts before Accept.' }),
  }),
  responses: {
    200: {
      description: 'The stream',
      streams: { [formats.sse.mediaType]: Event, [formats.ndjson.mediaType]: Line },
    },
  },
  errors: [
    'http.not_found',
    'http.not_acceptable',
    'integration.invalid_position',
    'integration.position_gone',
    'integration.too_many_streams',
  ],
  handler: async ({ params, query, caller, address, header, signal }, edge) => {
    if (edge.streamsFor === 'nobody') throw new HttpProblem('http.not_found')
    if (edge.streamsFor === 'accounts' && !caller) throw new HttpProblem('http.unauthenticated')
    const topic = topicOf(params.name)
    checkTypes(topic, query.type)
    const format = formatOf(query.format, header('accept'))
    const lastEventId = header('last-event-id')
    const begin: Begin = lastEventId ? { kind: 'position', token: lastEventId } : (query.from ?? { kind: 'latest' })
    const stream = await edge.streams.open({
      topic,
      begin,
      filter: {
        channels: setOf(query.channel),
        types: setOf(query.type),
        // A browser that goes on by Last-Event-ID asks for the time as before: other partitions may stand before it yet.
        since: query.from?.kind === 'time' ? query.from.at : undefined,
      },
      format,
      client: caller ? `account ${caller.accountId}` : `address ${addressBlock(address)}`,
      mayGoOn: () => !caller || !edge.isRevoked(caller),
      signal,
    })
    // Proxies that gather an answer before they hand it on would hold a stream back for ever.
    return { status: 200, headers: { 'X-Accel-Buffering': 'no' }, stream }
  },
})

export const streamRoutes = [getStream]
