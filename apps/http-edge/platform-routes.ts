import { z } from 'zod'
import { scopes } from '#libs/access/scopes.ts'
import { usualBodyBytes } from '#libs/http/body.ts'
import { NumericId, Position, Timestamp, timestamp, Uuidv7 } from '#libs/http/ids.ts'
import { type ErrorTable, HttpProblem, problemType } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import { pagePolicy } from '#libs/http/security-headers.ts'
import { type DocsFile, docsFiles } from './docs.ts'
import { realtimeAddress } from './realtime-address.ts'

export type CommandStatus = {
  readonly commandId: string
  readonly commandType: string
  readonly status: 'accepted' | 'rejected'
  readonly code: string | null
  readonly detail: Readonly<Record<string, string | number | boolean>>
  readonly at: number
  readonly position: string
}

/** What the platform's own routes stand on. */
export type PlatformEdge = {
  readonly publicRealtimeUrl: string
  readonly version: string
  /** The log's id: numbers of another epoch count for nothing. */
  readonly epoch: string
  readonly errors: ErrorTable
  readonly openApiJson: string
  readonly commandOutcome: (principal: string, commandId: string) => Promise<CommandStatus | undefined>
}

const route = routesOf<PlatformEdge>()
const common = { tag: 'platform', auth: 'none', access: 'public', rate: 'read', errors: [] } as const

const getConfig = route({
  ...common,
  method: 'GET',
  path: '/v1/config',
  id: 'getConfig',
  summary: 'What a client needs to know before anything else',
  responses: {
    200: {
      description: 'Addresses and limits',
      body: z
        .strictObject({
          version: z.string(),
          epoch: z.string().meta({ description: 'The id of the log that the numbers of channels belong to' }),
          realtimeUrl: z.string().meta({ description: 'The live socket: schemas/asyncapi.yaml' }),
          lobby: z.string().meta({ description: 'The slug of the channel that everybody may read' }),
          limits: z.strictObject({ textCodePoints: z.int(), bodyBytes: z.int(), pageSize: z.int() }),
        })
        .meta({ id: 'Config' }),
    },
  },
  handler: ({ header }, { publicRealtimeUrl, version, epoch }) => ({
    status: 200,
    body: {
      version,
      epoch,
      realtimeUrl: `${realtimeAddress(publicRealtimeUrl, header('host'))}/v1/live`,
      lobby: 'lobby',
      limits: { textCodePoints: 512, bodyBytes: usualBodyBytes, pageSize: 200 },
    },
  }),
})

const getCommand = route({
  ...common,
  method: 'GET',
  path: '/v1/commands/{commandId}',
  id: 'getCommand',
  summary: 'What came of a command, for a day; to whoever sent it',
  description: 'A registration is asked for with the id of the account, since nobody is logged in yet.',
  auth: 'optional',
  scopes: scopes,
  params: z.strictObject({ commandId: Uuidv7 }),
  query: z.strictObject({ account: NumericId.optional().meta({ description: 'Of a registration' }) }),
  responses: {
    200: {
      description: 'Its outcome',
      body: z
        .strictObject({
          commandId: Uuidv7,
          status: z.enum(['accepted', 'rejected']),
          code: z.string().nullable().meta({ description: 'Why it was rejected' }),
          context: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
          at: Timestamp,
          position: Position,
        })
        .meta({ id: 'CommandOutcome' }),
    },
  },
  errors: ['http.not_found', 'http.unauthenticated'],
  handler: async ({ params: { commandId }, query, caller }, edge) => {
    const principal = caller?.accountId ?? query.account
    if (principal === undefined) throw new HttpProblem('http.unauthenticated')
    const outcome = await edge.commandOutcome(principal, commandId)
    const isOwn = caller !== undefined || outcome?.commandType === 'ClaimHandle'
    if (!outcome || !isOwn) {
      throw new HttpProblem('http.not_found', {
        message: 'No outcome of that id: it is still under way, was another caller’s, or is older than a day.',
      })
    }
    const { status, code, detail, at, position } = outcome
    return { status: 200, body: { commandId, status, code, context: detail, at: timestamp(at), position } }
  },
})

const getProblem = route({
  ...common,
  method: 'GET',
  path: '/problems/{code}',
  id: 'getProblem',
  summary: 'What a code means, and what can be done about it',
  params: z.strictObject({ code: z.string().regex(/^[a-z_]+\.[a-z_]+$/) }),
  responses: {
    200: {
      description: 'The code',
      body: z.strictObject({
        type: z.string(),
        code: z.string(),
        status: z.int(),
        title: z.string(),
        remedy: z.string(),
      }),
    },
  },
  errors: ['http.not_found'],
  handler: ({ params: { code } }, { errors }) => {
    const entry = Object.hasOwn(errors, code) ? errors[code] : undefined
    if (!entry) throw new HttpProblem('http.not_found')
    const { status, title, remedy } = entry
    return { status: 200, body: { type: problemType(code), code, status, title, remedy } }
  },
})

const getOpenApi = route({
  ...common,
  method: 'GET',
  path: '/openapi.json',
  id: 'getOpenApi',
  summary: 'This API as an OpenAPI 3.1 document',
  responses: {
    200: { description: 'The document', body: z.string(), contentType: 'application/vnd.oai.openapi+json' },
  },
  handler: (_request, { openApiJson }) => ({
    status: 200,
    headers: { 'Cache-Control': 'public, max-age=60' },
    body: openApiJson,
  }),
})

const docsReply = ({ text }: DocsFile) =>
  ({
    status: 200,
    headers: { 'Content-Security-Policy': pagePolicy([]), 'Cache-Control': 'no-cache' },
    body: text,
  }) as const

const docsRoutes = docsFiles.map((file) =>
  route({
    ...common,
    method: 'GET',
    path: file.path,
    id: file.id,
    summary: file.summary,
    responses: { 200: { description: 'The file', body: z.string(), contentType: file.contentType } },
    handler: () => docsReply(file),
  }),
)

/** What belongs to no context: addresses, outcomes, and the documentation itself. */
export const platformRoutes = [getConfig, getCommand, getProblem, getOpenApi, ...docsRoutes]
