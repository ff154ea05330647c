import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { preferredType } from '#libs/http/accept.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import { pagePolicy } from '#libs/http/security-headers.ts'
import type { IntegrationEdge } from '../http-edge.ts'
import { cataloguePage } from './page.ts'

const route = routesOf<IntegrationEdge>()
const common = { tag: 'public topics', auth: 'none', access: 'public', rate: 'read', method: 'GET' } as const
const style = readFileSync(new URL('catalogue.css', import.meta.url), 'utf8')

const Field = z.strictObject({
  name: z.string(),
  type: z.string().meta({ description: 'In words' }),
  avro: z.unknown().meta({ description: 'As its schema has it' }),
  doc: z.string(),
  example: z.unknown(),
  since: z.string().meta({ description: 'The release from which on it was there' }),
})

const Type = z.strictObject({
  type: z.string(),
  subject: z.string().meta({ description: 'In the schema registry, and `type` of the CloudEvent' }),
  doc: z.string(),
  since: z.string(),
  version: z.int().meta({ description: 'Of its schema, the newest' }),
  fields: z.array(Field).readonly(),
  example: z.record(z.string(), z.unknown()),
})

const Topic = z.strictObject({
  name: z.string(),
  topic: z.string().meta({ description: 'In Kafka' }),
  doc: z.string(),
  key: z.string(),
  retentionDays: z.int(),
  compatibility: z.literal('FULL_TRANSITIVE'),
  since: z.string(),
  ofSomeChannels: z.string().meta({ description: 'In Kafka, for an integrator of some channels only' }),
  stream: z.string().meta({ description: 'Its path over HTTP' }),
  types: z.array(Type).readonly(),
})

const getCatalogue = route({
  ...common,
  path: '/catalogue',
  id: 'getCatalogue',
  summary: 'What others may subscribe to: a page',
  responses: {
    200: { description: 'The page', body: z.string(), contentType: 'text/html' },
    303: { description: 'To the same as data, for who would rather have JSON', headers: { Location: 'Where that is' } },
  },
  errors: ['http.not_acceptable'],
  handler: ({ header }, { catalogue }) => {
    const type = preferredType(header('accept'), ['text/html', 'application/json'])
    if (type === undefined) throw new HttpProblem('http.not_acceptable')
    if (type === 'application/json') return { status: 303, headers: { Location: '/catalogue.json', Vary: 'Accept' } }
    const headers = { 'Content-Security-Policy': pagePolicy([]), 'Cache-Control': 'no-cache', Vary: 'Accept' }
    return { status: 200, headers, body: cataloguePage(catalogue) }
  },
})

const getCatalogueData = route({
  ...common,
  path: '/catalogue.json',
  id: 'getCatalogueData',
  summary: 'What others may subscribe to, as data',
  responses: {
    200: {
      description: 'Each topic, type of event and field',
      body: z.strictObject({ topics: z.array(Topic).readonly() }).meta({ id: 'Catalogue' }),
    },
  },
  errors: [],
  handler: (_request, { catalogue }) => ({
    status: 200,
    headers: { 'Cache-Control': 'public, max-age=60' },
    body: catalogue,
  }),
})

const getCatalogueStyle = route({
  ...common,
  path: '/catalogue.css',
  id: 'getCatalogueStyle',
  summary: 'The style of that page',
  responses: { 200: { description: 'The file', body: z.string(), contentType: 'text/css' } },
  errors: [],
  handler: () => ({ status: 200, headers: { 'Cache-Control': 'no-cache' }, body: style }),
})

export const catalogueRoutes = [getCatalogue, getCatalogueData, getCatalogueStyle]
