import { z } from 'zod'
import { ownerAlone } from '#libs/access/scopes.ts'
import { documentedErrors } from './documented-errors.ts'
import { type ErrorTable, Problem } from './problem.ts'
import type { RouteDocument } from './route.ts'

type JsonObject = Record<string, unknown>

/** What is named and shared, gathered while the paths are written. */
type Components = { readonly schemas: Map<string, unknown>; readonly responses: Map<string, unknown> }

/**
 * The OpenAPI 3.1 document of these routes, made of the very schemas by which requests are parsed. Throws where two
 * routes share an id, or where a route names a code that the table does not hold.
 */
export const openApiDocument = (
  routes: readonly RouteDocument[],
  errors: ErrorTable,
  info: { readonly title: string; readonly version: string; readonly description: string },
  tokenCodes: readonly string[] = [],
): JsonObject => {
  const components: Components = { schemas: new Map(), responses: new Map() }
  const ids = new Set<string>()
  const paths: Record<string, JsonObject> = {}
  for (const route of routes) {
    if (ids.has(route.id)) throw new Error(`two routes are called ${route.id}`)
    ids.add(route.id)
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operation(route, errors, tokenCodes, components),
    }
  }
  jsonSchema(Problem, 'output', components)
  return {
    openapi: '3.1.0',
    info,
    paths,
    components: {
      schemas: sorted(components.schemas),
      responses: sorted(components.responses),
      securitySchemes: {
        accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        session: { type: 'apiKey', in: 'cookie', name: 'whiply_session' },
      },
    },
  }
}

const operation = (
  route: RouteDocument,
  errors: ErrorTable,
  tokenCodes: readonly string[],
  components: Components,
): JsonObject => ({
  operationId: route.id,
  tags: [route.tag],
  summary: route.summary,
  ...(route.description !== undefined && { description: route.description }),
  ...securityOf(route),
  parameters: [
    ...parameters('path', route.params, components),
    ...parameters('query', route.query, components),
    ...headerParameters(route),
  ],
  ...(route.body && {
    requestBody: {
      required: true,
      content: { 'application/json': { schema: jsonSchema(route.body, 'input', components) } },
    },
  }),
  ...(route.upload && {
    requestBody: {
      required: true,
      content: Object.fromEntries(route.upload.types.map((type) => [type, binary])),
    },
  }),
  responses: {
    ...successes(route, components),
    ...failures(documentedErrors(route, tokenCodes), route.id, errors, components),
  },
})

/** Bytes, whose form the media type says (OpenAPI 3.1, section 4.8.14.1). */
const binary: JsonObject = {}

const securityOf = (route: RouteDocument): JsonObject => {
  if (route.cookie && route.auth === 'none') return { security: [{ session: [] }] }
  if (route.auth === 'none') return { security: [] }
  // Each requirement stands for itself: one of the scopes is enough.
  const tokens = (route.scopes ?? ownerAlone).map((scope) => ({ accessToken: [scope] }))
  return { security: route.auth === 'optional' ? [{}, ...tokens] : tokens }
}

const parameters = (place: 'path' | 'query', schema: z.ZodObject | undefined, components: Components): JsonObject[] =>
  Object.entries(schema?.shape ?? {}).map(([name, field]) => {
    const type = field as z.ZodType
    return {
      name,
      in: place,
      required: place === 'path' || !type.safeParse(undefined).success,
      ...(type.description !== undefined && { description: type.description }),
      schema: jsonSchema(type, 'input', components),
    }
  })

const headerParameters = (route: RouteDocument): JsonObject[] => [
  ...(route.command
    ? [
        header('Idempotency-Key', 'A UUIDv7: sent again with it, a command is done once. Minted here without.', {
          type: 'string',
          format: 'uuid',
        }),
      ]
    : []),
  ...(route.ifMatch
    ? [header('If-Match', 'The ETag that was seen last, or `*`.', { type: 'string' }, route.ifMatch === 'required')]
    : []),
  ...(route.reads
    ? [
        {
          name: 'min-position',
          in: 'query',
          required: false,
          description: 'A `Position` of an earlier answer: what is read has seen it. Also as the header Min-Position.',
          schema: { type: 'string' },
        },
      ]
    : []),
]

const header = (name: string, description: string, schema: JsonObject, required = false): JsonObject => ({
  name,
  in: 'header',
  required,
  description,
  schema,
})

const successes = (route: RouteDocument, components: Components): JsonObject =>
  Object.fromEntries(
    Object.entries(route.responses).map(([status, { description, body, contentType, bytes, headers, streams }]) => [
      status,
      {
        description,
        ...(headers && {
          headers: Object.fromEntries(
            Object.entries(headers).map(([name, text]) => [name, { description: text, schema: { type: 'string' } }]),
          ),
        }),
        ...(body && {
          content: { [contentType ?? 'application/json']: { schema: jsonSchema(body, 'output', components) } },
        }),
        ...(bytes !== undefined && { content: { [bytes]: binary } }),
        ...(streams && {
          content: Object.fromEntries(
            Object.entries(streams).map(([type, message]) => [
              type,
              { schema: jsonSchema(message, 'output', components) },
            ]),
          ),
        }),
      },
    ]),
  )

/** One response for each status that a problem can have, which names the codes. */
const failures = (
  codes: readonly string[],
  routeId: string,
  errors: ErrorTable,
  components: Components,
): JsonObject => {
  const byStatus = Map.groupBy(codes, (code) => {
    const entry = errors[code]
    if (!entry) throw new Error(`${routeId} names ${code}, which is in no table of errors`)
    return entry.status
  })
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [status, shared(codes, failure(codes, errors), components)]),
  )
}

const failure = (codes: readonly string[], errors: ErrorTable): JsonObject => ({
  description: codes.map((code) => `\`${code}\`: ${errors[code]?.title}`).join('  \n'),
  content: {
    'application/problem+json': {
      schema: {
        allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { enum: codes } } }],
      },
    },
  },
})

/** Those of one or two codes come with nearly every route, so they are written once. */
const shared = (codes: readonly string[], response: JsonObject, { responses }: Components): JsonObject => {
  if (codes.length > 2) return response
  const name = codes.join('-')
  responses.set(name, response)
  return { $ref: `#/components/responses/${name}` }
}

const sorted = (named: ReadonlyMap<string, unknown>): JsonObject =>
  Object.fromEntries([...named].sort(([a], [b]) => (a < b ? -1 : 1)))

/** The schema as JSON Schema 2020-12, with named schemas moved to the components. */
const jsonSchema = (schema: z.ZodType, io: 'input' | 'output', components: Components): unknown => {
  const { $schema: _, $defs, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io }) as JsonObject
  for (const [name, definition] of Object.entries(($defs ?? {}) as JsonObject)) {
    const { id: _id, ...moved } = moveReferences(definition) as JsonObject
    components.schemas.set(name, moved)
  }
  return moveReferences(rest)
}

const moveReferences = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(moveReferences)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === '$ref' && typeof member === 'string'
        ? member.replace('#/$defs/', '#/components/schemas/')
        : moveReferences(member),
    ]),
  )
}
